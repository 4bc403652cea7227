"""A trained network as an int8 ONNX file beside its tokenizer."""

from __future__ import annotations

import re
import shutil
import tempfile
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper

from rag.models.model_files import NETWORK, TOKENIZER
from rag.telemetry import switch_off_telemetry

_AXES = {0: "rows", 1: "tokens"}


def export(
    network: Any, example: Mapping[str, Any], outputs: Sequence[str], source: Path, folder: Path, *, int8: bool = True
) -> None:
    """Write `model.onnx` and `tokenizer.json`; `example` is a feed of two rows, `source` the base encoder's folder.

    The encoder is quantised per channel (see `rag.models.onnx_export`); the heads, a hundredth of the weights, stay
    float, and the layers with the widest inputs are multiplied as floats.
    """
    folder.mkdir(parents=True, exist_ok=True)
    network = network.to("cpu").eval()
    network.encoder.set_attn_implementation("eager")
    axes: dict[str, dict[int, str]] = dict.fromkeys([*example, *outputs], _AXES)
    if "sentence_weights" in axes:
        axes |= {"sentence_weights": {0: "rows", 1: "sentences", 2: "tokens"}, "sentences": {0: "rows", 1: "sentences"}}
    axes |= {name: {0: "rows"} for name in ("nothing", "supported") if name in axes}
    with tempfile.TemporaryDirectory() as scratch, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        plain = Path(scratch, "plain.onnx")
        torch.onnx.export(
            network,
            tuple(torch.from_numpy(value) for value in example.values()),
            str(plain),
            dynamo=False,
            input_names=list(example),
            output_names=list(outputs),
            dynamic_axes=axes,
            opset_version=17,
        )
        if int8:
            _quantise(plain, folder / NETWORK)
        else:
            shutil.copyfile(plain, folder / NETWORK)
    shutil.copyfile(source / "tokenizer.json", folder / TOKENIZER)


def _quantise(source: Path, target: Path) -> None:
    switch_off_telemetry()
    from onnxruntime.quantization import QuantType, quantize_dynamic

    nodes = onnx.load(str(source), load_external_data=False).graph.node
    heads = [node.name for node in nodes if "_head" in node.name]
    weights_only = [node.name for node in nodes if node.op_type == "MatMul" and _WEIGHTS_ONLY.search(node.name)]
    quantize_dynamic(
        str(source),
        str(target),
        per_channel=True,
        reduce_range=False,
        weight_type=QuantType.QInt8,
        nodes_to_exclude=[*heads, *weights_only],
    )
    _round_weights(target, frozenset(weights_only))


_WEIGHTS_ONLY = re.compile(r"layer\.\d+/output/dense")
"""Layers whose input has outliers that int8 cannot hold: their weights are rounded, and multiplied as floats."""


def _round_weights(file: Path, names: frozenset[str]) -> None:
    """Store the weights of some products as int8 with one scale a column; the runtime unfolds them as it loads."""
    model = onnx.load(str(file))
    graph = model.graph
    stored = {one.name: one for one in graph.initializer}
    added = []
    for node in graph.node:
        if node.name not in names:
            continue
        whole = numpy_helper.to_array(stored[node.input[1]])
        scale = np.maximum(np.abs(whole).max(axis=0, keepdims=True) / 127, 1e-12).astype(np.float32)
        name = node.input[1]
        graph.initializer.remove(stored[name])
        graph.initializer.append(numpy_helper.from_array(np.rint(whole / scale).astype(np.int8), f"{name}_int8"))
        graph.initializer.append(numpy_helper.from_array(scale, f"{name}_scale"))
        added.append(helper.make_node("Cast", [f"{name}_int8"], [f"{name}_cast"], to=TensorProto.FLOAT))
        added.append(helper.make_node("Mul", [f"{name}_cast", f"{name}_scale"], [name]))
    for place, node in enumerate(added):
        graph.node.insert(place, node)
    onnx.save(model, str(file))
