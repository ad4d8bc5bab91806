"""What the network could run on here, found out without loading any of it."""

from __future__ import annotations

import ctypes
import sys
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec

from engine.runtime.names import BACKENDS, BackendName
from frih_plugin.protocol.messages import Backend

DEFAULT: BackendName = "onnx"
"""What "auto" stands for: it runs everywhere, and a graphics card is used when asked for."""

_NO_TORCH = "torch is not installed."
_NO_CUDA = "No NVIDIA driver was found."
_NO_ONNX_CUDA = "onnxruntime-gpu is not installed."
_CPU_TORCH = "The torch that is installed is for processors only."


def known_backends() -> tuple[Backend, ...]:
    """All backends, with what is missing where one cannot be had.

    A look at what is installed; only starting a backend shows whether it runs.
    """
    return tuple(_described(name) for name in BACKENDS)


def _described(name: BackendName) -> Backend:
    why_not = _why_not(name)
    return Backend(name, available=not why_not, why_not=why_not)


def _why_not(name: BackendName) -> str:
    match name:
        case "onnx":
            return "" if find_spec("onnxruntime") else "onnxruntime is not installed."
        case "onnx-cuda":
            return _NO_ONNX_CUDA if _version("onnxruntime-gpu") is None else _no_driver()
        case "torch":
            return "" if find_spec("torch") else _NO_TORCH
        case "torch-cuda":
            found = _version("torch")
            if found is None:
                return _NO_TORCH
            return _CPU_TORCH if found.endswith("+cpu") else _no_driver()


def _no_driver() -> str:
    try:
        ctypes.CDLL("nvcuda.dll" if sys.platform == "win32" else "libcuda.so.1")
    except OSError:
        return _NO_CUDA
    return ""


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None
