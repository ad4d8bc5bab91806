"""Settings as JSON and back. What is unknown is ignored, what is wrong becomes the default."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any, cast, get_args

from frih_plugin.hosts.host import Output
from frih_plugin.protocol.messages import Target
from frih_plugin.state.granularity import STOPS
from frih_plugin.state.values import PanelSettings, RegionView, Surroundings

_CHOICES: dict[str, tuple[str, ...]] = {
    "surroundings": get_args(Surroundings),
    "target": get_args(Target),
    "output": get_args(Output),
}


def settings_to_json(settings: PanelSettings) -> dict[str, Any]:
    """All settings by their names."""
    return asdict(settings)


def settings_from_json(value: object) -> PanelSettings:
    """Settings from what was read; anything that does not make sense is left at its default."""
    if not isinstance(value, dict):
        return PanelSettings()
    content = cast("Mapping[str, Any]", value)
    names = {field.name for field in fields(PanelSettings)}
    return PanelSettings(
        **{name: content[name] for name in names & content.keys() if _is_good(name, content[name])}
    )


def region_to_json(view: RegionView) -> dict[str, Any]:
    """One region's colour and what was set for it."""
    return {"color": list(view.color), "on": view.on, "strength": view.strength}


def region_from_json(value: object) -> RegionView | None:
    """A region as it was stored; its number and share are not kept. None for nonsense."""
    if not isinstance(value, dict):
        return None
    content = cast("Mapping[str, Any]", value)
    color, on, strength = content.get("color"), content.get("on"), content.get("strength")
    if not (_is_color(color) and isinstance(on, bool) and _is_share(strength)):
        return None
    red, green, blue = cast("list[int]", color)
    return RegionView(-1, (red, green, blue), 0.0, on, float(cast("float", strength)))


def _is_good(name: str, value: object) -> bool:
    if name == "stop":
        return _is_whole(value) and cast("int", value) in range(STOPS)
    if name == "strength":
        return value is None or _is_share(value)
    return isinstance(value, str) and value in _CHOICES[name]


def _is_share(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value <= 1


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_color(value: object) -> bool:
    if not isinstance(value, list):
        return False
    parts = cast("list[object]", value)
    return len(parts) == 3 and all(_is_whole(part) and part in range(256) for part in parts)
