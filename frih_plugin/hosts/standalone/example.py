"""The bundled example as a document: a background, and on it a cut-out that does not belong."""

from __future__ import annotations

import json
from pathlib import Path

import engine
from engine.color.conversion import converted
from frih_plugin.hosts.standalone.document import (
    Document,
    Layer,
    Placement,
    add_layer,
    open_document,
    read_cut_out,
    rename_layer,
)
from frih_plugin.texts import text

_FOLDER = Path(engine.__file__).parent / "examples"


def open_example(name: str = "cake") -> Document:
    """Background and cut-out as two layers, the cut-out on top."""
    entries: dict[str, dict[str, str]] = json.loads(
        (_FOLDER / "examples.json").read_text(encoding="utf-8")
    )
    entry = entries[name]
    document = open_document(_FOLDER / entry["background"]).document
    document = rename_layer(document, document.layers[0].id, text("Photograph"))
    left, top = (int(number) for number in entry["at"].split(","))
    own = converted(read_cut_out(_FOLDER / entry["layer"]), document.icc, document.white)
    return add_layer(document, Layer(own, text("Cut-out"), placement=Placement(left, top)))
