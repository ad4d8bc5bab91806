"""TIFF with layers: the merged picture, then one page a layer, bottom first.

Other programs show the first page. What TIFF has no tag for (places, opacity, blend modes) stands
as JSON in that page's text. Pages of files by others become layers as they are.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import cast

import numpy as np

from engine.color.blending import BlendMode
from engine.color.conversion import converted
from engine.color.picture import Picture
from engine.errors import BadInputError
from engine.files.tiff_pages import Page, PagedFile, read_pages, write_pages
from frih_plugin.hosts.standalone.document.compositor import composite
from frih_plugin.hosts.standalone.document.document import MAX_PIXELS, Document
from frih_plugin.hosts.standalone.document.files.profile import layers_profile
from frih_plugin.hosts.standalone.document.layer import Layer
from frih_plugin.hosts.standalone.document.placement import Placement
from frih_plugin.hosts.standalone.document.rendering import render

_MARK = "FRIH layers "
_Entry = dict[str, object]


def read_layered_tiff(path: Path) -> Document:
    """Read a TIFF's pages as layers; raises BadInputError.

    The first page's size is the canvas, its profile the document's; the largest depth counts.
    """
    paged = read_pages(path, MAX_PIXELS)
    canvas = paged.pages[0].picture
    entries, settings = _entries(paged)
    pages = paged.pages if entries is None else paged.pages[1:]
    white = max(page.picture.white for page in pages)
    layers = tuple(
        _layer(page, converted(page.picture, canvas.icc, white), index, entries)
        for index, page in enumerate(pages)
    )
    depth = 8 if white == np.iinfo(np.uint8).max else 16
    return Document(canvas.width, canvas.height, canvas.icc, depth, layers, settings=settings)


def write_layered_tiff(path: Path, document: Document) -> None:
    """Write the merged picture and all layers, whole or not at all; raises OutputError."""
    icc = layers_profile(document.icc)
    rendered = [render(layer.picture, layer.placement) for layer in document.layers]
    pages = [
        Page(_with_profile(drawn.picture, icc), layer.name)
        for drawn, layer in zip(rendered, document.layers, strict=True)
    ]
    entries = [
        _entry(layer, drawn.left, drawn.top)
        for drawn, layer in zip(rendered, document.layers, strict=True)
    ]
    text = _MARK + json.dumps({"layers": entries, "settings": document.settings})
    merged = Page(_with_profile(composite(document), icc), "merged")
    write_pages(path, PagedFile((merged, *pages), text))


def _with_profile(picture: Picture, icc: bytes | None) -> Picture:
    return Picture(picture.pixels, picture.alpha, icc)


def _entry(layer: Layer, left: int, top: int) -> _Entry:
    return {
        "id": layer.id,
        "name": layer.name,
        "left": left,
        "top": top,
        "visible": layer.is_visible,
        "opacity": layer.opacity,
        "mode": layer.mode.value,
        "locked": layer.is_locked,
        "settings": layer.settings,
    }


def _entries(paged: PagedFile) -> tuple[list[_Entry] | None, str | None]:
    """Our own description of the pages, and the document's text; None where there is none."""
    if not paged.description.startswith(_MARK):
        return None, None
    try:
        found = json.loads(paged.description.removeprefix(_MARK))
        entries, settings = cast("list[_Entry]", found["layers"]), found["settings"]
        distinct = {str(entry["id"]) for entry in entries}
    except (ValueError, LookupError, TypeError):
        return None, None
    if not len(entries) == len(distinct) == len(paged.pages) - 1:
        return None, None  # someone else has added or taken away pages
    return entries, settings if isinstance(settings, str) else None


def _layer(page: Page, picture: Picture, index: int, entries: list[_Entry] | None) -> Layer:
    plain = Layer(
        picture, page.name or f"Page {index + 1}", placement=Placement(page.left, page.top)
    )
    if entries is None:
        return plain
    try:
        return _described(picture, entries[index])
    except (LookupError, TypeError, ValueError, BadInputError):
        return plain  # someone else has edited the text


def _described(picture: Picture, entry: _Entry) -> Layer:
    settings = entry["settings"]
    return Layer(
        picture,
        str(entry["name"]),
        str(entry["id"]),
        Placement(int(str(entry["left"])), int(str(entry["top"]))),
        is_visible=entry["visible"] is True,
        opacity=float(str(entry["opacity"])),
        mode=BlendMode(entry["mode"]),
        is_locked=entry["locked"] is True,
        settings=settings if isinstance(settings, str) else None,
    )
