"""Which profile goes into files whose layers are RGB."""

from __future__ import annotations


def layers_profile(icc: bytes | None) -> bytes | None:
    """The profile, unless it is one for grey: beside RGB pixels it would be invalid."""
    return None if icc is None or icc[16:20] != b"RGB " else icc
