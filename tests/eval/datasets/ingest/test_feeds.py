"""The set of feeds, worked by hand."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from eval.commands import main
from eval.datasets.ingest.feeds import Feed, markup_in, outcome_of
from ingest.report import Problem
from ingest.types import Document, Limits, Link, RawArticle
from rag.errors import SourceError
from tests.eval.rows import PROSE, written

Found = RawArticle | Link | Problem
FEED = Feed(path="feeds/a.xml", text="<rss/>")
TEXT = " ".join(PROSE)


def reading(*found: Found, error: Exception | None = None) -> Callable[[Document, Limits], Iterator[Found]]:
    def read(document: Document, limits: Limits) -> Iterator[Found]:
        assert document.read(limits) == b"<rss/>"
        yield from found
        if error is not None:
            raise error

    return read


def raw(text: str = TEXT, **given: str) -> RawArticle:
    return RawArticle(where="feeds/a.xml", text=text, **given)  # type: ignore[arg-type]


def link(entry: RawArticle | None = None) -> Link:
    return Link(where="feeds/a.xml", url="https://a.example/1", entry=entry)


PROBLEM = Problem("feeds/a.xml", "is no feed")


@pytest.mark.parametrize(
    ("found", "error", "scores"),
    [
        ((raw(),), None, (1, 0, 0, 0)),
        ((link(),), None, (1, 0, 0, 0)),
        ((), None, (1, 0, 0, 0)),
        ((PROBLEM,), None, (0, 1, 0, 0)),
        ((raw(), PROBLEM), None, (1, 1, 0, 0)),
        ((raw(" "),), None, (1, 1, 0, 0)),
        ((), SourceError("is larger than 1 MB"), (0, 1, 0, 0)),
        ((raw(),), RecursionError("deep"), (0, 0, 1, 0)),
        ((raw(f"{TEXT} <script>alert(1)</script>"),), None, (1, 0, 0, 1)),
        ((raw(title="<b onclick='x'>Bold</b>"),), None, (1, 0, 0, 1)),
        ((link(raw(outlet="<img src=x>")),), None, (1, 0, 0, 1)),
    ],
)
def test_a_feed_is_parsed_reported_or_crashed(
    found: tuple[Found, ...], error: Exception | None, scores: tuple[int, int, int, int]
) -> None:
    assert tuple(outcome_of(FEED, reading(*found, error=error)).scores.values()) == scores


@pytest.mark.parametrize(
    "text",
    ["a <script>x", "a </p> b", "<IMG SRC=x>", "<svg/onload=x>", "<!-- a -->", 'x onerror="y"', "href=' javascript:x'"],
)
def test_markup_is_seen(text: str) -> None:
    assert markup_in(text)


@pytest.mark.parametrize(
    "text",
    ["5 < 6 and 7 > 3", "a <3 b", "one = two", "javascript: a language", "on = off", "<https://a.example/b>", ""],
)
def test_prose_is_no_markup(text: str) -> None:
    assert markup_in(text) == ""


def test_the_set_is_scored(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    item = f"<item><title>Chair</title><link>https://a.example/1</link><description>{TEXT}</description></item>"
    feed = f"<rss version='2.0'><channel><title>Harbour</title>{item}</channel></rss>"
    rows = [
        {"path": "feeds/a.xml", "bytes": 9, "text": feed},
        {"path": "feeds/b.xml", "base64": base64.b64encode(b"\xff\xfe\x00 nothing").decode()},
    ]
    file = written(tmp_path / "half.jsonl", rows)
    assert main(["run", "--set", "feeds", "--data", str(file), "--json"]) == 0
    metrics = json.loads(capsys.readouterr().out)["metrics"]
    assert {name: (metric["value"], metric["n"]) for name, metric in metrics.items()} == {
        "parsed": (0.5, 2),
        "reported": (0.5, 2),
        "crashed": (0.0, 2),
        "markup_survived": (0.0, 2),
    }


@pytest.mark.parametrize("given", [{}, {"text": "<rss/>", "base64": "AA=="}, {"base64": "no base64"}])
def test_a_feed_needs_bytes_given_in_one_way(
    tmp_path: Path, given: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    file = written(tmp_path / "half.jsonl", [{"path": "a.xml", **given}])
    assert main(["run", "--set", "feeds", "--data", str(file)]) == 2
    assert "half.jsonl:1: " in capsys.readouterr().err
