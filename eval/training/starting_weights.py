"""Weights to begin a training from: averaged ones of an earlier run, or those of an exported model.

An exported file's weights are rounded to eight bits, which the first steps of a training undo; so whoever has the
product can train on without the run that its weights come from.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import NodeProto, numpy_helper

from eval.errors import CaseError
from rag.models.model_files import CURVE, NETWORK

Array = NDArray[Any]


def weights_file(start: Path) -> Path:
    """The file that holds the weights; raises `CaseError` where there is none."""
    file = start / NETWORK if start.is_dir() else start
    if not file.exists():
        raise CaseError(f"no weights at {str(start)!r}; name a best.pt or the folder of an exported model")
    return file


def curve_file(start: Path) -> Path:
    """Where the curve of the run that made these weights stands, if it was kept."""
    return weights_file(start).parent / CURVE


def averaged_weights(starts: Sequence[Path]) -> Mapping[str, Any]:
    """The mean of several runs' weights (Wortsman et al., Model soups, ICML 2022), of one its own.

    Runs that began from the same weights lie near each other: their mean is as good as the best of them or better, and
    costs no more than one. Raises `CaseError` where they are of different networks.
    """
    found = [read_weights(start) for start in starts]
    if any(set(one) - _NEVER_TRAINED != set(found[0]) - _NEVER_TRAINED for one in found):
        raise CaseError("the weights after --start are of different networks; name runs of one model")
    names = set.intersection(*(set(one) for one in found))
    return {name: sum(one[name].float() for one in found) / len(found) for name in sorted(names)}


_NEVER_TRAINED = frozenset(("encoder.embeddings.word_embeddings.weight",))


def read_weights(start: Path) -> Mapping[str, Any]:
    """Tensors by the names that the networks of `eval.training.network` give them."""
    file = weights_file(start)
    if file.suffix == ".onnx":
        return {name: torch.from_numpy(value.copy()) for name, value in exported_weights(file).items()}
    found: Mapping[str, Any] = torch.load(file, map_location="cpu", weights_only=True)
    averaged: Mapping[str, Any] = found.get("averaged", found)
    return averaged


def exported_weights(file: Path) -> dict[str, Array]:
    """The weights of an exported file, unfolded from int8 and from smoothing.

    The word vectors are left out: training never changes them, and the base has them unrounded.
    """
    graph = onnx.load(str(file)).graph
    stored = {one.name: numpy_helper.to_array(one) for one in graph.initializer}
    found: dict[str, Array] = {}
    for name, value in stored.items():
        plain = name.removesuffix("_quantized").replace(".linear.bias", ".bias")
        if name.endswith("embeddings.weight_quantized") and "word_embeddings" not in name:
            scale, zero = stored[f"{plain}_scale"], stored[f"{plain}_zero_point"]
            found[plain] = ((value.astype(np.float32) - zero.astype(np.float32)) * scale).astype(np.float32)
        elif plain.endswith((".bias", "LayerNorm.weight")):
            found[plain] = value
    for node in graph.node:
        if node.op_type in ("MatMul", "MatMulInteger") and (product := _factor(node, stored)) is not None:
            module = _module(node)
            smoothed = stored.get(f"{module}.inverse")
            # A smoothed layer holds its weights times what its inputs are divided by.
            found[f"{module}.weight"] = (product if smoothed is None else product * smoothed[:, None]).T
    return found


def _factor(node: NodeProto, stored: Mapping[str, Array]) -> Array | None:
    """The constant factor of a product, of shape (inputs, outputs); None where both factors are computed."""
    name = node.input[1]
    if name in stored:
        if not name.endswith("_quantized"):
            return stored[name]
        base = name.removesuffix("_quantized")
        zero = stored[f"{base}_zero_point"].astype(np.float32)
        return (stored[name].astype(np.float32) - zero) * stored[f"{base}_scale"]
    if f"{name}_int8" in stored:
        return np.asarray(stored[f"{name}_int8"] * stored[f"{name}_scale"], dtype=np.float32)
    return None


def _module(node: NodeProto) -> str:
    """The layer that a product's node is named after: "/encoder/encoder/layer.0/output/dense/MatMul"."""
    parts = [part for part in node.name.split("/")[1:-1] if part != "linear"]
    # A head's layers are named with the head: "/nothing_head/nothing_head.0".
    if len(parts) > 1 and parts[1].startswith(f"{parts[0]}."):
        parts = parts[1:]
    return ".".join(parts)
