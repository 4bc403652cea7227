"""Cases are asked as a reader would ask them, and what goes wrong names its case."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from eval.cases import LocatedCase, load_cases, locate
from eval.errors import CaseError, EvaluationError
from eval.metrics.case_scores import score_case
from eval.runs import observe
from rag.errors import LibraryError
from rag.scope import Scope
from rag.settings import Settings
from rag.testing import make_article
from rag.types import Answer
from tests.eval.fakes import BRIDGE, CLOSED, COST, FakeDesk, make_answer, make_case


def located(*questions: str) -> list[LocatedCase]:
    cases = [make_case((BRIDGE, COST), case_id=f"c{n}", question=question) for n, question in enumerate(questions)]
    return locate(cases, {BRIDGE.ref.url: BRIDGE})


def test_every_case_is_asked_once_with_its_history_and_progress_is_told() -> None:
    (first, second) = located("how much?", "and when?")
    second = LocatedCase(
        case=second.case.model_copy(update={"history": ["how much?"]}), facts=second.facts, also_fine=()
    )
    desk = FakeDesk({"how much?": make_answer((BRIDGE, COST)), "and when?": make_answer()})
    told: list[tuple[int, int]] = []
    observed = observe.observe_all(desk, [first, second], progress=lambda done, total: told.append((done, total)))
    assert desk.asked == [("how much?", ()), ("and when?", ("how much?",))]
    assert [o.answer.outcome for o in observed] == ["answered", "not_found"]
    assert told == [(1, 2), (2, 2)]


def test_a_citation_that_is_not_its_articles_text_is_seen() -> None:
    corrected = make_article(BRIDGE.text.replace("4 million", "9 million"), url=BRIDGE.ref.url, article_id="bridge")
    desk = FakeDesk({"how much?": make_answer((BRIDGE, COST), (BRIDGE, CLOSED))}, articles=[corrected])
    (observed,) = observe.observe_all(desk, located("how much?"))
    assert [citation.quote for citation in observed.inexact] == [COST]


class BrokenDesk(FakeDesk):
    def ask(
        self,
        question: str,
        *,
        history: Sequence[str],
        scope: Scope,
    ) -> Answer:
        raise LibraryError("the disk is gone; run `newsdesk rebuild`")


def test_a_case_that_fails_ends_the_evaluation_with_its_name() -> None:
    with pytest.raises(EvaluationError, match="case 'c0': the disk is gone"):
        observe.observe_all(BrokenDesk({}), located("how much?"))


def test_two_articles_with_one_url_are_refused() -> None:
    twin = make_article("Another text.", url=BRIDGE.ref.url, article_id="twin")
    with pytest.raises(CaseError, match="two articles with the url"):
        observe.articles_by_url(FakeDesk({}, articles=[BRIDGE, twin]))


def test_articles_without_a_url_are_left_out() -> None:
    nameless = make_article("A text without a home.", article_id="nameless")
    assert observe.articles_by_url(FakeDesk({}, articles=[BRIDGE, nameless])) == {BRIDGE.ref.url: BRIDGE}


def markdown(folder: Path, name: str, *, url: str, text: str) -> None:
    header = f'---\ntitle: "The bridge"\noutlet: "Harbour Standard"\npublished: "2024-03-04"\nurl: "{url}"\n---\n'
    (folder / f"{name}.md").write_text(header + text, encoding="utf-8")


def test_a_small_library_is_ingested_asked_and_scored_from_end_to_end(tmp_path: Path) -> None:
    sources = tmp_path / "sources"
    sources.mkdir()
    markdown(sources, "bridge", url=BRIDGE.ref.url, text=BRIDGE.text)
    cases = tmp_path / "cases.jsonl"
    asked = make_case((BRIDGE, COST), question="How much will repairs of the bridge cost?")
    cases.write_text(asked.model_dump_json(), encoding="utf-8")
    settings = Settings(embedder="hashing", vector_index="exact")
    with observe.desk_over([sources], settings) as desk:
        (observed,) = observe.observe_all(desk, locate(load_cases([cases]), observe.articles_by_url(desk)))
        folder = desk.settings.library
    scores = score_case(observed)
    assert scores["passage_recall_at_1"] == scores["article_recall_at_1"] == scores["mrr_at_10"] == 1.0
    assert observed.inexact == ()
    assert not folder.exists()


def test_a_source_that_cannot_be_read_ends_the_evaluation(tmp_path: Path) -> None:
    (tmp_path / "empty.md").write_text("", encoding="utf-8")
    settings = Settings(embedder="hashing", vector_index="exact")
    with (
        pytest.raises(EvaluationError, match=r"could not be read, first .*empty\.md"),
        observe.desk_over([tmp_path], settings),
    ):
        pass
