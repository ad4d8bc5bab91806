"""The regions of the opened layer at the slider's stop, and what is set for each of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from frih_plugin.protocol.messages import Answer, Failure, FindRegions, RegionsFound, RegionStrength
from frih_plugin.qt.core import QObject, Signal
from frih_plugin.state.calls import EngineCalls
from frih_plugin.state.granularity import cutoff_distance
from frih_plugin.state.region_settings import (
    carry_over_by_color,
    carry_over_by_pixels,
    fresh_views,
    region_strengths,
)
from frih_plugin.state.values import RegionMap, RegionView


class FoundRegions(QObject):
    """Finds regions one stop at a time; of stops that come meanwhile the latest is next.

    What is set is carried over from the map for which a person set it, not from stop to stop, so
    that a slider moved to and fro brings everything back.
    changed(): the map differs; settled(): it is the one of the wanted stop; failed(Failure).
    """

    changed = Signal()
    settled = Signal()
    failed = Signal(object)

    def __init__(self, engine: EngineCalls, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._engine = engine
        self._map: RegionMap | None = None
        self._anchor: RegionMap | None = None
        self._stored: tuple[RegionView, ...] = ()
        self._wanted: tuple[str, int] | None = None
        self._have: tuple[str, int] | None = None
        self._call: int | None = None

    @property
    def map(self) -> RegionMap | None:
        """The regions last found for this layer."""
        return self._map

    @property
    def strengths(self) -> tuple[RegionStrength, ...]:
        """The engine's words for what is set."""
        return () if self._map is None else region_strengths(self._map.regions)

    def is_settled(self, key: str, stop: int) -> bool:
        """Whether the map is the one of this open layer at this stop."""
        return self._have == (key, stop)

    def want(self, key: str, stop: int) -> None:
        """Find the regions of an open layer at a stop; `settled` comes at once if they are here."""
        self._wanted = (key, stop)
        if self._have == self._wanted:
            # Another stop's regions may be on their way; they would replace the right ones.
            self._engine.drop(self._call)
            self._call = None
            self.settled.emit()
        elif self._call is None:
            self._find(key, stop)

    def give_up(self) -> None:
        """Want nothing; the map stays."""
        self._wanted = None
        self._engine.drop(self._call)
        self._call = None

    def start_over(self, stored: Sequence[RegionView]) -> None:
        """Another layer: forget its map; the first one found takes the stored settings."""
        self.give_up()
        self._stored = tuple(stored)
        self._have = self._anchor = None
        if self._map is not None:
            self._map = None
            self.changed.emit()

    def change(self, index: int, how: Callable[[RegionView], RegionView]) -> bool:
        """Change what is set for one region. Returns whether that changed anything."""
        views = () if self._map is None else self._map.regions
        return self._set(tuple(how(view) if view.index == index else view for view in views))

    def reset(self) -> bool:
        """All regions on at full strength. Returns whether that changed anything."""
        self._stored = ()
        views = () if self._map is None else self._map.regions
        return self._set(tuple(replace(view, on=True, strength=1.0) for view in views))

    def _set(self, regions: tuple[RegionView, ...]) -> bool:
        if self._map is None or regions == self._map.regions:
            return False
        self._map = self._anchor = replace(self._map, regions=regions)
        self.changed.emit()
        return True

    def _find(self, key: str, stop: int) -> None:
        request = FindRegions(key, cutoff_distance(stop))
        self._call = self._engine.ask(request, lambda answer: self._on_found(key, stop, answer))

    def _on_found(self, key: str, stop: int, answer: Answer | Failure) -> None:
        self._call = None
        if isinstance(answer, Failure):
            self._wanted = None
            self.failed.emit(answer)
        elif isinstance(answer, RegionsFound):
            self._map = self._carried_over(answer, stop)
            self._have = (key, stop)
            self.changed.emit()
            if self._wanted is not None:
                self.want(*self._wanted)

    def _carried_over(self, found: RegionsFound, stop: int) -> RegionMap:
        fresh = RegionMap(bytes(found.labels.data), fresh_views(found.regions))
        if self._anchor is not None:
            return carry_over_by_pixels(self._anchor, fresh)
        self._anchor = carry_over_by_color(self._stored, fresh, cutoff_distance(stop))
        return self._anchor
