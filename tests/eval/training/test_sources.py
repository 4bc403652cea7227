from __future__ import annotations

from pathlib import Path

import pytest

from eval.errors import CaseError
from eval.training.checker.claims import read_twins
from eval.training.news import read_articles, read_questions
from eval.training.reader.wikipedia import is_held_out, read_contexts, read_groups
from eval.training.sources import find_sources
from tests.eval.training.training_data import article, claim, news_world, question, write_lines


def test_folders_are_known_by_their_files_and_the_development_half_by_its_name(tmp_path: Path) -> None:
    sources = find_sources([news_world(tmp_path)])

    assert [file.parent.name for file in sources.questions] == ["train"]
    assert [file.parent.name for file in sources.questions_dev] == ["dev"]
    assert [file.parent.name for file in sources.claims_dev] == ["dev"]
    assert sorted(sources.digests("checker"))[:2] == ["claims/dev/claims.jsonl", "claims/train/claims.jsonl"]
    assert sorted(sources.digests("reader")) == [
        "qa/dev/questions.jsonl",
        "qa/train/questions.jsonl",
        f"{tmp_path.name}/qa/articles.jsonl.gz",
    ]


def test_articles_may_stand_one_folder_up(tmp_path: Path) -> None:
    news_world(tmp_path)

    assert sorted(read_articles(find_sources([tmp_path / "qa" / "train"]))) == ["a1", "a2", "d1"]


def test_a_folder_without_data_is_named(tmp_path: Path) -> None:
    with pytest.raises(CaseError, match="no training data in"):
        find_sources([tmp_path])
    with pytest.raises(CaseError, match="does not exist"):
        find_sources([tmp_path / "elsewhere"])


def test_a_question_on_a_sentence_that_is_not_there_is_named_with_its_line(tmp_path: Path) -> None:
    write_lines(tmp_path / "articles.jsonl.gz", [article("a1")])
    write_lines(
        tmp_path / "questions.jsonl", [question("q1", "a1", "Who?", [[0]]), question("q2", "a1", "Who?", [[9]])]
    )
    sources = find_sources([tmp_path])

    with pytest.raises(CaseError, match=r"questions\.jsonl, line 2: .*'q2' names a sentence"):
        read_questions(sources.questions, read_articles(sources))


def test_a_sentence_that_is_asked_for_is_not_also_partial(tmp_path: Path) -> None:
    write_lines(tmp_path / "articles.jsonl.gz", [article("a1")])
    write_lines(tmp_path / "questions.jsonl", [question("q1", "a1", "Who?", [[0], [1, 2]], [1, 3])])
    sources = find_sources([tmp_path])

    (found,) = read_questions(sources.questions, read_articles(sources))

    assert (found.right, found.partial) == ({0, 1, 2}, {3})


def test_a_claim_with_edits_is_turned_into_its_twin(tmp_path: Path) -> None:
    write_lines(tmp_path / "articles.jsonl.gz", [article("a1")])
    row = {"id": "h1", "article": "a1", "claim": "Bert left.", "sentences": [1], "supported": True, "kind": "form"}
    write_lines(tmp_path / "claims.jsonl", [row | {"edits": [["left", "never left"]]}])
    sources = find_sources([tmp_path])

    (twins,) = read_twins(sources.claims, read_articles(sources))

    assert twins.supporting == "Bert left the town."
    assert twins.failing == "Bert never left the town."
    assert twins.context == "Anna came on Monday."
    assert twins.as_written


@pytest.mark.parametrize(
    ("edits", "reason"),
    [
        ([["flew", "left"]], "edit 'flew' is not in the cited sentences"),
        ([["left", "left"]], "the edits change nothing"),
    ],
)
def test_edits_that_do_not_apply_are_refused(tmp_path: Path, edits: list[list[str]], reason: str) -> None:
    write_lines(tmp_path / "articles.jsonl.gz", [article("a1")])
    row = {"id": "h1", "article": "a1", "claim": "Bert left.", "sentences": [1], "supported": True, "kind": "form"}
    write_lines(tmp_path / "claims.jsonl", [row | {"edits": edits}])
    sources = find_sources([tmp_path])

    with pytest.raises(CaseError, match=f"'h1': {reason}"):
        read_twins(sources.claims, read_articles(sources))


def test_twins_need_different_labels_and_each_other(tmp_path: Path) -> None:
    one = claim("c1", "a1", supported=True, turned=False, evidence="Anna came.")
    write_lines(tmp_path / "claims.jsonl", [one])
    with pytest.raises(CaseError, match="'c1' has no twin"):
        read_twins([tmp_path / "claims.jsonl"], {})

    write_lines(tmp_path / "claims.jsonl", [one, one])
    with pytest.raises(CaseError, match="same label"):
        read_twins([tmp_path / "claims.jsonl"], {})


def test_a_squad_answer_is_found_in_its_sentence(tmp_path: Path) -> None:
    text = "Rain fell. The mayor, Anna Bell, spoke."
    write_lines(tmp_path / "contexts.jsonl.gz", [{"context_id": "T#0", "title": "A_town", "context": text}])
    row = {"id": "s1", "context_id": "T#0", "title": "A_town", "question": "Who spoke?", "answers": ["Anna Bell"]}
    impossible = row | {"id": "s2", "answers": [], "is_impossible": True}
    write_lines(tmp_path / "questions.jsonl.gz", [row | {"is_impossible": False}, impossible])

    found, nothing = read_contexts(find_sources([tmp_path]))

    assert found.answer is not None
    sentence, start, end = found.answer
    assert found.sentences[sentence][start:end] == "Anna Bell"
    assert found.right == {1}
    assert (nothing.right, nothing.answer) == (frozenset(), None)


def test_the_held_out_articles_are_the_same_everywhere() -> None:
    assert [name for name in ("Oxygen", "Force", "Fresno, California") if is_held_out(name)] == [
        "Oxygen",
        "Fresno, California",
    ]


def test_escaped_apostrophes_of_the_groups_are_read_as_apostrophes(tmp_path: Path) -> None:
    row = {"source": "qed", "question": "who\\'s there", "right": ["Anna\\'s here."], "wrong": []}
    write_lines(tmp_path / "groups.jsonl.gz", [row, row | {"right": []}])

    (group,) = read_groups(find_sources([tmp_path]))

    assert (group.question, group.right) == ("who's there", ("Anna's here.",))
