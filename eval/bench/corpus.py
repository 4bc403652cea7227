"""The texts that a bench runs on: a corpus that the user names, or the sample articles."""

from __future__ import annotations

import gzip
import itertools
import json
import random
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from rag.errors import UsageError

CORPUS_FILES = ("corpus.jsonl.gz", "corpus.jsonl")
QUESTION_FILES = ("retrieval_questions.jsonl", "questions.jsonl")

# A third of the longer words: a repetition is then no near duplicate of its original.
_EXCHANGED = 0.35
_LONG_WORD = re.compile(r"\b[^\W\d_]{5,}\b")

# Names of fields in published corpora -> ours.
_RENAMED = {"doc_id": "id", "publish_date": "published"}
_KNOWN = frozenset({"id", "url", "title", "outlet", "published", "authors", "language", "text"})

Row = dict[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class Corpus:
    """Articles as `newsdesk ingest` reads them, the questions to ask, and the name in a report."""

    name: str
    articles: tuple[Row, ...]
    questions: tuple[str, ...]


def load_corpus(data: Path | None) -> Corpus:
    """Read a JSONL file, or a folder with corpus.jsonl.gz and perhaps retrieval_questions.jsonl.

    None takes the sample articles. Raises `UsageError` where there is nothing to read.
    """
    if data is None:
        return _sample_corpus()
    file = data if data.is_file() else _first_of(data, CORPUS_FILES)
    if file is None:
        raise UsageError(f"no {' or '.join(CORPUS_FILES)} in {str(data)!r}; name a JSONL file or a folder that has one")
    articles = tuple(_article(row) for row in _rows(file))
    if not articles:
        raise UsageError(f"{file.name!r} holds no articles; name a JSONL file with one article a line")
    asked = _first_of(file.parent, QUESTION_FILES)
    questions = tuple(str(row["question"]) for row in _rows(asked)) if asked else ()
    return Corpus(
        name="/".join(file.absolute().parts[-3:]), articles=articles, questions=questions or _from_titles(articles)
    )


def endless(articles: Iterable[Row], *, seed: int = 0) -> Iterator[Row]:
    """The articles, then the same again and again with a third of their longer words exchanged."""
    originals = list(articles)
    vocabulary = sorted({word for row in originals for word in _LONG_WORD.findall(str(row["text"]))})
    yield from originals
    for turn in itertools.count(1):
        for number, row in enumerate(originals):
            yield _varied(row, vocabulary, random.Random(f"{seed}:{turn}:{number}"), turn)


def write_jsonl(file: Path, articles: Iterable[Row]) -> None:
    """Write articles as `newsdesk ingest` reads them."""
    with file.open("w", encoding="utf-8") as target:
        for row in articles:
            target.write(json.dumps(row, ensure_ascii=False) + "\n")


def words_in(articles: Iterable[Row]) -> int:
    """Words of the articles' texts, separated by white space."""
    return sum(len(str(row["text"]).split()) for row in articles)


def _varied(row: Row, vocabulary: list[str], chance: random.Random, turn: int) -> Row:
    def other(match: re.Match[str]) -> str:
        return chance.choice(vocabulary) if chance.random() < _EXCHANGED else match.group()

    varied = {**row, "text": _LONG_WORD.sub(other, str(row["text"]))}
    for key in ("title",):
        if row.get(key):
            varied[key] = _LONG_WORD.sub(other, str(row[key]))
    for key in ("id", "url"):
        if row.get(key):
            varied[key] = f"{row[key]}-{turn}"
    return varied


def _sample_corpus() -> Corpus:
    from eval.cases import golden_files, load_cases
    from ingest.sample import sample_folder

    files = sorted(sample_folder().rglob("*.md"))
    articles = tuple(_from_markdown(file) for file in files)
    questions = tuple(case.question for case in load_cases(golden_files()) if not case.history)
    return Corpus(name="sample articles", articles=articles, questions=questions)


def _from_markdown(file: Path) -> Row:
    _, header, text = file.read_text(encoding="utf-8").split("---\n", 2)
    fields = dict(line.split(": ", 1) for line in header.splitlines() if ": " in line)
    row = {name: json.loads(value) for name, value in fields.items() if name in _KNOWN}
    return {**row, "text": text.strip()}


def _article(row: Row) -> Row:
    named = {_RENAMED.get(name, name): value for name, value in row.items()}
    return {name: value for name, value in named.items() if name in _KNOWN and value}


def _from_titles(articles: Iterable[Row]) -> tuple[str, ...]:
    titles = [str(row["title"]) for row in articles if row.get("title")]
    if not titles:
        raise UsageError("the corpus has neither questions nor titles; put a retrieval_questions.jsonl beside it")
    return tuple(f"What is known about this: {title}?" for title in titles)


def _first_of(folder: Path, names: Iterable[str]) -> Path | None:
    return next((folder / name for name in names if (folder / name).is_file()), None)


def _rows(file: Path) -> Iterator[Row]:
    try:
        with _opened(file) as lines:
            for number, line in enumerate(lines, start=1):
                yield _row(line, f"{file.name}:{number}")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(
            f"cannot read {str(file)!r}: {error.__class__.__name__}; name a readable JSONL file"
        ) from error


def _row(line: str, where: str) -> Row:
    try:
        row = json.loads(line)
    except json.JSONDecodeError as error:
        raise UsageError(f"{where}: not JSON ({error.msg}); write one JSON object a line") from error
    if not isinstance(row, dict):
        raise UsageError(f"{where}: not a JSON object; write one JSON object a line")
    return row


def _opened(file: Path) -> IO[str]:
    return gzip.open(file, "rt", encoding="utf-8") if file.suffix == ".gz" else file.open(encoding="utf-8")
