from __future__ import annotations

import pytest

from rag.text.standalone import in_comment

REPORT = "The bridge opened on Monday. A poster by the gate said 10:30: nobody came."


@pytest.mark.parametrize(
    "head",
    [
        "Posted by “river_rat”, 1 August, 10:14:",
        "*Posted by Ana Ruiz on 3 May at 9.05 pm:*",
        "Comment by a reader in Graz, 18:40:",
        "Commented by B. Cole | 2 June 2024, 07:00:",
    ],
)
def test_every_sentence_of_a_comment_is_one_and_the_report_beside_it_is_not(head: str) -> None:
    comment = f"{head} I was there. It was closed."
    text = f"{REPORT}\n\n{comment}\n\nThe mayor was content."

    assert in_comment(text, text.index("I was there"))
    assert in_comment(text, text.index("It was closed"))
    assert not any(in_comment(text, text.index(said)) for said in ("The bridge", "A poster", "The mayor"))


@pytest.mark.parametrize(
    "line",
    [
        "Posted by the ministry at 10:30 on Monday, the notice closes the road.",
        "A comment by the mayor at 10:14 started it: he called them late.",
    ],
)
def test_a_report_of_what_was_posted_is_none(line: str) -> None:
    assert not in_comment(line, 0)
