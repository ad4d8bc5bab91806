"""Gives memory that was freed back to the system."""

from __future__ import annotations

import ctypes
import sys


def return_freed_memory() -> None:
    """Hand the heap's free pages back; glibc keeps them otherwise, and other systems do not.

    While onnxruntime rewrites a graph it copies every weight; some 200 MB stay free but held.
    """
    if sys.platform != "linux":
        return
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:  # musl has none
        trim(0)
