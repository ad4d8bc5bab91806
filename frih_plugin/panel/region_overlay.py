"""The regions as a see-through picture over the preview, made anew only when something differs."""

from __future__ import annotations

from dataclasses import dataclass

from frih_plugin.panel.region_codes import (
    BRIGHT_HATCH,
    BRIGHT_LINE,
    DARK_HATCH,
    DARK_LINE,
    LABEL_BITS,
    NO_REGION,
    OUTSIDE,
    SIDE,
    overlay_codes,
    single_codes,
)
from frih_plugin.panel.region_colors import region_color
from frih_plugin.panel.shades import mixed
from frih_plugin.qt.core import QPointF
from frih_plugin.qt.gui import QColor, QImage

_FILL, _HOVERED_FILL, _OTHER_FILL = 115, 165, 55
"""Alpha of a region's colour: at rest, under the mouse, and while another one is."""

_LINE, _LINE_OUTSIDE, _HATCHED = 225, 150, 125
_LINE_TINT = 0.65
"""How far a line goes from its region's colour to white or black; small regions keep theirs."""

_WHITE, _BLACK = QColor(255, 255, 255), QColor(0, 0, 0)


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
        if not self._labels:
            return None
        if look.shown:
            codes = overlay_codes(self._labels, look.off)
        elif look.hovered is not None:
            codes = single_codes(self._labels, look.hovered)
        else:
            return None
        indexed = QImage(codes, SIDE, SIDE, SIDE, QImage.Format.Format_Indexed8)
        indexed.setColorTable([_color(look, code).rgba() for code in range(256)])
        return indexed.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)


def _color(look: OverlayLook, code: int) -> QColor:
    label = code & LABEL_BITS
    if label == NO_REGION:
        return _line_outside(code)
    color, alpha = region_color(label), _alpha(look, label)
    if code & (BRIGHT_LINE | DARK_LINE):
        tint = _WHITE if code & BRIGHT_LINE else _BLACK
        color, alpha = mixed(color, tint, _LINE_TINT), _LINE
    elif code & (BRIGHT_HATCH | DARK_HATCH):
        color, alpha = QColor(_WHITE if code & BRIGHT_HATCH else _BLACK), _HATCHED
    color.setAlpha(alpha)
    return color


def _line_outside(code: int) -> QColor:
    color = QColor(_WHITE if code & BRIGHT_LINE else _BLACK)
    color.setAlpha(_LINE_OUTSIDE if code & (BRIGHT_LINE | DARK_LINE) else 0)
    return color


def _alpha(look: OverlayLook, index: int) -> int:
    if index == look.hovered:
        return _HOVERED_FILL
    if index in look.off:
        return 0
    return _FILL if look.hovered is None else _OTHER_FILL
