"""Case files are read strictly, and a quote counts only where it stands in its article."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from eval.cases import golden_files, load_cases, locate
from eval.errors import CaseError
from rag.testing import make_article
from tests.eval.fakes import BRIDGE, CLOSED, COPY, COST, make_case

BY_URL = {article.ref.url: article for article in (BRIDGE, COPY)}


def row(**changes: Any) -> dict[str, Any]:
    return make_case((BRIDGE, CLOSED)).model_dump() | changes


def written(folder: Path, *rows: object, name: str = "cases.jsonl") -> Path:
    file = folder / name
    file.write_text("\n".join(r if isinstance(r, str) else json.dumps(r) for r in rows), encoding="utf-8")
    return file


def test_cases_are_read_in_order_and_empty_lines_left_out(tmp_path: Path) -> None:
    file = written(tmp_path, row(id="a"), "", row(id="b"))
    assert [case.id for case in load_cases([file])] == ["a", "b"]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"anwser": "x"}, "anwser: Extra inputs"),
        ({"expected": "maybe"}, "expected: "),
        ({"question": ""}, "question: "),
        ({"published_after": "last week"}, "published_after: "),
        ({"facts": []}, "expected 'answered' with 0 facts"),
        ({"expected": "not_found"}, "expected 'not_found' with 1 facts"),
        ({"facts": [{"any_of": []}]}, "facts.0.any_of: "),
        ({"also_fine": [{"url": "u", "quote": "q", "page": 1}]}, "also_fine.0.page: Extra inputs"),
        ({"outlets": "Harbour Standard"}, "outlets: "),
    ],
)
def test_a_wrong_field_is_refused_with_file_and_line(tmp_path: Path, changes: dict[str, Any], said: str) -> None:
    file = written(tmp_path, row(id="a"), row(id="b", **changes))
    with pytest.raises(CaseError) as refused:
        load_cases([file])
    assert str(refused.value).startswith("cases.jsonl:2: ")
    assert said in str(refused.value)


def test_a_missing_field_is_refused(tmp_path: Path) -> None:
    short = {name: value for name, value in row().items() if name != "tags"}
    with pytest.raises(CaseError, match=r"cases\.jsonl:1: tags: Field required"):
        load_cases([written(tmp_path, short)])


def test_a_line_that_is_no_json_is_refused_with_its_number(tmp_path: Path) -> None:
    with pytest.raises(CaseError, match=r"cases\.jsonl:2: not JSON"):
        load_cases([written(tmp_path, row(), "{")])


def test_an_id_used_twice_is_refused_and_both_places_named(tmp_path: Path) -> None:
    files = [written(tmp_path, row(id="a"), name="one.jsonl"), written(tmp_path, row(id="a"), name="two.jsonl")]
    with pytest.raises(CaseError, match=r"two\.jsonl:1: case id 'a' is already used in one\.jsonl:1"):
        load_cases(files)


def test_a_folder_without_cases_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CaseError, match="no case files"):
        golden_files(tmp_path)


def test_a_quote_is_found_at_its_offsets() -> None:
    (located,) = locate([make_case((BRIDGE, COST), also_fine=[(BRIDGE, CLOSED)])], BY_URL)
    ((span,),) = located.facts
    assert BRIDGE.text[span.start : span.end] == COST
    assert span.article_id == "bridge"
    assert [fine.start for fine in located.also_fine] == [0]


def test_a_sentence_that_stands_twice_is_found_twice() -> None:
    article = make_article("Yes. No. Yes.", url="https://harbour.example/vote", article_id="vote")
    (located,) = locate([make_case((article, "Yes."))], {article.ref.url: article})
    assert [(span.start, span.end) for span in located.facts[0]] == [(0, 4), (9, 13)]


def test_a_quote_that_is_not_in_its_article_is_an_error_that_names_the_case() -> None:
    wrong = make_case((BRIDGE, "The bridge closed on Tuesday."), case_id="bridge-7")
    with pytest.raises(CaseError, match=r"case 'bridge-7': 'The bridge closed on Tuesday\.' is not in"):
        locate([wrong], BY_URL)


def test_a_quote_of_an_unknown_article_is_an_error_that_names_the_case() -> None:
    with pytest.raises(CaseError, match=r"case 'c1': the library has no article 'https://harbour\.example/bridge'"):
        locate([make_case((BRIDGE, CLOSED))], {})
