"""The regions as a see-through picture for the host's canvas."""

from __future__ import annotations

from frih_plugin.protocol.pixels import Pixels
from frih_plugin.state.region_palette import REGION_COLORS
from frih_plugin.state.values import RegionMap

LABELS_SIDE = 256
_FILL, _HOVERED_FILL, _OTHER_FILL, _OFF_FILL = 105, 150, 45, 20
"""Alpha of a region: at rest, under the mouse, while another one is, and switched off."""


def overlay_picture(regions: RegionMap, hovered: int | None) -> Pixels:
    """The labels in their colours, rgba u8, 256 x 256; transparent outside all regions."""
    tables = [bytearray(256) for _ in range(4)]
    for view in regions.regions:
        color = REGION_COLORS[view.index % len(REGION_COLORS)]
        alpha = _alpha(hovered, view.index, on=view.on)
        for table, value in zip(tables, (*color, alpha), strict=True):
            table[view.index] = value
    data = bytearray(4 * len(regions.labels))
    for channel, table in enumerate(tables):
        data[channel::4] = regions.labels.translate(table)
    return Pixels(LABELS_SIDE, LABELS_SIDE, "rgba", "u8", bytes(data))


def _alpha(hovered: int | None, index: int, *, on: bool) -> int:
    if index == hovered:
        return _HOVERED_FILL
    if not on:
        return _OFF_FILL
    return _FILL if hovered is None else _OTHER_FILL
