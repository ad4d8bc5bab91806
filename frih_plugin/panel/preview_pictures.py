"""The window before and after, scaled once for the size at which it is shown."""

from __future__ import annotations

from frih_plugin.panel.pixel_images import sharp_pixmap, to_image
from frih_plugin.protocol.pixels import Pixels
from frih_plugin.qt.core import QSize
from frih_plugin.qt.gui import QImage, QPixmap
from frih_plugin.state.values import Pictures


class _Scaled:
    """One picture and its last scaled copy."""

    def __init__(self, pixels: Pixels) -> None:
        self.pixels = pixels
        self.image: QImage = to_image(pixels)
        self._pixmap: QPixmap | None = None
        self._wanted: tuple[int, int, float] | None = None

    def pixmap(self, size: QSize, device_ratio: float) -> QPixmap:
        wanted = (size.width(), size.height(), device_ratio)
        if self._pixmap is None or wanted != self._wanted:
            self._wanted = wanted
            self._pixmap = sharp_pixmap(self.image, size, device_ratio)
        return self._pixmap


class PreviewPictures:
    """What the preview has to show; a picture that did not change is not scaled again."""

    def __init__(self) -> None:
        self._before: _Scaled | None = None
        self._after: _Scaled | None = None

    def take(self, pictures: Pictures | None) -> bool:
        """Take other pictures; whether there is another result than before."""
        old = self._after
        self._before = _kept(self._before, None if pictures is None else pictures.before)
        self._after = _kept(self._after, None if pictures is None else pictures.after)
        return self._after is not None and self._after is not old

    @property
    def size(self) -> QSize | None:
        """Of the window, None without pictures."""
        return None if self._before is None else self._before.image.size()

    @property
    def has_result(self) -> bool:
        """Whether there is something to compare."""
        return self._after is not None

    def before(self, size: QSize, device_ratio: float) -> QPixmap:
        """The window as it is. Raises LookupError without pictures."""
        return _there(self._before).pixmap(size, device_ratio)

    def after(self, size: QSize, device_ratio: float) -> QPixmap:
        """The window as it will be, as it is where nothing is known yet."""
        return _there(self._after or self._before).pixmap(size, device_ratio)


def _kept(old: _Scaled | None, pixels: Pixels | None) -> _Scaled | None:
    if pixels is None:
        return None
    return old if old is not None and old.pixels is pixels else _Scaled(pixels)


def _there(picture: _Scaled | None) -> _Scaled:
    if picture is None:
        raise LookupError("There is no picture to show.")
    return picture
