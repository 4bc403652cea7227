"""Tiny networks and a tokenizer in the files that the reader and the checker read, for tests without weights."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

from rag.models.model_files import NETWORK, TOKENIZER, write_info

WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "who", "when", "came", "left", "anna", "bert", "on", "monday", "yes", "no"]
WORDS += [".", ",", "(", ")"]
AS_IT_IS = {"slope": 1.0, "offset": 0.0}
READER_CONSTANTS: dict[str, Any] = {
    **dict.fromkeys(("sentence", "passage", "confidence"), AS_IT_IS),
    "rank_weight": 1.0,
    "shown_within": 2.0,
    "answer_at": 0.6,
    "sure_at": 0.9,
}


def tiny_tokenizer() -> Tokenizer:
    """One token a word, lower case."""
    tokenizer = Tokenizer(models.WordLevel({word: i for i, word in enumerate(WORDS)}, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    return tokenizer


def tiny_reader(folder: Path) -> Path:
    """A reader whose logit of a sentence is the mean of its tokens' values: "anna" is worth 12, all others 0.

    "Nothing" has the logit 0; an answer begins and ends at "anna".
    """
    values = np.array([12.0 if word == "anna" else 0.0 for word in WORDS], dtype=np.float32)
    nodes = [
        helper.make_node("Gather", ["values", "input_ids"], ["found"]),
        helper.make_node("Unsqueeze", ["found", "last"], ["column"]),
        helper.make_node("MatMul", ["sentence_weights", "column"], ["means"]),
        helper.make_node("Squeeze", ["means", "last"], ["sentences"]),
        helper.make_node("ReduceSum", ["found", "last"], ["sum"], keepdims=0),
        helper.make_node("Sub", ["sum", "sum"], ["nothing"]),
        helper.make_node("Identity", ["found"], ["starts"]),
        helper.make_node("Identity", ["found"], ["ends"]),
    ]
    inputs = {"input_ids": ("B", "T"), "attention_mask": ("B", "T"), "token_type_ids": ("B", "T")}
    outputs = {"sentences": ("B", "S"), "nothing": ("B",), "starts": ("B", "T"), "ends": ("B", "T")}
    _write(folder, nodes, inputs, {"sentence_weights": ("B", "S", "T")}, outputs, {"values": values})
    write_info(folder, task="reader", constants=READER_CONSTANTS)
    return folder


def tiny_checker(folder: Path) -> Path:
    """A checker whose logit is the evidence's share of "yes" less the claim's share of "no", times 8."""
    yes, no = (np.array([8.0 if word == w else 0.0 for word in WORDS], dtype=np.float32) for w in ("yes", "no"))
    nodes = [
        helper.make_node("Gather", ["yes", "input_ids"], ["yeses"]),
        helper.make_node("Gather", ["no", "input_ids"], ["noes"]),
        helper.make_node("Mul", ["yeses", "evidence_weights"], ["for"]),
        helper.make_node("Mul", ["noes", "claim_weights"], ["against"]),
        helper.make_node("Sub", ["for", "against"], ["both"]),
        helper.make_node("ReduceSum", ["both", "last"], ["supported"], keepdims=0),
    ]
    inputs = {"input_ids": ("B", "T"), "attention_mask": ("B", "T"), "token_type_ids": ("B", "T")}
    floats = {"claim_weights": ("B", "T"), "evidence_weights": ("B", "T")}
    _write(folder, nodes, inputs, floats, {"supported": ("B",)}, {"yes": yes, "no": no})
    write_info(folder, task="checker", constants={"supported": AS_IT_IS, "keep_at": 0.6})
    return folder


def _write(
    folder: Path,
    nodes: list[Any],
    whole: dict[str, tuple[str, ...]],
    floats: dict[str, tuple[str, ...]],
    outputs: dict[str, tuple[str, ...]],
    tables: dict[str, Any],
) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    tables = {**tables, "last": np.array([-1], dtype=np.int64)}
    graph = helper.make_graph(
        nodes,
        "tiny",
        [helper.make_tensor_value_info(name, TensorProto.INT64, shape) for name, shape in whole.items()]
        + [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name, shape in floats.items()],
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name, shape in outputs.items()],
        [numpy_helper.from_array(value, name) for name, value in tables.items()],
    )
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9), folder / NETWORK)
    tiny_tokenizer().save(str(folder / TOKENIZER))
