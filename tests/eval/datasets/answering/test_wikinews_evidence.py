"""Evidence as a scorer reads it: beside the rest of its article, whole, and with what answers taken out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from eval.cases import GoldSpan
from eval.datasets.answering.wikinews_articles import WikinewsArticle, located
from eval.datasets.answering.wikinews_evidence import in_articles, without
from eval.errors import CaseError
from eval.reference_systems.sentence_scorers import BM25Scorer, CosineScorer, NewsdeskScorer, PassageToScore
from rag.answering.sentence_reading import read_evidence
from rag.storage.index_contract import indexed_text
from rag.storage.library import Library
from rag.testing import make_article
from rag.types import Article, Evidence, Question
from tests.eval.fakes import BRIDGE, CLOSED, COPY, COST, CRACKS, FERRY, make_evidence
from tests.rag.makers import library_with

QUESTION = "How many million euros will repairs cost?"
LONG = make_article("\n\n".join(f"{'Boats wait. ' * 50}Day {day} ends." for day in (1, 2, 3)), article_id="long")


def span(article: Article, text: str) -> GoldSpan:
    start = article.text.index(text)
    return GoldSpan(article_id=article.ref.id, start=start, end=start + len(text), text=text)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with library_with(tmp_path / "library", [BRIDGE, FERRY, LONG]) as library:
        yield library


def to_score(*articles: Article) -> list[PassageToScore]:
    return [PassageToScore(evidence=piece) for piece in make_evidence(*articles)]


def test_what_is_marked_is_taken_out_and_the_rest_stays_as_it_was() -> None:
    whole = to_score(BRIDGE, FERRY)
    cut, other = without(whole, [span(BRIDGE, CRACKS)])
    passage = cut.evidence.passage
    assert cut.sentences == [CLOSED, COST]
    assert passage.text == f"{CLOSED} {COST}"
    assert passage.article.title == BRIDGE.ref.title
    assert passage.article.id != BRIDGE.ref.id
    assert other == whole[1]


def test_a_sentence_goes_wherever_it_stands() -> None:
    marked = [span(BRIDGE, CLOSED)]
    copied = PassageToScore(
        evidence=make_evidence(COPY)[0], before=(CLOSED, CRACKS), after=(CLOSED.replace(" ", "  "),)
    )
    (left,) = without([copied], marked)
    assert left.sentences == ["From our correspondent.", CRACKS]
    assert (left.before, left.after) == ((CRACKS,), ())


def test_a_passage_of_which_nothing_is_left_goes() -> None:
    marked = [span(FERRY, text) for text in ("The ferry runs twice a day.", "It is free for cyclists.")]
    assert without(to_score(FERRY), marked) == []


def test_paragraphs_stay_apart() -> None:
    article = make_article(f"{CLOSED} {CRACKS}\n\n{COST} Boats go on.", article_id="bridge")
    (left,) = without(to_score(article), [span(article, CRACKS)])
    assert left.evidence.passage.text == f"{CLOSED}\n\n{COST} Boats go on."
    (left,) = without(to_score(article), [span(article, CLOSED), span(article, COST)])
    assert left.evidence.passage.text == f"{CRACKS} Boats go on."


def test_a_passage_knows_the_rest_of_its_article(library: Library) -> None:
    passages = library.archive.passages("long")
    assert len(passages) == 3
    (found,) = in_articles(library.archive, [Evidence(passage=passages[1], score=1.0, rank=1)])
    assert [text for text in found.before if "ends" in text] == ["Day 1 ends."]
    assert [text for text in found.after if "ends" in text] == ["Day 3 ends."]
    assert len(found.before) + len(found.sentences) + len(found.after) == 3 * 51


def test_newsdesks_scores_are_those_by_which_it_chooses(library: Library) -> None:
    passages = [PassageToScore(evidence=piece) for piece in stored_evidence(library, BRIDGE, FERRY)]
    found = NewsdeskScorer(library)(QUESTION, passages)
    reading = read_evidence(library, Question(text=QUESTION), [one.evidence for one in passages])
    by_text = {one.text: one.probability for one in reading.ranked}
    assert found == [[by_text[text] for text in one.sentences] for one in passages]


def test_a_passage_cut_anew_is_scored_as_one_that_was_ingested_so(tmp_path: Path) -> None:
    rest = make_article(f"{CLOSED} {CRACKS}", title="Bridge closed", outlet="Harbour Standard", published="2024-03-04")
    with library_with(tmp_path / "library", [BRIDGE, FERRY, rest]) as library:
        whole = [PassageToScore(evidence=piece) for piece in stored_evidence(library, BRIDGE)]
        cut = without(whole, [span(BRIDGE, COST)])
        as_ingested = [PassageToScore(evidence=piece) for piece in stored_evidence(library, rest)]
        assert indexed_text(cut[0].evidence.passage) == indexed_text(as_ingested[0].evidence.passage)
        scorer = NewsdeskScorer(library)
        assert scorer(QUESTION, cut)[0] == pytest.approx(scorer(QUESTION, as_ingested)[0])


def test_every_scorer_gives_a_score_a_sentence_and_the_best_one_to_what_shares_words(library: Library) -> None:
    passages = to_score(BRIDGE, FERRY)
    for scorer in (NewsdeskScorer(library), CosineScorer(library.embedder), BM25Scorer(library)):
        found = scorer(QUESTION, passages)
        assert [len(scores) for scores in found] == [3, 2]
        assert max(found[0]) > max(found[1])
        assert scorer(QUESTION, []) == []


def article_row(*, sentences: list[tuple[int, int]], text: str = BRIDGE.text) -> WikinewsArticle:
    return WikinewsArticle(
        id="wn-1", url="https://h.example/1", title="T", outlet="O", published="2024-03-04", text=text,
        sentences=sentences,
    )  # fmt: skip


def test_numbered_sentences_are_found_in_what_was_stored(library: Library) -> None:
    text = f"Left out by ingest. {BRIDGE.text}"
    marks = [(0, 19), *((text.index(one), text.index(one) + len(one)) for one in (CLOSED, COST))]
    spans = located([article_row(sentences=marks, text=text)], ["bridge"], library.archive)["wn-1"].spans
    assert spans[1:] == (span(BRIDGE, CLOSED), span(BRIDGE, COST))
    # Known by its text alone, and by no place that a quote could have.
    assert (spans[0].text, spans[0].article_id) == ("Left out by ingest.", "")


def test_a_sentence_that_stands_twice_is_found_at_its_own_place(tmp_path: Path) -> None:
    article = make_article(f"{CLOSED} {CRACKS} {CLOSED}", article_id="twice")
    marks = [(s.start, s.end) for s in make_evidence(article)[0].passage.sentences]
    with library_with(tmp_path / "library", [article]) as library:
        spans = located([article_row(sentences=marks, text=article.text)], ["twice"], library.archive)["wn-1"].spans
    assert [(one.start, one.end) for one in spans] == marks


def test_a_sentence_of_nothing_is_refused(library: Library) -> None:
    with pytest.raises(CaseError, match="article 'wn-1': sentence 0 is empty"):
        located([article_row(sentences=[(28, 29)])], ["bridge"], library.archive)


def stored_evidence(library: Library, *articles: Article) -> list[Evidence]:
    return [
        Evidence(passage=library.archive.passages(article.ref.id)[0], score=1.0, rank=rank)
        for rank, article in enumerate(articles, start=1)
    ]
