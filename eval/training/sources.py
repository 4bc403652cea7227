"""Finds and reads training data in the folders that `--data` names.

A folder, at any depth, is known by its files: `questions.jsonl` (asked of `articles.jsonl.gz` or `articles.jsonl`),
`claims.jsonl`, `groups.jsonl.gz`, or `contexts.jsonl.gz` beside `questions.jsonl.gz`. One that is called `dev` holds a
development half: constants may be chosen on it and nothing is fitted to it. Articles may stand in any of the folders.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeVar

from eval.errors import CaseError

DEVELOPMENT = "dev"
T = TypeVar("T")


@dataclass(frozen=True, kw_only=True, slots=True)
class Sources:
    """Files of each kind, those of the development half apart, in the order of their paths."""

    articles: tuple[Path, ...]
    questions: tuple[Path, ...]
    questions_dev: tuple[Path, ...]
    claims: tuple[Path, ...]
    claims_dev: tuple[Path, ...]
    groups: tuple[Path, ...]
    contexts: tuple[Path, ...]

    def digests(self, model: Literal["reader", "checker"]) -> dict[str, str]:
        """SHA-256 of every file that a model is made with, by the last three parts of its path.

        Files that share these are counted.
        """
        kinds: tuple[tuple[Path, ...], ...] = (self.questions, self.questions_dev, self.groups, self.contexts)
        if model == "checker":
            kinds = (self.claims, self.claims_dev)
        files = sorted({file for kind in (self.articles, *kinds) for file in kind})
        if model == "reader":
            files += [file.parent / "questions.jsonl.gz" for file in self.contexts]
        found: dict[str, str] = {}
        for file in files:
            name, digest = "/".join(file.parts[-3:]), hashlib.sha256(file.read_bytes()).hexdigest()
            same = sum(other.partition(" (")[0] == name for other in found)
            found[f"{name} ({same + 1})" if same else name] = digest
        return found


def find_sources(folders: Sequence[Path]) -> Sources:
    """Raises `CaseError` for a folder that is not there or in which nothing is known."""
    found: dict[str, set[Path]] = {}
    for folder in folders:
        if not folder.is_dir():
            raise CaseError(f"training data folder {str(folder)!r} does not exist; name another after --data")
        here = {name: sorted(folder.rglob(name)) for name in _KINDS}
        above = folder.parent / "articles.jsonl.gz"
        if above.exists():
            here["articles.jsonl.gz"].append(above)
        if not any(here.values()):
            raise CaseError(
                f"no training data in {str(folder)!r}: looked for {', '.join(_KINDS)}; see eval/training/sources.py"
            )
        for name, files in here.items():
            found.setdefault(name, set()).update(file.resolve() for file in files)
    return Sources(
        articles=_sorted(found["articles.jsonl.gz"] | found["articles.jsonl"]),
        questions=_sorted(found["questions.jsonl"], dev=False),
        questions_dev=_sorted(found["questions.jsonl"], dev=True),
        claims=_sorted(found["claims.jsonl"], dev=False),
        claims_dev=_sorted(found["claims.jsonl"], dev=True),
        groups=_sorted(found["groups.jsonl.gz"]),
        contexts=_sorted(found["contexts.jsonl.gz"]),
    )


_KINDS = (
    "articles.jsonl.gz",
    "articles.jsonl",
    "questions.jsonl",
    "claims.jsonl",
    "groups.jsonl.gz",
    "contexts.jsonl.gz",
)


def rows_of(file: Path, made: Callable[[Mapping[str, Any]], T]) -> Iterator[T]:
    """What `made` makes of each line; raises `CaseError` naming file and line where it cannot."""
    with gzip.open(file, "rt", encoding="utf-8") if file.suffix == ".gz" else file.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            try:
                yield made(json.loads(line))
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                raise CaseError(f"{file.parent.name}/{file.name}, line {number}: {error!r}") from error


def _sorted(files: set[Path], *, dev: bool | None = None) -> tuple[Path, ...]:
    return tuple(sorted(file for file in files if dev is None or (file.parent.name == DEVELOPMENT) == dev))
