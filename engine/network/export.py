"""Writes the ONNX graphs without their weights: those come from the one weights file.

`python -m engine.network.export` after a change of the network; a test compares the committed
graphs with what this makes. Needs torch and onnx, which users do not have.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import onnx
import torch
from torch import Tensor, nn
from torch.nn import functional

from engine.network.config import DEFAULT, NetworkConfig
from engine.network.frih import FRIH
from engine.network.inference import BaseInference, CascadeInference
from engine.network.inference_weights import base_weights, cascade_weights
from engine.view import VIEW_SIZE

GRAPHS = Path(__file__).resolve().parents[1] / "runtime" / "graphs"
SHARED_NAMES = tuple(f"shared_{level}" for level in range(1, 8))

_OPSET = 17
_EXPORTER: Any = torch.onnx  # its annotations know neither scripted graphs nor open files


def export_graphs(config: NetworkConfig = DEFAULT) -> dict[str, bytes]:
    """The serialized graphs by file name, every weight an external initializer without data."""
    arrays = {name: t.float().numpy() for name, t in FRIH(config).eval().state_dict().items()}
    base = BaseInference(base_weights(arrays, config), config).eval()
    cascade = CascadeInference(cascade_weights(arrays, config), config).eval()
    picture = torch.rand(1, 3, VIEW_SIZE, VIEW_SIZE)
    mask = torch.ones(1, 1, VIEW_SIZE, VIEW_SIZE)
    with torch.no_grad():
        coarse, _, *shared = base(picture, mask)
    seen = (coarse, mask, *shared)
    half = tuple(functional.avg_pool2d(part, 2) for part in seen)
    outputs = ("coarse", "color_map", *SHARED_NAMES)
    inputs = ("coarse", "submask", *SHARED_NAMES)
    return {
        "base.onnx": _export(base, (picture, mask), ("composite", "mask"), outputs),
        "cascade.onnx": _export(cascade, seen, inputs, ("prediction",)),
        "cascade_half.onnx": _export(cascade, half, inputs, ("prediction",)),
    }


def _export(
    module: nn.Module, example: tuple[Tensor, ...], inputs: Sequence[str], outputs: Sequence[str]
) -> bytes:
    file = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the exporter of scripted graphs is called legacy
        _EXPORTER.export(
            module, example, file, input_names=list(inputs), output_names=list(outputs),
            opset_version=_OPSET, dynamo=False, do_constant_folding=False,
        )  # fmt: skip
    model = onnx.load_from_string(file.getvalue())
    wanted = dict(module.named_buffers())
    for tensor in model.graph.initializer:
        if tensor.name in wanted:
            _take_out(tensor)
    model.producer_version = ""
    for node in model.graph.node:
        del node.metadata_props[:]
        node.doc_string = ""
    return model.SerializeToString(deterministic=True)


def _take_out(tensor: onnx.TensorProto) -> None:
    tensor.ClearField("raw_data")
    tensor.ClearField("float_data")
    tensor.data_location = onnx.TensorProto.EXTERNAL
    del tensor.external_data[:]
    entry = tensor.external_data.add()
    entry.key, entry.value = "location", "weights"


def main() -> None:
    """Write all graphs."""
    GRAPHS.mkdir(parents=True, exist_ok=True)
    for name, graph in export_graphs().items():
        (GRAPHS / name).write_bytes(graph)


if __name__ == "__main__":
    main()
