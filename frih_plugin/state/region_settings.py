"""What a person set for each region, and how it survives when the regions regroup.

Regions do not nest when d_c moves, so there is no inheritance by number: a new region takes what
was set for the old one whose pixels it covers most.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from frih_plugin.protocol.messages import Region, RegionStrength
from frih_plugin.state.values import RegionMap, RegionView

OUTSIDE = 255
"""The label of pixels outside the foreground."""

_LABELS = 16
_NONE = _LABELS - 1
_IN_LOW_BITS = bytes(min(label, _NONE) for label in range(256))
_IN_HIGH_BITS = bytes(_LABELS * label for label in _IN_LOW_BITS)


def fresh_views(regions: Sequence[Region]) -> tuple[RegionView, ...]:
    """Regions as the engine found them, all on at full strength."""
    total = sum(region.area_px for region in regions) or 1
    return tuple(
        RegionView(
            region.index,
            (region.red, region.green, region.blue),
            region.area_px / total,
        )
        for region in regions
    )


def carry_over_by_pixels(old: RegionMap, new: RegionMap) -> RegionMap:
    """`new` with the settings of `old`: from the region whose pixels each covers most.

    A region over no pixel of an old one stays as it is. Where two old regions share the most
    evenly, the one with the smaller number counts.
    """
    if all(is_default(view) for view in old.regions):
        return new
    old_by_index = {view.index: view for view in old.regions}
    most = _most_covered(old.labels, new.labels)
    regions = tuple(
        _with_settings_of(view, old_by_index.get(most.get(view.index, OUTSIDE)))
        for view in new.regions
    )
    return RegionMap(new.labels, regions)


def carry_over_by_color(
    stored: Sequence[RegionView], new: RegionMap, cutoff_distance: float
) -> RegionMap:
    """`new` with stored settings, for which there are no pixels any more.

    A region takes those of the stored region of the nearest colour, if it is closer than the
    cutoff distance d_c (of colours divided by 255).
    """
    limit = (255 * cutoff_distance) ** 2
    regions: list[RegionView] = []
    for view in new.regions:
        near = min(stored, key=lambda other: _squared(other.color, view.color), default=None)
        is_near = near is not None and _squared(near.color, view.color) < limit
        regions.append(_with_settings_of(view, near if is_near else None))
    return RegionMap(new.labels, tuple(regions))


def region_strengths(regions: Sequence[RegionView]) -> tuple[RegionStrength, ...]:
    """What the engine is told: the regions that are off (strength 0) or weaker than full."""
    strengths = ((view.index, view.strength if view.on else 0.0) for view in regions)
    return tuple(RegionStrength(index, value) for index, value in strengths if value != 1)


def is_default(view: RegionView) -> bool:
    """Whether nothing was set for a region."""
    return view.on and view.strength == 1


def _most_covered(old: bytes, new: bytes) -> dict[int, int]:
    """By new label: the old label that shares the most pixels with it."""
    most: dict[int, tuple[int, int]] = {}
    for pair, shared in sorted(Counter(_pairs(old, new)).items()):
        old_label, new_label = divmod(pair, _LABELS)
        if old_label != _NONE and shared > most.get(new_label, (0, 0))[1]:
            most[new_label] = (old_label, shared)
    return {new_label: old_label for new_label, (old_label, _) in most.items()}


def _pairs(old: bytes, new: bytes) -> bytes:
    """Both labels of each pixel in one byte, 16 old + new: three times as fast as pairs to count.

    The paper allows ten regions at most, so that four bits are enough for a label.
    """
    both = int.from_bytes(old.translate(_IN_HIGH_BITS), "big")
    both |= int.from_bytes(new.translate(_IN_LOW_BITS), "big")
    return both.to_bytes(len(old), "big")


def _with_settings_of(view: RegionView, other: RegionView | None) -> RegionView:
    return view if other is None else replace(view, on=other.on, strength=other.strength)


def _squared(one: tuple[int, int, int], other: tuple[int, int, int]) -> int:
    return sum((a - b) ** 2 for a, b in zip(one, other, strict=True))
