"""OpenRaster: a zip with stack.xml, one PNG a layer, the merged picture and a thumbnail."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from engine.color.conversion import converted
from engine.color.depth import Samples
from engine.color.picture import Picture
from engine.errors import BadInputError
from engine.files.atomic import whole_file
from engine.files.explained import decoding
from engine.files.picture_file import Metadata
from engine.files.png import SIGNATURE, encode_png
from engine.files.read import open_file, read_open_picture
from frih_plugin.hosts.standalone.document.compositor import composite
from frih_plugin.hosts.standalone.document.display import shrunk_to, srgb_picture
from frih_plugin.hosts.standalone.document.document import MAX_PIXELS, Document, check_size
from frih_plugin.hosts.standalone.document.files.openraster_stack import (
    Stack,
    StackLayer,
    read_stack,
    write_stack,
)
from frih_plugin.hosts.standalone.document.files.profile import layers_profile
from frih_plugin.hosts.standalone.document.layer import Layer, new_layer_id
from frih_plugin.hosts.standalone.document.placement import Placement
from frih_plugin.hosts.standalone.document.rendering import render

MIMETYPE = b"image/openraster"
MAX_LAYER_BYTES = 4 << 30
"""All layers together, decoded, with alpha."""

_MAX_XML_BYTES = 8 << 20
_MAX_PNG_BYTES = MAX_PIXELS * 9  # 16 bits with alpha, and what deflate adds to noise
_BOMB_BYTES, _BOMB_RATIO = 64 << 20, 100
_THUMBNAIL_SIDE = 256
_ENCODERS = 4
_HEADER = struct.Struct(">8s8xIIB")


def read_openraster(path: Path) -> tuple[Document, tuple[str, ...]]:
    """Read a document, and one sentence for each thing that is not taken over.

    The bottom layer's profile becomes the document's, the largest depth its depth; layers that
    differ are converted. Nothing is ever unpacked to the disk.
    Raises BadInputError where the file is no zip, damaged, unsafe, too large or lacks a part.
    """
    with open_file(path) as file, _named(path), zipfile.ZipFile(file) as archive:
        stack = read_stack(_read(archive, "stack.xml", _MAX_XML_BYTES))
        check_size(str(path), stack.width, stack.height)
        pictures = _pictures(path, archive, stack)
    icc = pictures[0].icc if pictures else None
    white = max((picture.white for picture in pictures), default=255)
    ids = _distinct_ids(stack)
    layers = tuple(
        _layer(described, converted(picture, icc, white), layer_id)
        for described, picture, layer_id in zip(stack.layers, pictures, ids, strict=True)
    )
    depth = 8 if white == np.iinfo(np.uint8).max else 16
    document = Document(stack.width, stack.height, icc, depth, layers, settings=stack.settings)
    return document, stack.notes


def write_openraster(path: Path, document: Document) -> None:
    """Write a document, whole or not at all; raises OutputError.

    Layers keep their pixels to the last bit; those that are scaled or turned are written as they
    are shown. The merged picture and the thumbnail are 8-bit sRGB, as the specification wants.
    """
    described = [_described(index, layer) for index, layer in enumerate(document.layers)]
    stack = Stack(
        document.width, document.height, tuple(one for one, _ in described), document.settings
    )
    icc = layers_profile(document.icc)
    merged = srgb_picture(composite(document))
    to_encode = [(picture, icc) for _, picture in described]
    to_encode += [(merged, None), (shrunk_to(merged, _THUMBNAIL_SIDE), None)]
    names = [layer.source for layer, _ in described]
    names += ["mergedimage.png", "Thumbnails/thumbnail.png"]
    with ThreadPoolExecutor(_ENCODERS) as encoders:  # zlib runs beside Python
        encoded = list(encoders.map(_png, *zip(*to_encode, strict=True)))
    with whole_file(path) as file, zipfile.ZipFile(file, "w") as archive:
        archive.writestr("mimetype", MIMETYPE, zipfile.ZIP_STORED)
        archive.writestr("stack.xml", write_stack(stack), zipfile.ZIP_DEFLATED)
        for name, png in zip(names, encoded, strict=True):
            archive.writestr(name, png, zipfile.ZIP_STORED)


@contextmanager
def _named(path: Path) -> Generator[None]:
    """Put the file's name before what is said of its parts, and explain a damaged zip."""
    try:
        with decoding(path):
            yield
    except BadInputError as error:
        if str(error).startswith(str(path)):
            raise
        raise BadInputError(f"{path} {error}") from error
    except zipfile.BadZipFile as error:
        raise BadInputError(
            f"{path} is not an OpenRaster file, or damaged or cut short; get a fresh copy of it."
        ) from error


