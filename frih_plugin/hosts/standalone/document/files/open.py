"""Opening any file that the editor reads, told by its content."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from engine.color.picture import Picture
from engine.color.profiles import rgb_space
from engine.files.read import open_file, read_picture
from engine.files.tiff_pages import count_pages
from frih_plugin.hosts.standalone.document.compositor import composite
from frih_plugin.hosts.standalone.document.document import MAX_PIXELS, Document, new_document
from frih_plugin.hosts.standalone.document.files.layered_tiff import read_layered_tiff
from frih_plugin.hosts.standalone.document.files.openraster import read_openraster
from frih_plugin.hosts.standalone.document.rendering import render

_ZIP_START = b"PK"
_TIFF_STARTS = (b"II", b"MM")


@dataclass(frozen=True, slots=True, eq=False)
class Opened:
    """A document, and a sentence for each thing in the file that it does not show or keep."""

    document: Document
    notes: tuple[str, ...] = ()


def open_document(path: Path) -> Opened:
    """Open OpenRaster or TIFF with layers, and PNG, TIFF, JPEG or WebP as one layer.

    The layer of a flat picture is called like the file. Raises BadInputError with one sentence for
    whatever cannot be opened, before decoding where the picture is above MAX_PIXELS.
    """
    opened = _open(path)
    note = rgb_space(opened.document.icc).note
    return opened if note is None else Opened(opened.document, (*opened.notes, note))


def read_cut_out(path: Path) -> Picture:
    """A file as one picture, for placing into another document; raises BadInputError."""
    return composite_or_only_layer(open_document(path).document)


def composite_or_only_layer(document: Document) -> Picture:
    """What the document shows; the very pixels where it is one plain layer.

    So a flat picture keeps every bit, also colours that full transparency hides.
    """
    if is_flat(document):
        layer = document.layers[0]
        return render(layer.picture, layer.placement).picture
    return composite(document)


def is_flat(document: Document) -> bool:
    """Whether the document is one visible, plain layer that fills the canvas."""
    if len(document.layers) != 1:
        return False
    layer = document.layers[0]
    is_plain = layer.is_visible and layer.opacity == 1
    return is_plain and layer.placement.keeps_pixels and layer.bounds == document.canvas


def _open(path: Path) -> Opened:
    with open_file(path) as file:
        start = file.read(2)
    if start == _ZIP_START or path.suffix.lower() == ".ora":
        return Opened(*read_openraster(path))
    if start in _TIFF_STARTS and count_pages(path) > 1:
        return Opened(read_layered_tiff(path))
    read = read_picture(path, MAX_PIXELS)
    document = new_document(read.picture, path.stem, read.metadata)
    return Opened(document, read.metadata.dropped)
