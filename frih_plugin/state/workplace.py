"""What the work on a layer looks at: the selected layer and the settings, in the work's words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from frih_plugin.hosts.host import Capabilities, Subject
from frih_plugin.protocol.messages import RegionStrength, ResultSettings
from frih_plugin.state.apply_result import Order
from frih_plugin.state.calls import EngineCalls, HostCalls
from frih_plugin.state.document_memory import DocumentMemory
from frih_plugin.state.granularity import cutoff_distance
from frih_plugin.state.source import Source
from frih_plugin.state.values import PanelSettings, RegionMap


@dataclass(frozen=True, slots=True)
class Workplace:
    """Whom the work asks, and what is so at this moment."""

    host: HostCalls
    engine: EngineCalls
    capabilities: Capabilities
    memory: DocumentMemory
    now: Callable[[], Subject]
    current: Callable[[], PanelSettings]

    @property
    def subject(self) -> Subject:
        """What is selected."""
        return self.now()

    @property
    def stop(self) -> int:
        """Where the granularity slider stands."""
        return self.current().stop

    @property
    def source(self) -> Source:
        """What is to be opened."""
        return Source.of(self.subject, self.current())

    @property
    def order(self) -> Order:
        """What a click would apply."""
        settings = self.current()
        return Order(
            source=self.source,
            name=self.subject.name,
            cutoff_distance=cutoff_distance(settings.stop),
            strength=settings.strength,
            output=settings.output if self.capabilities.into_layer else "new",
        )

    def result_settings(self, strengths: tuple[RegionStrength, ...]) -> ResultSettings:
        """What a result depends on, with these strengths of regions."""
        settings = self.current()
        return ResultSettings(cutoff_distance(settings.stop), settings.strength, strengths)

    def note(self) -> str:
        """The text that goes with a result of the selected layer."""
        return self.memory.text_of(self.subject.document, self.current())

    def keep_regions(self, subject: Subject, regions: RegionMap | None) -> None:
        """Remember what is set for the regions of a layer."""
        if regions is not None:
            self.memory.keep_regions(subject.document, subject.layer, regions.regions)
