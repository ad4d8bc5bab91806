"""The names of the backends; apart from them, so that they load without numpy."""

from __future__ import annotations

from typing import Literal

BackendName = Literal["onnx", "onnx-cuda", "torch", "torch-cuda"]
BACKENDS: tuple[BackendName, ...] = ("onnx", "onnx-cuda", "torch", "torch-cuda")
