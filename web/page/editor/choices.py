"""What a reader chooses for an issue: its name, its sections, its days and its design."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from newsletter.config import Design, NewsletterConfig, SectionConfig
from newsletter.toml_file import first_fault
from rag.date_input import parse_since
from rag.errors import UsageError
from rag.question.tags import tags_of
from rag.wording import N_, _, language, translated
from web.page.periods import EVERYTHING, Period, periods_of

if TYPE_CHECKING:
    from rag.desk import Desk

USUAL_TITLE = N_("The news in quotes")
MAIN_SECTION = N_("The main stories")
MOST_SECTIONS = 20


class Choices(BaseModel):
    """What stands in the view's form; `after` and `before` are ISO dates.

    `sections` has a line for each: its heading and, behind a colon, what it is about where the heading does not say it.
    Without a line there is one section, of the main stories. `tags`, with commas between them, limit every section.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: Annotated[str, Field(max_length=200)] = ""
    sections: Annotated[str, Field(max_length=4_000)] = ""
    tags: Annotated[str, Field(max_length=500)] = ""
    after: Annotated[str, Field(max_length=10)] = ""
    before: Annotated[str, Field(max_length=10)] = ""
    design: Design = "classic"
    stories: Annotated[int, Field(ge=1, le=20)] = 5


def read_choices(values: dict[str, Any]) -> Choices:
    """What the page's script sent; raises `UsageError` for what cannot be used."""
    try:
        return Choices.model_validate(values)
    except ValidationError as error:
        raise UsageError(_("{fault}; correct the form and make the issue again", fault=first_fault(error))) from error


def letter_periods(desk: Desk) -> tuple[Period, ...]:
    """The periods to choose from; "everything" begins with the day of the oldest article."""
    first = desk.status().first_published
    begin = first.astimezone(UTC).date().isoformat() if first else ""
    offered = periods_of(desk)
    last = offered[0].before if offered else ""
    return tuple(
        Period(name=one.name, after=begin, before=last, days=one.days, is_first=one.is_first)
        if one.name == EVERYTHING
        else one
        for one in offered
    )


def first_choices(desk: Desk, base: NewsletterConfig | None) -> Choices:
    """What the form begins with: the operator's newsletter where there is one, else the newest period with news."""
    if base is not None:
        before = base.until[:10] or desk.now().astimezone(UTC).date().isoformat()
        after = parse_since(base.period, datetime.fromisoformat(before).replace(tzinfo=UTC) + timedelta(days=1))
        return Choices(
            title=base.title[:200],
            sections="\n".join(_line(one) for one in base.sections),
            tags=_tags_of_all(base),
            after=after.date().isoformat() if after else "",
            before=before,
            design=base.design,
            stories=min(20, base.sections[0].stories),
        )
    period = next((one for one in letter_periods(desk) if one.is_first), None)
    return Choices(
        title=translated(USUAL_TITLE), after=period.after if period else "", before=period.before if period else ""
    )


def config_from(choices: Choices, base: NewsletterConfig | None, first: Choices) -> NewsletterConfig:
    """The newsletter's config: the operator's, as far as the form says the same as in the beginning (`first`).

    Raises `UsageError` for a form that makes none.
    """
    for name in ("after", "before"):
        _checked_day(getattr(choices, name))
    if choices.after and choices.before and choices.after > choices.before:
        raise UsageError(_("the first day is behind the last one; change one of them"))
    changes: dict[str, Any] = {
        "title": " ".join(choices.title.split()) or translated(USUAL_TITLE),
        "design": choices.design,
        "until": choices.before,
    }
    if base is None:
        changes["language"] = language()
    if base is None or choices.after != first.after or choices.before != first.before:
        changes["period"] = choices.after or (base.period if base else "7d")
    if base is None or (choices.sections, choices.stories) != (first.sections, first.stories):
        changes["sections"] = _sections(choices, base, stories_changed=choices.stories != first.stories)
    if tags_of([choices.tags]) != tags_of([first.tags]):
        sections = changes.get("sections") or [one.model_dump() for one in (base.sections if base is not None else ())]
        changes["sections"] = [{**one, "tags": tags_of([choices.tags])} for one in sections]
    if base is not None and choices.design != base.design:
        changes["template"] = ""
    try:
        return NewsletterConfig.model_validate({**(base.model_dump() if base is not None else {}), **changes})
    except ValidationError as error:
        raise UsageError(_("{fault}; correct the form and make the issue again", fault=first_fault(error))) from error


def _sections(choices: Choices, base: NewsletterConfig | None, *, stories_changed: bool) -> list[dict[str, Any]]:
    """A section for each line; one that the operator has under the same heading keeps what else is said of it."""
    lines = [line.strip() for line in choices.sections.splitlines() if line.strip()]
    if len(lines) > MOST_SECTIONS:
        raise UsageError(_("an issue has at most {most} sections; take some lines out", most=MOST_SECTIONS))
    operators = base.sections if base is not None else ()
    by_line, by_title = {_line(one): one for one in operators}, {one.title: one for one in operators}
    made, main = [], translated(MAIN_SECTION)
    for line in lines or [main]:
        title, colon, topic = (part.strip() for part in line.partition(":"))
        # A heading may hold a colon.
        if (own := by_line.get(line)) is not None:
            title, topic = own.title, own.topic
        else:
            own = by_title.get(title)
        if not colon and own is None and title != main:
            topic = title
        values: dict[str, Any] = own.model_dump() if own is not None else {"stories": choices.stories}
        if stories_changed:
            values["stories"] = choices.stories
        made.append({**values, "title": title or topic, "topic": topic})
    return made


def _tags_of_all(config: NewsletterConfig) -> str:
    """What every section is limited to, as the form has it; empty where they differ."""
    tags = {one.tags for one in config.sections}
    return ", ".join(tags.pop()) if len(tags) == 1 else ""


def _line(section: SectionConfig) -> str:
    return f"{section.title}: {section.topic}" if section.topic else section.title


def _checked_day(day: str) -> None:
    if day:
        try:
            date.fromisoformat(day)
        except ValueError as error:
            raise UsageError(_("{given} is not a date; choose a day in the calendar", given=repr(day))) from error
