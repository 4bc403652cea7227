"""The Newsletter view: what an editor does to an issue on the page is what the command line makes of the same edits."""

from __future__ import annotations

import email
import email.policy
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from newsletter import build_issue, load_config, render
from newsletter.config import NewsletterConfig
from newsletter.editing import edited
from newsletter.edits import Edits, Quoted
from newsletter.sent_log import SentLog
from rag.desk import Desk
from rag.errors import NewsdeskError, UsageError
from tests.newsletter.mail_server import Mailbox, mail_server
from tests.newsletter.makers import CUP, FIRST, NEWS, SECOND, SLIDE, config, desk_of, store
from tests.rag.makers import library_with
from tests.web.inert import Page
from web.page.editor.choices import Choices, config_from, first_choices
from web.page.editor.draft import EXPORTS, Draft, Drafting, changed, exported, make_draft, others_of, place_of
from web.page.editor.sending import send_a_test, send_to_readers
from web.page.editor.showing import draft_html
from web.page.html.editor import form_html

SAID = SLIDE.format(15, "").strip()

CHOICES: dict[str, Any] = {
    "title": "The Ostrel Letter",
    "sections": "",
    "after": "2024-05-01",
    "before": "2024-05-08",
    "design": "bulletin",
    "stories": 4,
}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with library_with(tmp_path / "library", NEWS) as library:
        yield desk_of(library)


@pytest.fixture
def draft(desk: Desk) -> Draft:
    return make_draft(desk, None, CHOICES, "")


def key_of(draft: Draft, article_id: str) -> str:
    return next(item.key for item in draft.built.items if article_id in [ref.id for ref in item.articles])


def after(draft: Draft, desk: Desk, act: str, story: str = "", **about: str) -> Draft:
    return changed(draft, desk, {"act": act, "story": story, **about})[0]


def test_the_newest_period_with_news_is_offered_first(desk: Desk) -> None:
    first = first_choices(desk, None)
    assert (first.after, first.before) == ("2024-05-06", "2024-05-07")


def test_a_line_is_a_section_and_none_is_the_main_stories() -> None:
    choices = Choices(sections="Ferries: strikes, harbours\nSport\n\n", after="2024-05-01", before="2024-05-02")
    sections = config_from(choices, None, Choices()).sections
    assert [(one.title, one.topic) for one in sections] == [("Ferries", "strikes, harbours"), ("Sport", "Sport")]
    assert [one.topic for one in config_from(Choices(), None, Choices()).sections] == [""]


def test_the_operators_newsletter_stays_as_it_is_where_the_form_says_the_same(tmp_path: Path, desk: Desk) -> None:
    base = config(tmp_path, sections=[{"title": "Cup", "topic": "the county cup", "sentences": 1, "words": 40}])
    first = first_choices(desk, base)
    assert config_from(first, base, first) == base
    other = config_from(first.model_copy(update={"sections": f"{first.sections}\nFerries"}), base, first)
    assert other.sections[0] == base.sections[0]
    assert other.mail == base.mail


def test_a_section_of_the_operators_with_a_colon_in_its_heading_stays_what_it_is(tmp_path: Path, desk: Desk) -> None:
    base = config(
        tmp_path, sections=[{"title": "Ostrel: this week", "tags": ["ferry"]}, {"title": "Cup", "topic": "cup"}]
    )
    first = first_choices(desk, base)
    other = config_from(first.model_copy(update={"sections": f"{first.sections}\nFerries"}), base, first)
    assert other.sections[:2] == base.sections


def test_tags_of_the_form_limit_every_section_and_those_of_the_operators_sections_stay_without(
    tmp_path: Path, desk: Desk
) -> None:
    alike = config(tmp_path, sections=[{"title": "Cup", "tags": ["Ferry"]}, {"title": "Sea", "tags": ["Ferry"]}])
    first = first_choices(desk, alike)
    assert first.tags == "Ferry"
    assert config_from(first, alike, first) == alike
    for base in (alike, config(tmp_path, sections=[{"title": "Cup", "tags": ["ferry"]}, {"title": "Sea"}]), None):
        first = first_choices(desk, base)
        made = config_from(first.model_copy(update={"tags": "Harbour,  the north"}), base, first)
        assert {one.tags for one in made.sections} == {("harbour", "the north")}
    freed = config_from(first_choices(desk, alike).model_copy(update={"tags": ""}), alike, first_choices(desk, alike))
    assert {one.tags for one in freed.sections} == {()}


