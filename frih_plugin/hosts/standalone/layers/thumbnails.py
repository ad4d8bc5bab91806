"""Small pictures of the layers, made once for each state of a layer's pixels."""

from __future__ import annotations

from engine.color.picture import Picture
from frih_plugin.hosts.standalone.document import Layer, rgba8, shrunk_to
from frih_plugin.qt.core import QSize
from frih_plugin.qt.gui import QImage

SIDE = 96
_QUICK_SIDE = 4 * SIDE


class Thumbnails:
    """Keeps one thumbnail a layer."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[Picture, QImage]] = {}

    def of(self, layer: Layer) -> QImage:
        """The layer's own pixels, as they lie in the layer; the longer side at most SIDE."""
        kept = self._kept.get(layer.id)
        if kept is None or kept[0] is not layer.picture:
            kept = layer.picture, _thumbnail(layer.picture)
            self._kept[layer.id] = kept
        return kept[1]

    def forget_all_but(self, ids: set[str]) -> None:
        """Let go of those of layers that are gone."""
        self._kept = {key: kept for key, kept in self._kept.items() if key in ids}


def _thumbnail(picture: Picture) -> QImage:
    pixels = rgba8(shrunk_to(_sampled(picture), SIDE))
    height, width = pixels.shape[:2]
    return QImage(pixels.tobytes(), width, height, 4 * width, QImage.Format.Format_RGBA8888).copy()


def _sampled(picture: Picture) -> Picture:
    """Every n-th pixel, where averaging all of a large picture would take longer than a frame."""
    step = max(1, max(picture.width, picture.height) // _QUICK_SIDE)
    alpha = None if picture.alpha is None else picture.alpha[::step, ::step]
    return Picture(picture.pixels[::step, ::step], alpha, picture.icc)


def fitted(size: QSize, side: int) -> QSize:
    """A size shrunk or enlarged until its longer side is `side`."""
    longer = max(size.width(), size.height(), 1)
    width, height = (max(1, side * length // longer) for length in (size.width(), size.height()))
    return QSize(width, height)
