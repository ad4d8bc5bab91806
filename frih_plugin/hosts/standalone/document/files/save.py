"""Saving in the format of the name's ending, whole or not at all."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from engine.color.picture import Picture
from engine.errors import OutputError
from engine.files.picture_file import FileFormat, Metadata, PictureFile
from engine.files.write import check_writable, write_picture
from frih_plugin.hosts.standalone.document.document import Document
from frih_plugin.hosts.standalone.document.files.layered_tiff import write_layered_tiff
from frih_plugin.hosts.standalone.document.files.open import composite_or_only_layer, is_flat
from frih_plugin.hosts.standalone.document.files.openraster import write_openraster

_TIFF_ENDINGS = (".tif", ".tiff")
_NOT_KEPT = "What the file said about the photograph (EXIF, XMP) is not kept beside layers."
_FLATTENED = "{} keeps no layers; the picture was saved as it looks. Use OpenRaster to keep them."


def save_document(path: Path, document: Document) -> tuple[str, ...]:
    """Save to .ora, or .tif with layers; .png, .jpg, .webp and a TIFF of one layer are flat.

    Layers that are scaled or turned are saved as they look. Returns one sentence for each thing
    that the new file does not keep; the selection is never kept. Raises OutputError with one
    sentence (a full disk, no permission, an unknown ending, ...); an older file then stays as it
    was.
    """
    ending = path.suffix.lower()
    if ending == ".ora":
        write_openraster(path, document)
        return _lost_beside_layers(document.metadata)
    if ending in _TIFF_ENDINGS and document.layers and not is_flat(document):
        check_writable(path)
        write_layered_tiff(path, document)
        return _lost_beside_layers(document.metadata)
    if ending not in _TIFF_ENDINGS and len(document.layers) > 1:
        return (*_write_flat(path, document), _FLATTENED.format(ending.removeprefix(".").upper()))
    return _write_flat(path, document)


def _write_flat(path: Path, document: Document) -> tuple[str, ...]:
    picture = composite_or_only_layer(document)
    metadata = document.metadata
    if metadata.is_grey and not _is_grey(picture):
        metadata = replace(metadata, is_grey=False)
    try:
        return write_picture(path, picture, PictureFile(picture, FileFormat.PNG, metadata))
    except OutputError as error:
        if path.suffix.lower() in (".png", ".jpg", ".jpeg", ".webp", *_TIFF_ENDINGS):
            raise
        raise OutputError(
            f"{path} does not say in which format to save; let its name end in .ora, which keeps "
            "layers, .png, .jpg, .tif or .webp."
        ) from error


def _is_grey(picture: Picture) -> bool:
    pixels = picture.pixels
    return bool(np.array_equal(pixels[..., 0], pixels[..., 1])) and bool(
        np.array_equal(pixels[..., 1], pixels[..., 2])
    )


def _lost_beside_layers(metadata: Metadata) -> tuple[str, ...]:
    return (_NOT_KEPT,) if metadata.exif or metadata.xmp else ()