def test_an_issue_holds_the_articles_of_its_tags_alone(desk: Desk) -> None:
    ids = [ref.id for ref in desk.articles()][:1]
    desk.library.tag(ids[0], add=["harbour"])
    values = first_choices(desk, None).model_dump()
    draft = make_draft(desk, None, {**values, "after": "2024-01-01", "tags": "Harbour"}, "")
    assert {ref.id for item in draft.issue.items for ref in item.articles} == set(ids)
    with pytest.raises(NewsdeskError, match="no article has the tag"):
        make_draft(desk, None, {**values, "tags": "harbor"}, "")


def test_the_form_asks_for_tags_where_there_are_some_and_shows_the_first_of_them() -> None:
    asked = Page(form_html((), ["harbour", "the north"], kept_as="{}", may_send=False))
    assert "harbour, the north" in asked.values("placeholder")
    assert "tags" in asked.values("name")
    assert "tags" not in Page(form_html((), (), kept_as="{}", may_send=False)).values("name")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"after": "2024-13-01"}, "is not a date"),
        ({"after": "2024-06-01", "before": "2024-05-01"}, "behind the last one"),
        ({"design": "../../etc"}, "'design'"),
        ({"stories": 0}, "'stories'"),
        ({"colour": "red"}, "no such key 'colour'"),
        ({"sections": "a\n" * 21}, "at most 20 sections"),
    ],
)
def test_a_form_that_cannot_be_used_is_a_sentence(given: dict[str, Any], said: str, desk: Desk) -> None:
    with pytest.raises(UsageError, match=said):
        make_draft(desk, None, {**CHOICES, **given}, "")


def test_stories_move_and_what_is_left_out_is_passed_over(draft: Draft, desk: Desk) -> None:
    keys = [item.key for item in draft.issue.items]
    moved = after(draft, desk, "down", keys[0])
    assert [item.key for item in moved.issue.items] == [keys[1], keys[0], *keys[2:]]
    assert after(moved, desk, "up", keys[0]).edits == Edits()
    dropped = after(draft, desk, "drop", keys[1])
    assert keys[1] not in [item.key for item in dropped.issue.items]
    shown = Page(draft_html(dropped, desk))
    assert "Put back" in shown.text
    assert [item.key for item in after(dropped, desk, "restore", keys[1]).issue.items] == keys


def test_a_quote_is_replaced_by_another_of_the_same_story_alone(draft: Draft, desk: Desk) -> None:
    key = key_of(draft, SECOND.ref.id)
    opened = after(draft, desk, "open", key, place="0")
    others = others_of(opened, desk)
    assert {quote.article.id for quote in others} <= {FIRST.ref.id, SECOND.ref.id}
    made = after(opened, desk, "replace", key, place="0", value=place_of(others[-1]))
    story = next(item for item in made.issue.items if item.key == key)
    assert story.citations[0].quote == others[-1].quote
    assert made.replacing is None
    assert after(made, desk, "own", key).edits == Edits()
    with pytest.raises(UsageError, match="can no longer be quoted"):
        after(opened, desk, "replace", key, place="0", value=f"{CUP.ref.id}:0-57")


def test_what_a_reporter_tells_gets_no_quotation_marks_as_in_an_answer(draft: Draft, desk: Desk) -> None:
    opened = after(draft, desk, "open", key_of(draft, SECOND.ref.id), place="0")
    shown = Page(draft_html(opened, desk)).text
    assert SAID in shown
    assert all(f"“{quote.quote}" not in shown for quote in (*opened.issue.citations, *others_of(opened, desk)))


def test_a_story_that_is_left_out_has_no_place_in_the_preview(draft: Draft, desk: Desk) -> None:
    left_out = after(draft, desk, "drop", draft.issue.items[0].key)
    assert draft_html(left_out, desk).count("data-anchor") == len(left_out.issue.items)


