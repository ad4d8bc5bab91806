"""The regions as a see-through picture over the preview, made anew only when something differs."""

from __future__ import annotations

from dataclasses import dataclass

from frih_plugin.panel.region_codes import (
    BRIGHT_LINE,
    DARK_LINE,
    HATCH,
    OUTSIDE,
    SIDE,
    overlay_codes,
    single_codes,
)
from frih_plugin.panel.region_colors import region_color
from frih_plugin.qt.core import QPointF
from frih_plugin.qt.gui import QColor, QImage

_FILL, _HOVERED_FILL, _OTHER_FILL = 105, 150, 45
"""Alpha of a region's colour: at rest, under the mouse, and while another one is."""


@dataclass(frozen=True, slots=True)
class OverlayLook:
    """How the regions are shown. shown: all of them, else only the hovered one; off: hatched."""

    shown: bool = False
    hovered: int | None = None
    off: frozenset[int] = frozenset()


class RegionOverlay:
    """Paints a map of labels by a table of colours; without a map there is no picture."""

    def __init__(self) -> None:
        self._labels = b""
        self._look: OverlayLook | None = None
        self._picture: QImage | None = None

    def set_labels(self, labels: bytes) -> bool:
        """Take a map, SIDE x SIDE bytes, or b"" for none; whether it is another one."""
        if labels == self._labels:
            return False
        self._labels, self._look, self._picture = labels, None, None
        return True

    def label_at(self, place: QPointF) -> int | None:
        """The region at a place of the window, x and y from 0 to 1; None outside all regions."""
        if not self._labels or not (0 <= place.x() < 1 and 0 <= place.y() < 1):
            return None
        label = self._labels[int(place.y() * SIDE) * SIDE + int(place.x() * SIDE)]
        return None if label == OUTSIDE else label

    def picture(self, look: OverlayLook) -> QImage | None:
        """SIDE x SIDE pixels to be stretched over the window; None where nothing is to be seen."""
        if look != self._look:
            self._look, self._picture = look, self._draw(look)
        return self._picture

    def _draw(self, look: OverlayLook) -> QImage | None:
        if not self._labels or not (look.shown or look.hovered is not None):
            return None
        if look.shown:
            codes = overlay_codes(self._labels, look.off)
        else:
            codes = single_codes(self._labels, look.hovered or 0)
        indexed = QImage(codes, SIDE, SIDE, SIDE, QImage.Format.Format_Indexed8)
        indexed.setColorTable(_color_table(look))
        return indexed.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)


def _color_table(look: OverlayLook) -> list[int]:
    table = [_see_through(region_color(code), _alpha(look, code)) for code in range(256)]
    table[BRIGHT_LINE] = _see_through(QColor(255, 255, 255), 235)
    table[DARK_LINE] = _see_through(QColor(0, 0, 0), 150)
    table[HATCH] = _see_through(QColor(0, 0, 0), 140)
    table[OUTSIDE] = 0
    return table


def _alpha(look: OverlayLook, index: int) -> int:
    if index == look.hovered:
        return _HOVERED_FILL if look.shown else _FILL
    if index in look.off:
        return 0
    return _FILL if look.hovered is None else _OTHER_FILL


def _see_through(color: QColor, alpha: int) -> int:
    color.setAlpha(alpha)
    return color.rgba()
