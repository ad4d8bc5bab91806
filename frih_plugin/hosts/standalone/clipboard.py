"""What is on the clipboard, or dropped: files, or an image with its alpha."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from engine.color.picture import Picture
from frih_plugin.hosts.standalone.document import MAX_PIXELS
from frih_plugin.qt.core import QMimeData
from frih_plugin.qt.gui import QImage

_OPAQUE = 255


def files_in(data: QMimeData | None) -> tuple[Path, ...]:
    """The files that are meant."""
    if data is None or not data.hasUrls():
        return ()
    return tuple(Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile())


def has_image(data: QMimeData | None) -> bool:
    """Whether there is an image; one given as PNG alone does not count as such for Qt."""
    return data is not None and (data.hasImage() or data.hasFormat("image/png"))


def image_in(data: QMimeData | None) -> QImage | None:
    """The image; as PNG where there is one, because only that is sure to keep its alpha."""
    if data is None:
        return None
    if data.hasFormat("image/png"):
        image = QImage.fromData(bytes(data.data("image/png").data()), "PNG")
        if not image.isNull():
            return image
    found: object = data.imageData() if data.hasImage() else None
    return found if isinstance(found, QImage) and not found.isNull() else None


def is_too_large(image: QImage) -> bool:
    """Whether it is beyond what is edited here."""
    return image.width() * image.height() > MAX_PIXELS


def picture_from(image: QImage) -> Picture:
    """An image as a picture: 8 bits, straight alpha, None where opaque; with its profile."""
    straight = image.convertToFormat(QImage.Format.Format_RGBA8888)
    size = straight.height() * straight.bytesPerLine()
    rows = np.frombuffer(straight.constBits().asstring(size), np.uint8)
    rows = rows.reshape(straight.height(), straight.bytesPerLine())[:, : 4 * straight.width()]
    pixels = rows.reshape(straight.height(), straight.width(), 4)
    alpha = np.ascontiguousarray(pixels[..., 3])
    is_opaque = int(alpha.min()) == _OPAQUE
    return Picture(np.ascontiguousarray(pixels[..., :3]), None if is_opaque else alpha, _icc(image))


def image_from(picture: Picture) -> QImage:
    """An 8-bit sRGB picture as an image of its own memory."""
    height, width = picture.height, picture.width
    pixels = np.full((height, width, 4), _OPAQUE, np.uint8)
    pixels[..., :3] = picture.pixels
    if picture.alpha is not None:
        pixels[..., 3] = picture.alpha
    kind = QImage.Format.Format_RGBA8888
    return QImage(pixels.tobytes(), width, height, 4 * width, kind).copy()


def _icc(image: QImage) -> bytes | None:
    space = image.colorSpace()
    profile = bytes(space.iccProfile().data()) if space.isValid() else b""
    return profile or None