def test_the_last_quote_of_a_story_stays(draft: Draft, desk: Desk) -> None:
    with pytest.raises(UsageError, match="a story needs a quote"):
        after(draft, desk, "remove", key_of(draft, CUP.ref.id), place="0")


def test_what_the_editor_writes_is_kept_and_shown_as_theirs(draft: Draft, desk: Desk) -> None:
    key = key_of(draft, CUP.ref.id)
    made = after(draft, desk, "note", key, value="We were <b>there</b>.\n\nIt rained.")
    made = after(made, desk, "subject", value="Cup  day\n")
    page = Page(draft_html(made, desk))
    assert "We were <b>there</b>." in page.text
    assert made.issue.subject == "Cup day"
    assert "Editor\u2019s note: We were" in exported(made, "text", with_mail=False)["content"]


def test_a_reload_brings_the_same_issue(draft: Draft, desk: Desk) -> None:
    key = key_of(draft, CUP.ref.id)
    made = after(after(draft, desk, "up", key), desk, "title", key, value="A cup for Lindow")
    kept = json.loads(json.dumps(made.kept()))
    again = make_draft(desk, None, kept["choices"], kept["edits"])
    assert again.issue == made.issue


@pytest.mark.parametrize("kept", ["{", '{"stories": 3}', '{"other": 1}', "[]", '{"subject": "' + "x" * 400 + '"}'])
def test_changes_that_are_none_are_refused(kept: str, desk: Desk) -> None:
    with pytest.raises(UsageError, match="kept in this browser cannot be read"):
        make_draft(desk, None, CHOICES, kept)


@pytest.mark.parametrize("step", [{}, {"act": "up", "story": "nobody"}, {"act": "fly"}, {"act": "open", "place": "x"}])
def test_a_step_that_leads_nowhere_changes_nothing(step: dict[str, str], draft: Draft, desk: Desk) -> None:
    drafting = Drafting()
    drafting.take(drafting.begin(), draft)
    with pytest.raises(UsageError):
        drafting.change(desk, step)
    assert drafting.draft is draft


def test_an_issue_that_was_overtaken_is_not_shown(draft: Draft) -> None:
    drafting = Drafting()
    slow, fast = drafting.begin(), drafting.begin()
    assert not drafting.take(slow, draft)
    assert drafting.take(fast, draft)


def test_the_command_line_makes_the_same_issue_of_what_was_taken_away(draft: Draft, desk: Desk, tmp_path: Path) -> None:
    landslide = key_of(draft, SECOND.ref.id)
    made = after(draft, desk, "up", key_of(draft, CUP.ref.id))
    made = after(made, desk, "note", landslide, value='He said: "No."')
    opened = after(made, desk, "open", landslide, place="0")
    made = after(made, desk, "replace", landslide, place="0", value=place_of(others_of(opened, desk)[0]))
    for form in ("settings", "edits"):
        file = exported(made, form, with_mail=False)
        (tmp_path / file["name"]).write_text(file["content"], encoding="utf-8")
    letter = load_config(tmp_path / EXPORTS["settings"])
    issue = edited(build_issue(desk, letter), Edits.read(tmp_path / EXPORTS["edits"]), desk)
    assert issue == made.issue
    assert render(issue, "html", config=letter) == exported(made, "html", with_mail=False)["content"]


def test_a_draft_of_the_mail_names_no_reader(desk: Desk, tmp_path: Path) -> None:
    base = config(tmp_path)
    draft = make_draft(desk, base, {**CHOICES, "title": base.title}, "")
    for form in EXPORTS:
        assert "ada@reader.example" not in exported(draft, form, with_mail=False)["content"]
    opened = email.message_from_string(exported(draft, "eml", with_mail=False)["content"], policy=email.policy.default)
    assert opened["Subject"] == draft.issue.subject
    assert opened["X-Unsent"] == "1"


