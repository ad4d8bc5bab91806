"""The bundled examples: a background and a layer each."""

from __future__ import annotations

import json
from pathlib import Path

from engine.cli.commands import PastedLayer
from engine.cli.values import offset

_FOLDER = Path(__file__).resolve().parents[1] / "examples"


def example_names() -> tuple[str, ...]:
    """The names of the examples, the one to show first in front."""
    return tuple(_entries())


def example_source(name: str) -> PastedLayer:
    """An example's background, layer and offset."""
    entry = _entries()[name]
    background, layer = _FOLDER / entry["background"], _FOLDER / entry["layer"]
    return PastedLayer(background, layer, offset(entry["at"]))


def _entries() -> dict[str, dict[str, str]]:
    return json.loads((_FOLDER / "examples.json").read_text(encoding="utf-8"))
