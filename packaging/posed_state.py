"""A state to look at: the panel shows what is set here, and what a person does is written down.

For screenshots and for the panel's own tests, where no host and no engine are wanted.
"""

from __future__ import annotations

from collections.abc import Callable
from inspect import isfunction, signature
from typing import cast

from frih_plugin.hosts.host import Capabilities, Subject
from frih_plugin.qt.core import QObject, Signal
from frih_plugin.state.panel_state import PanelState
from frih_plugin.state.values import EngineStatus, Job, Notice, PanelSettings, Pictures, RegionMap

Call = tuple[str, tuple[object, ...], dict[str, object]]
_METHODS = {
    name: signature(value)
    for name, value in vars(PanelState).items()
    if isfunction(value) and not name.startswith("_")
}


class PosedState(QObject):
    """Signals and properties of a PanelState; any of its methods lands in `calls`."""

    engine_changed = Signal()
    subject_changed = Signal()
    settings_changed = Signal()
    regions_changed = Signal()
    pictures_changed = Signal()
    job_changed = Signal()
    notice_changed = Signal()
    result_changed = Signal()
    presets_changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[Call] = []
        self.engine = EngineStatus("ready", "CPU (8 threads)")
        self.subject = Subject()
        self.capabilities = Capabilities(
            into_layer=True, update=True, canvas_preview=True, stores_settings=True
        )
        self.settings = PanelSettings()
        self.region_map: RegionMap | None = None
        self.pictures: Pictures | None = None
        self.job: Job | None = None
        self.notice: Notice | None = None
        self.last_seconds: float | None = None
        self.strength = 1.0
        self.presets: tuple[str, ...] = ()
        self.can_harmonize = False
        self.hovered: int | None = None

    def __getattr__(self, name: str) -> Callable[..., None]:
        """A method of PanelState that only writes down how it was called."""
        if name not in _METHODS:
            raise AttributeError(f"A PanelState has no {name}.")
        return lambda *given, **named: self._write_down(name, given, named)

    def hover_region(self, index: int | None) -> None:
        """Hovering comes back to the widgets, as it does from a PanelState."""
        self.calls.append(("hover_region", (index,), {}))
        self.hovered = index
        self.regions_changed.emit()

    def announce(self) -> None:
        """Say that everything may differ."""
        for signal in (
            self.engine_changed,
            self.subject_changed,
            self.settings_changed,
            self.regions_changed,
            self.pictures_changed,
            self.job_changed,
            self.notice_changed,
            self.result_changed,
            self.presets_changed,
        ):
            signal.emit()

    def _write_down(self, name: str, given: tuple[object, ...], named: dict[str, object]) -> None:
        method = _METHODS[name]
        if len(method.parameters) == 1:
            given = ()  # a slot without arguments gets none of its signal's
        method.bind(self, *given, **named)  # raises TypeError where PanelState would
        self.calls.append((name, given, named))

    def as_panel_state(self) -> PanelState:
        """Itself, under the type that the widgets ask for."""
        return cast("PanelState", cast("object", self))