def test_a_change_whose_quote_is_gone_is_told_and_kept_until_it_is_forgotten(draft: Draft, desk: Desk) -> None:
    key = key_of(draft, SECOND.ref.id)
    drafting = Drafting()
    drafting.take(drafting.begin(), make_draft(desk, None, CHOICES, _quoting(key)))
    _correct(desk, "killed 15", "killed 16")
    made, told = drafting.change(desk, {"act": "subject", "value": "Slide"})
    assert "made anew" in told
    assert any("no longer stands" in one for one in made.made.lost)
    assert SAID in made.edits.model_dump_json()
    assert "no longer stands" in Page(draft_html(made, desk)).text
    assert SAID not in exported(made, "edits", with_mail=False)["content"]
    forgotten, _ = drafting.change(desk, {"act": "forget"})
    assert forgotten.made.lost == ()
    assert forgotten.issue == made.issue


def test_a_quote_that_moved_in_its_article_is_still_quoted(draft: Draft, desk: Desk) -> None:
    key = key_of(draft, SECOND.ref.id)
    drafting = Drafting()
    drafting.take(drafting.begin(), make_draft(desk, None, CHOICES, _quoting(key)))
    _correct(desk, "A landslide", "Ostrel mourns. A landslide")
    made, _ = drafting.change(desk, {"act": "subject", "value": "Slide"})
    assert made.made.lost == ()
    story = next(item for item in made.issue.items if item.key == key)
    assert [quote.quote for quote in story.citations] == [SAID]


def mailing(folder: Path, port: int) -> NewsletterConfig:
    return config(folder, smtp={"host": "127.0.0.1", "port": port, "security": "none"})


def test_a_test_goes_to_one_address_and_is_not_remembered(desk: Desk, tmp_path: Path) -> None:
    with mail_server(Mailbox()) as mailbox:
        base = mailing(tmp_path, mailbox.port)
        draft = make_draft(desk, base, first_choices(desk, base).model_dump(), "")
        assert send_a_test(draft, desk, " editor@news.example ") == "A test went to editor@news.example."
        for address in ("", "a@b.example, c@d.example", "nobody"):
            with pytest.raises(NewsdeskError):
                send_a_test(draft, desk, address)
    ((to, content),) = mailbox.received
    assert to == "editor@news.example"
    assert "Subject: Test: The Ostrel Letter" in content
    assert SentLog.read(base.sent_file).issues == ()


def test_an_edited_issue_goes_to_its_readers_once(desk: Desk, tmp_path: Path) -> None:
    with mail_server(Mailbox()) as mailbox:
        base = mailing(tmp_path, mailbox.port)
        draft = make_draft(desk, base, first_choices(desk, base).model_dump(), "")
        draft = after(draft, desk, "subject", value="Cup day")
        assert send_to_readers(draft, desk) == "Sent to 1 reader."
        with pytest.raises(UsageError, match=r"went out already\. Nobody was sent it again"):
            send_to_readers(draft, desk)
    assert len(mailbox.received) == 1
    assert "Subject: Cup day" in mailbox.received[0][1]
    assert "went out already" in Page(draft_html(draft, desk, may_send=True)).text


def test_what_has_no_readers_is_not_offered_to_be_sent(draft: Draft, desk: Desk) -> None:
    assert "Send a test" not in Page(draft_html(draft, desk, may_send=True)).text
    with pytest.raises(UsageError, match="no readers or no mail server"):
        send_to_readers(draft, desk)


def test_an_issue_with_lost_changes_is_not_sent(desk: Desk, tmp_path: Path) -> None:
    base = mailing(tmp_path, 1)
    lost = Edits.model_validate({"order": ("nobody",)}).model_dump_json()
    draft = make_draft(desk, base, first_choices(desk, base).model_dump(), lost)
    with pytest.raises(UsageError, match="could not be applied"):
        send_to_readers(draft, desk)


def _quoting(key: str) -> str:
    quoted = Quoted(article_id=SECOND.ref.id, start=0, end=len(SAID), quote=SAID)
    return Edits().with_story(key, quotes=[quoted.model_dump()]).model_dump_json()


def _correct(desk: Desk, before: str, now: str) -> None:
    article = desk.article(SECOND.ref.id)
    store(desk.library, replace(article, text=article.text.replace(before, now)))
