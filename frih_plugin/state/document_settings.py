"""The settings that are kept with a document, as one JSON text."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, cast

from frih_plugin.state.region_settings import is_default
from frih_plugin.state.settings_json import (
    region_from_json,
    region_to_json,
    settings_from_json,
    settings_to_json,
)
from frih_plugin.state.values import PanelSettings, RegionView

_MARK = "frih-harmonize"
MAX_TEXT = 1_000_000
"""Characters of a text that is read at all: ours are a few thousand long."""

MAX_LAYERS = 50
"""So many layers' regions are kept; the ones set longest ago go first."""


@dataclass(frozen=True, slots=True)
class DocumentSettings:
    """The last settings, and by layer the regions for which something was set."""

    settings: PanelSettings = field(default_factory=PanelSettings)
    regions: Mapping[str, tuple[RegionView, ...]] = field(
        default_factory=dict[str, "tuple[RegionView, ...]"]
    )

    def with_regions(self, layer: str, regions: Sequence[RegionView]) -> DocumentSettings:
        """The same with what is set for the regions of one layer."""
        others = {name: views for name, views in self.regions.items() if name != layer}
        if not all(is_default(view) for view in regions):
            others[layer] = tuple(regions)
        latest = dict(list(others.items())[-MAX_LAYERS:])
        return replace(self, regions=latest)

    def to_text(self) -> str:
        """The text to keep."""
        regions = {
            layer: [region_to_json(view) for view in views] for layer, views in self.regions.items()
        }
        content = {"for": _MARK, "settings": settings_to_json(self.settings), "regions": regions}
        return json.dumps(content, ensure_ascii=False)

    @classmethod
    def from_text(cls, text: str) -> DocumentSettings | None:
        """Settings from a text that `to_text` made; None for any other text, whatever it is."""
        if len(text) > MAX_TEXT:
            return None
        try:
            content = json.loads(text)
        except (ValueError, RecursionError):
            return None
        if not isinstance(content, dict):
            return None
        known = cast("Mapping[str, Any]", content)
        if known.get("for") != _MARK:
            return None
        return cls(settings_from_json(known.get("settings")), _regions(known.get("regions")))


def _regions(value: object) -> dict[str, tuple[RegionView, ...]]:
    if not isinstance(value, dict):
        return {}
    layers = cast("Mapping[str, object]", value)
    return {name: _views(views) for name, views in layers.items()}


def _views(value: object) -> tuple[RegionView, ...]:
    if not isinstance(value, list):
        return ()
    views = (region_from_json(item) for item in cast("list[object]", value))
    return tuple(view for view in views if view is not None)
