"""The values that the panel shows. Widgets read them and never make their own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from frih_plugin.hosts.host import Output
from frih_plugin.protocol.messages import Target
from frih_plugin.protocol.pixels import Pixels
from frih_plugin.state.granularity import DEFAULT_STOP

EnginePhase = Literal["starting", "ready", "busy", "failed", "restarting"]
Surroundings = Literal["visible", "below", "surroundings"]
"""Which background counts: all that is visible, the layers below, or only what is near."""


FULL_STRENGTH = 1.0
"""What counts as suggested until the engine has seen a layer."""


@dataclass(frozen=True, slots=True)
class EngineStatus:
    """The engine in small print. sentence: what is wrong, where something is."""

    phase: EnginePhase = "starting"
    device: str = ""
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class PanelSettings:
    """All that a person sets, besides the regions.

    stop: of the granularity, see granularity.py; strength: None for what the engine suggests.
    """

    stop: int = DEFAULT_STOP
    strength: float | None = None
    surroundings: Surroundings = "visible"
    target: Target = "layer"
    output: Output = "new"


@dataclass(frozen=True, slots=True)
class RegionView:
    """One region as listed: its colour, its share of the object, and what was set for it."""

    index: int
    color: tuple[int, int, int]
    share: float
    on: bool = True
    strength: float = 1.0


@dataclass(frozen=True, slots=True)
class RegionMap:
    """The regions of the opened layer. labels: 256 x 256 bytes over the window, 255 outside."""

    labels: bytes
    regions: tuple[RegionView, ...]


@dataclass(frozen=True, slots=True)
class Pictures:
    """The window before and after, rgb u8; `after` is None until there is a result."""

    before: Pixels
    after: Pixels | None = None


@dataclass(frozen=True, slots=True)
class Job:
    """Work that the person waits for. share: 0 to 1; stage: a word of messages.Stage."""

    stage: str = "open"
    share: float = 0.0


NoticeAction = Literal["retry", "show_log", "restart_engine", "none"]


@dataclass(frozen=True, slots=True)
class Notice:
    """One sentence with at most one button."""

    sentence: str
    action: NoticeAction = "none"
    is_error: bool = False
