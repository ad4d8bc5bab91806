"""The committed graphs are what the network exports to today."""

from __future__ import annotations

from typing import Any

import pytest

pytest.importorskip("torch", reason="needs torch to export")
onnx: Any = pytest.importorskip("onnx", reason="needs onnx to export")


def structure(content: bytes) -> list[object]:
    """All that matters of a graph: its nodes in order, its wires, its weights' names and shapes.

    Left out is what another torch may write otherwise: the producer and the nodes' own names.
    """
    model = onnx.load_from_string(content)
    graph = model.graph
    wires = [value.SerializeToString(deterministic=True) for value in (*graph.input, *graph.output)]
    weights = [(tensor.name, list(tensor.dims), tensor.data_type) for tensor in graph.initializer]
    return [model.opset_import[0].version, wires, weights, [described(node) for node in graph.node]]


def described(node: Any) -> tuple[object, ...]:  # noqa: ANN401 - protobuf classes have no types
    attributes = [attribute.SerializeToString(deterministic=True) for attribute in node.attribute]
    return node.op_type, list(node.input), list(node.output), sorted(attributes)


@pytest.mark.parametrize("name", ["base.onnx", "cascade.onnx", "cascade_half.onnx"])
def test_committed_graphs_equal_a_fresh_export(name: str) -> None:
    from engine.network.export import GRAPHS, export_graphs  # noqa: PLC0415 - needs onnx

    committed = structure((GRAPHS / name).read_bytes())
    assert committed == structure(export_graphs()[name])


@pytest.mark.parametrize("name", ["base.onnx", "cascade.onnx", "cascade_half.onnx"])
def test_graphs_hold_no_weights_themselves(name: str) -> None:
    from engine.network.export import GRAPHS  # noqa: PLC0415 - needs onnx

    model = onnx.load_from_string((GRAPHS / name).read_bytes())
    kept = [t for t in model.graph.initializer if t.data_location != onnx.TensorProto.EXTERNAL]
    assert sum(len(tensor.raw_data) for tensor in kept) < 10_000
    assert len(kept) < len(model.graph.initializer)
