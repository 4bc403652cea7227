"""What earlier issues sent: a small JSON file beside the config, written in one step when an issue goes out."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from rag.errors import StorageError, UsageError

if TYPE_CHECKING:
    from newsletter.issue import Issue
    from rag.storage.archive.archive import Archive


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class SentArticle(_Strict):
    """An article as it stood when it was sent: its digest, and what was quoted of it."""

    digest: str
    quotes: tuple[str, ...] = ()


class SentIssue(_Strict):
    """One issue that went out; `articles` by id."""

    day: date
    title: str
    articles: dict[str, SentArticle]


class SentLog(_Strict):
    """All issues that went out, oldest first."""

    format: Literal[1] = 1
    issues: tuple[SentIssue, ...] = Field(default=())

    @classmethod
    def read(cls, file: Path) -> SentLog:
        """What the file holds, nothing where there is none yet; `UsageError` where it is no such file."""
        try:
            return cls.model_validate_json(file.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return cls()
        except (OSError, UnicodeDecodeError, ValidationError) as error:
            raise UsageError(
                f"cannot use {file.name!r}, which remembers what was sent ({type(error).__name__}); "
                "restore it, or delete it to begin anew"
            ) from error

    def write(self, file: Path) -> None:
        """Replace the file in one step; `StorageError` where it cannot be written, and then the old one stands."""
        scratch = file.with_name(f"{file.name}.new")
        try:
            with scratch.open("w", encoding="utf-8") as out:
                out.write(self.model_dump_json(indent=1) + "\n")
                out.flush()
                os.fsync(out.fileno())
            scratch.replace(file)
        except OSError as error:
            raise StorageError(
                f"cannot write {file.name!r} ({(error.strerror or '').lower()}); make room or name another in `sent`"
            ) from error

    def with_issue(self, sent: SentIssue) -> SentLog:
        """This and one more issue; the same issue again (title and day) takes the place of the first."""
        others = [issue for issue in self.issues if (issue.title, issue.day) != (sent.title, sent.day)]
        return self.model_copy(update={"issues": (*others, sent)})

    def before(self, title: str, day: date) -> SentLog:
        """The memory without this very issue and later ones, so that an issue can be built again after it was sent."""
        kept = tuple(issue for issue in self.issues if issue.day < day or (issue.day == day and issue.title != title))
        return self.model_copy(update={"issues": kept})

    def days_of(self, title: str) -> tuple[date, ...]:
        """The days of the issues of this title, oldest first."""
        return tuple(sorted({issue.day for issue in self.issues if issue.title == title}))

    def articles(self) -> Mapping[str, tuple[date, SentArticle]]:
        """Article id -> when it was last sent and how it stood then."""
        return {name: (issue.day, sent) for issue in self.issues for name, sent in issue.articles.items()}


def sent_issue(issue: Issue, archive: Archive) -> SentIssue:
    """What an issue will have told its readers once it has gone out."""
    quotes: dict[str, list[str]] = {article.id: [] for item in issue.items for article in item.articles}
    for citation in issue.citations:
        quotes.setdefault(citation.article.id, []).append(citation.quote)
    return SentIssue(
        day=issue.day,
        title=issue.title,
        articles={
            name: SentArticle(digest=archive.digest_of(name) or "", quotes=tuple(dict.fromkeys(own)))
            for name, own in quotes.items()
        },
    )
