"""Pixels of layers and pictures, read and converted band by band, so that no call takes long."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from krita import Document

from frih_plugin.hosts.krita.declined import DeclinedError
from frih_plugin.hosts.krita.spaces import Space
from frih_plugin.hosts.krita.steps import Steps
from frih_plugin.protocol.framing import Buffer
from frih_plugin.protocol.pixels import Depth, Pixels
from frih_plugin.qt.core import QByteArray, QRect
from frih_plugin.texts import text

if TYPE_CHECKING:
    from krita import PixelBytes

BAND_PIXELS = 1 << 19
"""A band of so many pixels is read, or converted, in a few milliseconds."""

OPAQUE: dict[Depth, bytes] = {
    "u8": b"\xff",
    "u16": b"\xff\xff",
    "f16": b"\x00\x3c",
    "f32": b"\x00\x00\x80\x3f",
}
"""The bytes of the largest alpha."""

Read = Callable[[int, int, int, int], "PixelBytes"]
"""Of left, top, width, height: the `pixelData` or `projectionPixelData` of something."""


@dataclass(frozen=True, slots=True)
class Box:
    """A box of the picture; may lie outside it. Never empty: Krita 6 reads garbage there."""

    left: int
    top: int
    width: int
    height: int

    @classmethod
    def of(cls, rect: QRect) -> Box | None:
        """A box from Krita's; None for an empty one."""
        if rect.width() < 1 or rect.height() < 1:
            return None
        return cls(rect.x(), rect.y(), rect.width(), rect.height())

    @property
    def right(self) -> int:
        """The first column after it."""
        return self.left + self.width

    @property
    def bottom(self) -> int:
        """The first row after it."""
        return self.top + self.height

    def bands(self) -> Iterator[Box]:
        """Cut it into bands of whole rows."""
        rows = max(1, BAND_PIXELS // self.width)
        for top in range(self.top, self.bottom, rows):
            yield Box(self.left, top, self.width, min(rows, self.bottom - top))

    def common(self, other: Box) -> Box | None:
        """What lies in both."""
        left, top = max(self.left, other.left), max(self.top, other.top)
        width = min(self.right, other.right) - left
        height = min(self.bottom, other.bottom) - top
        return Box(left, top, width, height) if width > 0 and height > 0 else None

    def joined(self, other: Box) -> Box:
        """The box around both."""
        left, top = min(self.left, other.left), min(self.top, other.top)
        right, bottom = max(self.right, other.right), max(self.bottom, other.bottom)
        return Box(left, top, right - left, bottom - top)


def whole(document: Document) -> Box:
    """The canvas. Raises DeclinedError where the document was closed: it has no size then."""
    width, height = document.width(), document.height()
    if width < 1 or height < 1:
        raise DeclinedError(text("The picture was closed in the meantime."))
    return Box(0, 0, width, height)


def refresh(clone: Document) -> None:
    """Bring a clone's picture up to date, with what depends on other layers: that comes later."""
    clone.refreshProjection()
    clone.waitForDone()


def read_raw(read: Read, box: Box, pixel_bytes: int) -> Steps[bytearray]:
    """The pixels of a box, as Krita has them."""
    data = bytearray(box.width * box.height * pixel_bytes)
    for band in box.bands():
        start = (band.top - box.top) * box.width * pixel_bytes
        found = memoryview(read(band.left, band.top, band.width, band.height))
        data[start : start + len(found)] = found
        yield 0
    return data


def read_pixels(clone: Document, read: Read, space: Space, box: Box) -> Steps[Pixels]:
    """The pixels of a box as the engine takes them. clone: see converted_raw."""
    wire = space.on_wire
    if wire == space:
        data = yield from read_raw(read, box, space.pixel_bytes)
    else:
        converted = _Converted(clone, read, space, wire)
        data = yield from read_raw(converted.read, box, wire.pixel_bytes)
    return wire.pixels(box.width, box.height, data)


def converted_bands(
    clone: Document, pixels: Pixels, spaces: tuple[Space, Space], at: tuple[int, int]
) -> Iterator[tuple[QByteArray, Box]]:
    """The engine's pixels in a space of Krita, with the place of each band.

    spaces: that of the pixels and that to bring them to; at: where the top left corner lies;
    clone: see converted_raw.
    """
    box = Box(*at, pixels.width, pixels.height)
    data = memoryview(pixels.data).cast("B")
    for band in box.bands():
        start = (band.top - box.top) * box.width * pixels.pixel_bytes
        part = data[start : start + band.width * band.height * pixels.pixel_bytes]
        is_same = spaces[0] == spaces[1]
        # Krita 5 takes no memoryview, and a QByteArray much faster than bytes.
        yield (
            QByteArray(bytes(part)) if is_same else converted_raw(clone, part, spaces, band),
            band,
        )


@dataclass(frozen=True, slots=True)
class _Converted:
    clone: Document
    source: Read
    space: Space
    wire: Space

    def read(self, left: int, top: int, width: int, height: int) -> PixelBytes:
        """As `source`, in another space."""
        data = memoryview(self.source(left, top, width, height))
        return converted_raw(
            self.clone, data, (self.space, self.wire), Box(left, top, width, height)
        )


def converted_raw(
    clone: Document, data: Buffer, spaces: tuple[Space, Space], band: Box
) -> PixelBytes:
    """Let Krita convert, by a layer that never comes into a picture.

    clone: a document that the person never sees, as converting a layer is an undo step of its
    document, also where the layer does not lie in it.
    """
    own, wanted = spaces
    carrier = clone.createNode("", "paintlayer")
    carrier.setColorSpace(own.model, own.depth, own.profile)
    carrier.setPixelData(QByteArray(bytes(data)), 0, 0, band.width, band.height)
    carrier.setColorSpace(wanted.model, wanted.depth, wanted.profile)
    return carrier.pixelData(0, 0, band.width, band.height)
