"""The ICC profile of linear sRGB, as Krita's "sRGB-elle-V2-g10.icc", which it cannot hand over."""

from __future__ import annotations

import struct

_COLORANTS = {
    # Of sRGB, adapted to D50, as s15Fixed16 (IEC 61966-2-1, ICC.1:2022 annex E).
    "rXYZ": (0.43604125, 0.22248454, 0.01392019),
    "gXYZ": (0.38511291, 0.71690508, 0.09706724),
    "bXYZ": (0.14304584, 0.06061038, 0.71391257),
}
_WHITE = (0.9642, 1.0, 0.8249)
_ILLUMINANT_AT, _TAGS_AT = 68, 128


def linear_srgb_profile() -> bytes:
    """A matrix profile with straight curves (ICC.1:2022; version 2.4)."""
    tags = {
        "desc": _description("Linear sRGB"),
        "cprt": b"text" + bytes(4) + b"Public domain\0",
        "wtpt": _xyz(_WHITE),
        **{name: _xyz(value) for name, value in _COLORANTS.items()},
        **dict.fromkeys(("rTRC", "gTRC", "bTRC"), b"curv" + bytes(8)),
    }
    table, body = struct.pack(">I", len(tags)), b""
    start = _TAGS_AT + 4 + 12 * len(tags)
    for name, content in tags.items():
        table += struct.pack(">4sII", name.encode(), start + len(body), len(content))
        body += content + bytes(-len(content) % 4)
    return _header(start + len(body)) + table + body


def _header(size: int) -> bytes:
    start = struct.pack(
        ">I4xI4s4s4s6H4s", size, 0x02400000, b"mntr", b"RGB ", b"XYZ ", 2000, 1, 1, 0, 0, 0, b"acsp"
    )
    return (start + bytes(_ILLUMINANT_AT - len(start)) + _fixed(_WHITE)).ljust(_TAGS_AT, b"\0")


def _description(words: str) -> bytes:
    text = words.encode() + b"\0"
    return b"desc" + bytes(4) + struct.pack(">I", len(text)) + text + bytes(78)


def _xyz(values: tuple[float, float, float]) -> bytes:
    return b"XYZ " + bytes(4) + _fixed(values)


def _fixed(values: tuple[float, float, float]) -> bytes:
    return struct.pack(">3i", *(round(value * 65536) for value in values))