def _read(archive: zipfile.ZipFile, name: str, most_bytes: int) -> bytes:
    """One part of the file; its announced size is checked first, and zipfile reads no more."""
    try:
        entry = archive.getinfo(name)
    except KeyError as error:
        raise BadInputError(
            f'has no "{name}", so it is no OpenRaster file or not a whole one; '
            "get a fresh copy of it."
        ) from error
    grows = entry.file_size > _BOMB_RATIO * max(entry.compress_size, 1)
    if entry.file_size > most_bytes or (grows and entry.file_size > _BOMB_BYTES):
        raise BadInputError(
            f'holds "{name}" of {entry.file_size >> 20} MB, which is more than is read here; '
            "save it again with smaller layers."
        )
    return archive.read(entry)


def _pictures(path: Path, archive: zipfile.ZipFile, stack: Stack) -> list[Picture]:
    pictures: list[Picture] = []
    total = 0
    for layer in stack.layers:
        png = _read(archive, _safe(layer.source), _MAX_PNG_BYTES)
        total += _announced_bytes(png)
        if total > MAX_LAYER_BYTES:
            raise BadInputError(
                f"has layers that need more than {MAX_LAYER_BYTES >> 30} GiB together; "
                "merge some of them first."
            )
        part = path / layer.source
        pictures.append(read_open_picture(part, io.BytesIO(png), MAX_PIXELS).picture)
    return pictures


def _safe(name: str) -> str:
    parts = name.replace("\\", "/").split("/")
    if not name or ".." in parts or parts[0] == "" or ":" in parts[0]:
        raise BadInputError(
            f'names "{name}" as a layer\'s picture, which is no place inside the file; '
            "get a fresh copy of it."
        )
    return name


def _announced_bytes(png: bytes) -> int:
    """What the picture will need, from a PNG's header; others are declined when decoded."""
    if not png.startswith(SIGNATURE) or len(png) < _HEADER.size:
        raise BadInputError("holds a layer that is not a PNG picture; get a fresh copy of it.")
    _, width, height, bits = _HEADER.unpack_from(png)
    return width * height * 4 * max(bits // 8, 1)


def _distinct_ids(stack: Stack) -> list[str]:
    """The layers' own ids; new ones where they have none or repeat one."""
    ids: list[str] = []
    for layer in stack.layers:
        is_new = layer.id and layer.id not in ids
        ids.append(layer.id if layer.id and is_new else new_layer_id())
    return ids


def _layer(described: StackLayer, picture: Picture, layer_id: str) -> Layer:
    return Layer(
        picture,
        described.name,
        layer_id,
        Placement(described.left, described.top),
        described.is_visible,
        described.opacity,
        described.mode,
        described.is_locked,
        described.settings,
    )


def _described(index: int, layer: Layer) -> tuple[StackLayer, Picture]:
    rendered = render(layer.picture, layer.placement)
    described = StackLayer(
        f"data/layer{index}.png",
        layer.name,
        rendered.left,
        rendered.top,
        layer.opacity,
        layer.is_visible,
        layer.mode,
        layer.is_locked,
        layer.id,
        layer.settings,
    )
    return described, rendered.picture


def _png(picture: Picture, icc: bytes | None) -> bytes:
    samples: Samples = picture.pixels
    if picture.alpha is not None:
        samples = np.dstack((picture.pixels, picture.alpha))
    buffer = io.BytesIO()
    encode_png(buffer, samples, icc, Metadata())
    return buffer.getvalue()
