"""How an answer reads as plain text: each article once, each quote under its number."""

from __future__ import annotations

import pytest

from cli.output import about, print_answer, print_report
from ingest.report import IngestReport
from rag.testing import make_article
from rag.types import Answer, AnswerSentence, ArticleRef, Citation, Provenance, Question

LEDGER = make_article(
    "China objects to the treaty. It draws American forces closer. It said so twice.",
    title="The treaty",
    outlet="Pacific Ledger",
    url="https://ledger.example/treaty",
    published="2024-06-21",
)
WIRE = make_article("A bloc is feared in Beijing.", title="A bloc", outlet="Northgate Wire", published="2024-06-22")
COPY = ArticleRef(id="copy", outlet="Harbour Standard")
NAMELESS = ArticleRef(id="nameless")


def cited(marker: int, quote: str, *, copies: tuple[ArticleRef, ...] = ()) -> Citation:
    article = LEDGER if quote in LEDGER.text else WIRE
    start = article.text.index(quote)
    return Citation(marker=marker, article=article.ref, start=start, end=start + len(quote), quote=quote, copies=copies)


def answer(sentences: list[str], *citations: Citation) -> Answer:
    pairs = zip(sentences, citations, strict=True)
    return Answer(
        question=Question(text="Why?"),
        outcome="answered",
        sentences=tuple(AnswerSentence(text=text, citations=(c.marker,), support=1.0) for text, c in pairs),
        citations=citations,
        evidence=(),
        nearest=(),
        provenance=Provenance(writer="quotes"),
    )


def printed(given: Answer, capsys: pytest.CaptureFixture[str]) -> list[str]:
    print_answer(given, {})
    return capsys.readouterr().out.splitlines()


def test_the_quotes_of_one_article_stand_under_its_title_once(capsys: pytest.CaptureFixture[str]) -> None:
    lines = printed(
        answer(
            ["It objects.", "A bloc is feared.", "Forces come closer."],
            cited(1, "China objects to the treaty.", copies=(COPY,)),
            cited(2, "A bloc is feared in Beijing."),
            cited(3, "It draws American forces closer.", copies=(COPY, NAMELESS)),
        ),
        capsys,
    )
    assert lines == [
        "It objects. [1]",
        "A bloc is feared. [2]",
        "Forces come closer. [3]",
        "",
        "[1][3] Pacific Ledger, 21 June 2024: The treaty",
        "    https://ledger.example/treaty",
        "    [1] “China objects to the treaty.”",
        "    [3] “It draws American forces closer.”",
        "    also carried by Harbour Standard, article nameless",
        "",
        "[2] Northgate Wire, 22 June 2024: A bloc",
        "    “A bloc is feared in Beijing.”",
    ]


def test_a_quote_that_the_answer_shows_is_not_shown_again(capsys: pytest.CaptureFixture[str]) -> None:
    quote = "China objects to the treaty."
    lines = printed(answer([f"“{quote}”"], cited(1, quote)), capsys)
    assert sum(quote in line for line in lines) == 1


def test_an_article_without_a_title_is_told_by_what_is_known() -> None:
    nameless = ArticleRef(id="a1")
    assert about(nameless, {}) == "unknown outlet, undated: (no title, article a1)"
    assert about(nameless, {"a1": "It began…"}) == "unknown outlet, undated: “It began…” (no title, article a1)"
    assert about(nameless, {"a1": "It began…"}, named=True) == "unknown outlet, undated: “It began…” (no title)"
    assert about(LEDGER.ref, {LEDGER.ref.id: "China"}) == "Pacific Ledger, 21 June 2024: The treaty"


def test_a_report_counts_only_what_there_is(capsys: pytest.CaptureFixture[str]) -> None:
    print_report(IngestReport(added=2, passages=1, copies=1))
    assert capsys.readouterr().out.splitlines() == [
        "2 added, 0 changed, 0 unchanged, 1 passage, 0 problems, 0.0 s",
        "1 copy of stories that other articles carry",
    ]
    print_report(IngestReport(added=1, repeated=2))
    assert capsys.readouterr().out.splitlines()[1:] == ["2 articles more than once in the sources"]
