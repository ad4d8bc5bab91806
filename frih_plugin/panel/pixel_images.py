"""Pixels of the wire as pictures that Qt paints."""

from __future__ import annotations

from frih_plugin.protocol.pixels import Order, Pixels
from frih_plugin.qt.core import QSize, Qt
from frih_plugin.qt.gui import QImage, QPixmap

_FORMATS: dict[Order, QImage.Format] = {
    "gray": QImage.Format.Format_Grayscale8,
    "rgb": QImage.Format.Format_RGB888,
    "rgba": QImage.Format.Format_RGBA8888,
    "bgra": QImage.Format.Format_ARGB32,
}


def to_image(pixels: Pixels) -> QImage:
    """The same picture for Qt, with pixels of its own.

    Raises ValueError for anything but 8-bit gray, rgb, rgba or bgra pixels.
    """
    if pixels.depth != "u8" or pixels.order not in _FORMATS:
        raise ValueError(f"Pixels in order {pixels.order}, depth {pixels.depth} cannot be shown.")
    row_bytes = pixels.width * pixels.pixel_bytes
    data, form = bytes(pixels.data), _FORMATS[pixels.order]
    return QImage(data, pixels.width, pixels.height, row_bytes, form).copy()


def fitted(size: QSize, room: QSize) -> QSize:
    """The largest size of the same shape within a room; at least one pixel a side."""
    return size.scaled(room, Qt.AspectRatioMode.KeepAspectRatio).expandedTo(QSize(1, 1))


def sharp_pixmap(image: QImage, size: QSize, device_ratio: float) -> QPixmap:
    """The picture in just the device pixels that `size` takes on a screen of that ratio."""
    wanted = QSize(round(size.width() * device_ratio), round(size.height() * device_ratio))
    scaled = image.scaled(
        wanted.expandedTo(QSize(1, 1)),
        Qt.AspectRatioMode.IgnoreAspectRatio,
        Qt.TransformationMode.SmoothTransformation,
    )
    pixmap = QPixmap.fromImage(scaled)
    pixmap.setDevicePixelRatio(device_ratio)
    return pixmap
