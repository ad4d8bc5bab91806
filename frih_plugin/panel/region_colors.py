"""The colours that tell regions apart, for painting."""

from __future__ import annotations

from frih_plugin.qt.gui import QColor
from frih_plugin.state.region_palette import REGION_COLORS


def region_color(index: int) -> QColor:
    """The overlay colour of a region; there are as many as regions can be."""
    return QColor(*REGION_COLORS[index % len(REGION_COLORS)])
