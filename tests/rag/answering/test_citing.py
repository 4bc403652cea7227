"""From a draft to checked sentences: marks, exact quotes, corrections and removals."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answering.citing import CheckedDraft, checked_draft
from rag.answering.draft_parser import Mark, plain_text, read_draft
from rag.answering.model_writer import REFUSAL
from rag.checking.sentence_check import SecondJudge, WordCheck
from tests.rag.evidence import evidence, piece

BRIDGE = "A ship struck the bridge at night. Six workers died. The owner denied negligence."
TREATY = "Russia and North Korea signed a treaty on Wednesday. China has not welcomed it. Japan voiced concern."
EVIDENCE = evidence(BRIDGE, TREATY)


def checked(draft: str) -> CheckedDraft:
    return checked_draft(draft, EVIDENCE, check=WordCheck())


def shown(draft: str) -> list[tuple[str, list[str]]]:
    """Each kept sentence with the quotes that it cites."""
    result = checked(draft)
    quotes = {citation.marker: citation.quote for citation in result.citations}
    return [(sentence.text, [quotes[marker] for marker in sentence.citations]) for sentence in result.sentences]


class TestMarks:
    @pytest.mark.parametrize(
        "draft",
        [
            "Six died [1][2]. It sank.",
            "Six died [1, 2]. It sank.",
            "Six died. [1] [2] It sank.",
            "Six died[1] [2]. It sank.",
            "Six died 【1】【2†source】. It sank.",
            "Six died [Evidence 1, Evidence 2]. It sank.",
            "Six died [1-2]. It sank.",
            "Six died [1 and 2]. It sank.",
            "[1][2] Six died.\nIt sank.",
            "Six died.\n[1][2]\nIt sank.",
            "- Six died [1](http://x.example) [2].\n- It sank.",
        ],
    )
    def test_are_read_in_every_usual_form(self, draft: str) -> None:
        first, second = read_draft(draft)
        assert (first.text.rstrip("."), first.ranks) == ("Six died", (1, 2))
        assert (second.text, second.ranks) == ("It sank.", ())

    def test_at_the_start_of_each_line_belong_to_that_line(self) -> None:
        assert [s.ranks for s in read_draft("[1] Six died.\n[2] It sank.")] == [(1,), (2,)]

    def test_years_in_brackets_are_no_marks(self) -> None:
        assert read_draft("It began [2024].")[0].ranks == ()

    def test_are_renumbered_in_the_order_of_first_use(self) -> None:
        result = checked("China has not welcomed it [2]. Six workers died [1].")
        assert [sentence.citations for sentence in result.sentences] == [(1,), (2,)]
        assert [citation.marker for citation in result.citations] == [1, 2]

    def test_the_same_quote_is_cited_once(self) -> None:
        result = checked("Six workers died [1]. The six workers died [1].")
        assert [sentence.citations for sentence in result.sentences] == [(1,), (1,)]
        assert len(result.citations) == 1

    def test_a_repeated_sentence_is_shown_once(self) -> None:
        assert len(checked("Six workers died [1]. Six workers died [2].").sentences) == 1


class TestMarksOfSingleSentences:
    @pytest.mark.parametrize(
        "draft", ["Six died [1.2][2.1].", "Six died [1.2, 2.1].", "Six died. [1.2] [2.1]", "Six died [1.2; 2.1]."]
    )
    def test_are_read_in_every_usual_form(self, draft: str) -> None:
        assert read_draft(draft)[0].marks == (Mark(1, 2), Mark(2, 1))

    def test_may_be_a_range_within_a_passage(self) -> None:
        assert read_draft("Six died [1.2-1.4].")[0].marks == (Mark(1, 2), Mark(1, 3), Mark(1, 4))
        assert read_draft("Six died [1.2-2.1].")[0].marks == (Mark(1, 2), Mark(2, 1))

    def test_all_stand_behind_what_they_support_together(self) -> None:
        draft = "A ship struck the bridge, six workers died and Japan voiced concern [1.1][1.2][2.3]."
        quotes = ["A ship struck the bridge at night.", "Six workers died.", "Japan voiced concern."]
        assert shown(draft) == [(draft.partition(" [")[0] + ".", quotes)]

    def test_are_taken_at_their_word(self) -> None:
        both = ["A ship struck the bridge at night.", "Six workers died."]
        assert shown("Six workers died [1.1][1.2].") == [("Six workers died.", both)]

    def test_that_miss_are_corrected_where_the_words_are_near(self) -> None:
        assert shown("The owner denied negligence [1.2].")[0][1] == ["The owner denied negligence."]

    def test_that_name_no_sentence_are_none(self) -> None:
        assert shown("Six workers died [1.9].") == [("Six workers died.", ["Six workers died."])]
        assert checked("Seven sailors drowned [1.9].").sentences == ()


def test_a_pronoun_behind_its_own_name_leans_on_no_sentence_before() -> None:
    ruiz = evidence("The mayor, Ana Ruiz, opened the bridge on Monday. Later Ruiz said that she would not stand again.")
    wrong = "Seventy people came [1]."
    kept = checked_draft(f"{wrong} Ruiz said that she would not stand again [1].", ruiz, check=WordCheck())
    assert [sentence.text for sentence in kept.sentences] == ["Ruiz said that she would not stand again."]
    lost = checked_draft(f"{wrong} She would not stand again [1].", ruiz, check=WordCheck())
    assert lost.sentences == ()


def test_a_draft_that_was_cut_off_loses_its_last_sentence_even_where_it_is_the_only_one() -> None:
    cut = checked_draft("Six workers died [1]", EVIDENCE, check=WordCheck(), is_truncated=True)
    assert (cut.sentences, [one.reason for one in cut.removed]) == ((), ["the draft ends in the middle of it"])
    assert checked_draft("Six workers died [1].", EVIDENCE, check=WordCheck(), is_truncated=True).sentences


class TestASentence:
    def test_cites_the_very_sentence_that_supports_it(self) -> None:
        assert shown("Six workers died [1].") == [("Six workers died.", ["Six workers died."])]

    def test_that_needs_two_sentences_of_a_passage_cites_both(self) -> None:
        draft = "Russia and North Korea signed a treaty, and Japan voiced concern [2]."
        quotes = ["Russia and North Korea signed a treaty on Wednesday.", "Japan voiced concern."]
        assert shown(draft) == [("Russia and North Korea signed a treaty, and Japan voiced concern.", quotes)]

    @pytest.mark.parametrize("marks", ["", " [2]", " [9]", " [0]", " [2][77]"])
    def test_with_wrong_or_no_marks_gets_the_right_citation(self, marks: str) -> None:
        assert shown(f"Six workers died{marks}.") == [("Six workers died.", ["Six workers died."])]

    def test_that_no_evidence_supports_is_removed_with_a_reason(self) -> None:
        result = checked("Sixty workers died [1].")
        assert not result.sentences
        assert not result.citations
        assert result.removed[0].text == "Sixty workers died."
        assert "Sixty" in result.removed[0].reason

    def test_that_a_draft_ends_within_is_removed_and_one_without_full_stops_is_not(self) -> None:
        result = checked("Six workers died [1]. Japan voiced concern [2]. The owner denied")
        assert [sentence.text for sentence in result.sentences] == ["Six workers died.", "Japan voiced concern."]
        assert [removal.reason for removal in result.removed] == ["the draft ends in the middle of it"]
        assert len(checked("- Six workers died [1]\n- Japan voiced concern [2]").sentences) == 2

    def test_that_says_what_was_checked(self) -> None:
        result = checked("Six workers died [1]. Japan voiced concern [1]. A ship struck the bridge on 5 May [1].")
        assert [(sentence.text, sentence.checked) for sentence in result.sentences] == [
            ("Six workers died.", "kept"),
            ("Japan voiced concern.", "corrected"),
            ("“A ship struck the bridge at night.”", "replaced"),
        ]
        (removal,) = result.removed
        assert removal.text == "A ship struck the bridge on 5 May."
        assert removal.reason.endswith("; the quote stands in its place")

    def test_is_not_replaced_by_what_stands_there_already_or_is_far_off(self) -> None:
        result = checked("Six workers died [1]. Sixty workers died [1]. Norway won five medals [2].")
        assert [sentence.text for sentence in result.sentences] == ["Six workers died."]
        assert len(result.removed) == 2

    def test_must_have_the_entailment_models_agreement_too(self) -> None:
        class Doubting:
            def agrees(self, quotes: str, sentence: str) -> bool:
                return "Japan" in sentence

        result = checked_draft(
            "Japan voiced concern [2]. Six workers died [1].", EVIDENCE, check=SecondJudge(WordCheck(), Doubting())
        )
        assert result.sentences[0].text == "Japan voiced concern."
        assert "entailment model" in result.removed[0].reason

    def test_is_not_supported_by_a_heading(self) -> None:
        pieces = evidence("What changes for drivers now\nThe bridge closed on Monday.")
        result = checked_draft(
            "What changes for drivers now [1]. The bridge closed on Monday [1].", pieces, check=WordCheck()
        )
        assert [sentence.text for sentence in result.sentences] == ["The bridge closed on Monday."]

    def test_that_points_back_to_a_removed_one_is_removed(self) -> None:
        result = checked("Norway built the ship [1]. It struck the bridge at night [1].")
        assert result.sentences == ()
        assert "removed" in result.removed[1].reason

    def test_that_names_nobody_before_its_pronoun_is_removed_too(self) -> None:
        texts = ("Seoul was angry. Some 20 items were added to its controls.",)
        result = checked_draft(
            "Tokyo was angry [1]. Some 20 items were added to its controls [1].", evidence(*texts), check=WordCheck()
        )
        assert result.sentences == ()

    def test_that_goes_on_about_someone_must_stay_in_the_same_article(self) -> None:
        texts = ("Ana Ruiz opened the school.", "Boris Kahn resigned after the vote.")
        result = checked_draft(
            "Ana Ruiz opened the school [1]. She resigned after the vote [2].", evidence(*texts), check=WordCheck()
        )
        assert [sentence.text for sentence in result.sentences] == ["Ana Ruiz opened the school."]

    def test_that_two_articles_state_cites_both(self) -> None:
        pieces = [piece("Six workers died.", 1), piece("Six workers died.", 2)]
        result = checked_draft("Six workers died [1][2].", pieces, check=WordCheck())
        assert {citation.article.id for citation in result.citations} == {"article-1", "article-2"}

    def test_is_not_looked_at_once_there_are_as_many_as_are_wanted(self) -> None:
        draft = "Norway won five medals [2]. Six workers died [1]. Japan voiced concern [2]. It cost nine euros [1]."
        result = checked_draft(draft, EVIDENCE, max_sentences=1, check=WordCheck())
        assert [sentence.text for sentence in result.sentences] == ["Six workers died."]
        assert [citation.marker for citation in result.citations] == [1]
        assert [removed.text for removed in result.removed] == ["Norway won five medals."]

    def test_that_is_the_refusal_is_neither_shown_nor_removed(self) -> None:
        result = checked(f"Six workers died [1]. {REFUSAL}.")
        assert len(result.sentences) == 1
        assert result.removed == ()


class TestMarkup:
    @pytest.mark.parametrize(
        ("draft", "text"),
        [
            ("**Six** workers _died_ [1].", "Six workers died."),
            ("## Six workers died [1].", "Six workers died."),
            ("1. Six workers died [1].", "Six workers died."),
            ("<b>Six</b> workers died [1].", "Six workers died."),
            ("&lt;b&gt;Six&lt;/b&gt; workers died [1].", "Six workers died."),
            ("Six [workers](http://evil.example/?q=1) died [1].", "Six workers died."),
            ("Six workers died ![x](http://evil.example/x.png) [1].", "Six workers died."),
            ("Six workers died [1]. <script>alert(1)</script>", "Six workers died."),
            ("Six wor\u200bkers died [1].", "Six workers died."),
            ("<think>Perhaps sixty?</think>Six workers died [1].", "Six workers died."),
        ],
    )
    def test_is_taken_out(self, draft: str, text: str) -> None:
        assert [sentence.text for sentence in checked(draft).sentences] == [text]

    @given(st.text(alphabet="<>&;ltg#![]()/ahtp:.x\n\"'=*_`12 ", max_size=80))
    def test_leaves_no_tag_address_or_image_whatever_the_draft(self, draft: str) -> None:
        text = plain_text(draft)
        assert not set("<>") & set(text)
        assert "://" not in text
        assert "![" not in text
        assert "](" not in text


sentences = st.sampled_from([*BRIDGE.split(". "), *TREATY.split(". "), "Norway won 5 medals", "He said so", "Why?", ""])
marks = st.sampled_from(["", "[1]", "[2]", "[1, 2]", "[9]", "[0]", "[", "]"])


@given(st.lists(st.tuples(sentences, marks), max_size=6))
def test_markers_and_citations_are_one_set_and_quotes_are_exact(parts: list[tuple[str, str]]) -> None:
    result = checked(" ".join(f"{text.rstrip('.')} {mark}." for text, mark in parts))
    used = [marker for sentence in result.sentences for marker in sentence.citations]
    assert list(dict.fromkeys(used)) == [citation.marker for citation in result.citations]
    texts = {piece.passage.article.id: piece.passage.text for piece in EVIDENCE}
    for citation in result.citations:
        assert texts[citation.article.id][citation.start : citation.end] == citation.quote


@given(st.text(max_size=200))
def test_any_draft_is_read_and_nothing_false_is_kept(draft: str) -> None:
    for sentence in checked(draft).sentences:
        assert sentence.citations


def test_without_evidence_nothing_is_kept() -> None:
    assert checked_draft("Six workers died [1].", [], check=WordCheck()).sentences == ()
