"""Networks of 8-bit weights give the same on every processor."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic

from rag.models.onnx_session import open_session

WIDTH = 64


def test_products_of_large_weights_do_not_overflow(tmp_path: Path) -> None:
    # 255 x 127 + 255 x 127 does not fit into the 16 bits in which processors without VNNI add up a pair.
    weights = np.ones((WIDTH, 4), dtype=np.float32)
    weights[:, 0] = -1
    graph = helper.make_graph(
        [helper.make_node("MatMul", ["x", "w"], ["y"])],
        "product",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, ("B", WIDTH))],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, ("B", 4))],
        [numpy_helper.from_array(weights, "w")],
    )
    plain, small = tmp_path / "plain.onnx", tmp_path / "small.onnx"
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9), plain)
    quantize_dynamic(str(plain), str(small), per_channel=True, weight_type=QuantType.QInt8)
    given = np.ones((1, WIDTH), dtype=np.float32)

    (found,) = open_session(small).run(None, {"x": given})

    np.testing.assert_allclose(found, given @ weights, rtol=0.02)
