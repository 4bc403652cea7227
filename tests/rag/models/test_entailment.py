"""The optional entailment model: any cross-encoder whose labels name entailment, and no other."""

from __future__ import annotations

from pathlib import Path

import pytest

from rag.errors import SettingsError
from rag.models.entailment import CrossEncoderEntailment, open_entailment
from rag.settings import Settings


def saved(folder: Path, *labels: str) -> Path:
    """A tiny classifier with these labels, untrained."""
    from transformers import AutoTokenizer, BertConfig, BertForSequenceClassification

    from rag.models.onnx_export import DEFAULT_MODEL, weights_folder

    tokenizer = AutoTokenizer.from_pretrained(str(weights_folder(DEFAULT_MODEL)))
    config = BertConfig(
        vocab_size=len(tokenizer), hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16,
        num_labels=len(labels), id2label=dict(enumerate(labels)), label2id={name: i for i, name in enumerate(labels)},
    )  # fmt: skip
    BertForSequenceClassification(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def test_none_is_asked_unless_one_is_set() -> None:
    assert open_entailment(Settings()) is None


@pytest.mark.slow
def test_a_model_with_a_label_for_entailment_is_asked(tmp_path: Path) -> None:
    model = open_entailment(Settings(entailment=str(saved(tmp_path, "contradiction", "entailment", "neutral"))))
    assert isinstance(model, CrossEncoderEntailment)
    assert model.agrees("Six workers died.", "Six died.") in (True, False)


@pytest.mark.slow
def test_a_model_without_one_or_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="no label for entailment"):
        open_entailment(Settings(entailment=str(saved(tmp_path / "other", "good", "bad"))))
    with pytest.raises(SettingsError, match="NEWSDESK_ENTAILMENT"):
        open_entailment(Settings(entailment=str(tmp_path / "nowhere")))
