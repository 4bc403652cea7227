"""The baseline that reads a text alone sees style where there is some, and never the groups that it is asked about."""

from __future__ import annotations

from eval.reference_systems.text_alone import LabelledText, probabilities


def texts(groups: int) -> list[LabelledText]:
    """In every group a question that can be answered and one that cannot, each in the style of its kind."""
    return [
        LabelledText(text=text, label=label, group=f"article {number}")
        for number in range(groups)
        for text, label in ((f"What did mayor {number} say?", True), (f"How much was fine {number}?", False))
    ]


def test_style_gives_labels_away() -> None:
    found = probabilities(texts(10))
    assert all(answerable > not_answerable for answerable, not_answerable in zip(found[::2], found[1::2], strict=True))
    assert found == probabilities(texts(10))


def test_nothing_is_learnt_from_the_group_that_is_asked_about() -> None:
    # the word that tells the label stands in one group only
    told = [
        LabelledText(text=f"word{number} {'yes' if label else 'no'}", label=label, group=f"article {number}")
        for number, label in enumerate([True, False])
    ]
    assert probabilities(told) == [0.5, 0.5]


def test_with_a_training_half_the_texts_own_labels_are_not_looked_at() -> None:
    asked = texts(2)
    turned = [LabelledText(text=one.text, label=not one.label, group=one.group) for one in asked]
    assert probabilities(asked, training=texts(6)) == probabilities(turned, training=texts(6))


def test_where_there_is_one_label_only_nothing_can_be_told() -> None:
    same = [LabelledText(text="Why?", label=True, group=str(number)) for number in range(4)]
    assert probabilities(same) == [0.5] * 4
    assert probabilities([]) == []
