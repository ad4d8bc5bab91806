"""All that the panel shows and all that a person can do in it, without a widget."""

from __future__ import annotations

from dataclasses import replace

from frih_plugin.client.engine_client import EngineClient
from frih_plugin.hosts.host import Capabilities, Host, Output, Placed, Subject
from frih_plugin.protocol.messages import Target
from frih_plugin.qt.core import QObject, QUrl, Signal
from frih_plugin.qt.gui import QDesktopServices
from frih_plugin.state import notices
from frih_plugin.state.apply_result import Order
from frih_plugin.state.calls import EngineCalls, HostCalls
from frih_plugin.state.document_memory import DocumentMemory
from frih_plugin.state.layer_work import LayerWork
from frih_plugin.state.preferences import Preferences
from frih_plugin.state.settings_store import SettingsStore
from frih_plugin.state.values import (
    EngineStatus,
    Job,
    Notice,
    PanelSettings,
    Pictures,
    RegionMap,
    Surroundings,
)
from frih_plugin.state.watched_subject import WatchedSubject
from frih_plugin.state.workplace import Workplace


class PanelState(QObject):
    """The one object that widgets talk to. Every method returns at once.

    After each signal the property of that name may differ.
    """

    engine_changed = Signal()
    subject_changed = Signal()
    settings_changed = Signal()
    regions_changed = Signal()
    pictures_changed = Signal()
    job_changed = Signal()
    notice_changed = Signal()
    result_changed = Signal()
    presets_changed = Signal()

    def __init__(
        self,
        host: Host,
        engine: EngineClient,
        store: SettingsStore,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._host = host
        self._engine = engine
        self._notice: Notice | None = None
        self._host_calls = HostCalls(host.ask, host.answered, parent=self)
        self._engine_calls = EngineCalls(engine.send, engine.answered, engine.cancel, self)
        self._subject = WatchedSubject(self._host_calls, self)
        self._preferences = Preferences(store, self)
        self._memory = DocumentMemory(
            self._host_calls, can_store=host.capabilities.stores_settings, parent=self
        )
        self._work = LayerWork(self._around(), self)
        self._connect()

    @property
    def engine(self) -> EngineStatus:
        """The engine's state and device."""
        welcome = self._engine.welcome
        device = "" if welcome is None else welcome.device
        return EngineStatus(self._engine.phase, device, self._engine.sentence)

    @property
    def subject(self) -> Subject:
        """What is selected in the host."""
        return self._subject.now

    @property
    def capabilities(self) -> Capabilities:
        """What the host can do."""
        return self._host.capabilities

    @property
    def settings(self) -> PanelSettings:
        """What is set, besides the regions."""
        return self._preferences.settings

    @property
    def region_map(self) -> RegionMap | None:
        """The regions of the opened layer, None before it was opened."""
        return self._work.regions.map

    @property
    def pictures(self) -> Pictures | None:
        """Before and after at preview size, None before the layer was opened."""
        return self._work.pictures

    @property
    def job(self) -> Job | None:
        """What the person waits for, None while there is nothing."""
        return self._work.job

    @property
    def notice(self) -> Notice | None:
        """The sentence to show."""
        return self._notice

    @property
    def last_seconds(self) -> float | None:
        """How long the last click on Harmonize took, from the click to the placed result."""
        return self._work.last_seconds

    @property
    def strength(self) -> float:
        """The strength in use: the person's, or else what the engine suggests for this layer."""
        own = self.settings.strength
        return self._work.suggested if own is None else own

    @property
    def presets(self) -> tuple[str, ...]:
        """The names of the presets."""
        return self._preferences.presets

    @property
    def can_harmonize(self) -> bool:
        """Whether a click on Harmonize would start a job."""
        is_possible = self._engine.phase != "failed" and self._subject.can_be_harmonized
        return is_possible and self._work.apply.step == "none"

    @property
    def hovered(self) -> int | None:
        """The region under the mouse."""
        return self._work.canvas.hovered

    def start(self) -> None:
        """Start the engine, take the remembered settings and look at what is selected."""
        self._preferences.load()
        self._engine.start()
        self._on_phase()
        self._subject.look()

    def prepare(self) -> None:
        """Open the selected layer for regions and preview, unless it is open."""
        self._work.prepare()

    def harmonize(self) -> None:
        """Make the full result and put it into the document."""
        if self.can_harmonize:
            self._work.harmonize()

    def cancel(self) -> None:
        """Stop what runs, and keep the last result; else take the preview off the canvas."""
        self._work.cancel()

    def set_stop(self, stop: int, *, dragging: bool) -> None:
        """Move the granularity slider to a stop."""
        self._set(replace(self.settings, stop=stop), dragging=dragging)

    def set_strength(self, value: float, *, dragging: bool) -> None:
        """The overall strength, 0 to 1."""
        self._set(replace(self.settings, strength=value), dragging=dragging)

    def set_surroundings(self, surroundings: Surroundings) -> None:
        """Which background counts."""
        self._set(replace(self.settings, surroundings=surroundings))

    def set_target(self, target: Target) -> None:
        """Whether the layer or the background is to change."""
        self._set(replace(self.settings, target=target))

    def set_output(self, output: Output) -> None:
        """Where a result goes; shows in no preview."""
        self._preferences.use(replace(self.settings, output=output))
        self._preferences.save()

    def switch_region(self, index: int, on: bool) -> None:  # noqa: FBT001 - a toggle's state
        """Leave a region as it is in the document (off), or harmonize it."""
        if self._work.regions.change(index, lambda view: replace(view, on=on)):
            self._work.update(dragging=False)

    def set_region_strength(self, index: int, value: float, *, dragging: bool) -> None:
        """The strength, 0 to 1, of one region."""
        is_other = self._work.regions.change(index, lambda view: replace(view, strength=value))
        if is_other or not dragging:
            self._work.update(dragging=dragging)

    def hover_region(self, index: int | None) -> None:
        """A region is under the mouse, None for none."""
        if index != self.hovered:
            self._work.canvas.hover(index)
            self.regions_changed.emit()

    def reset(self) -> None:
        """Everything back to its default, the regions too."""
        self._work.regions.reset()
        self._set(PanelSettings())
        self._work.update(dragging=False)

    def save_preset(self, name: str) -> None:
        """Keep the settings under a name."""
        self._preferences.save_preset(name)

    def apply_preset(self, name: str) -> None:
        """Use the settings of a preset; an unknown name changes nothing."""
        preset = self._preferences.preset(name)
        if preset is not None:
            self._set(preset)

    def delete_preset(self, name: str) -> None:
        """Forget a preset."""
        self._preferences.delete_preset(name)

    def set_overlay_shown(self, shown: bool) -> None:  # noqa: FBT001 - a toggle's state
        """Show the regions on the canvas too, where the host can."""
        self._work.canvas.show_regions(shown=shown)

    def hold_before(self, held: bool) -> None:  # noqa: FBT001 - a button's state
        """Show the document as it is while held."""
        self._work.canvas.hold_before(held=held)

    def act_on_notice(self) -> None:
        """Do what the notice's button says, and take the notice away."""
        action = "none" if self._notice is None else self._notice.action
        self._tell(None)
        if action == "retry":
            self.harmonize()
        elif action == "restart_engine":
            self._engine.start()
        elif action == "show_log":
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._engine.log_file)))

    def dismiss_notice(self) -> None:
        """Take the notice away."""
        self._tell(None)

    def close(self) -> None:
        """End all work, keep the settings and stop the engine."""
        self._work.close()
        self._preferences.save()
        self._engine.stop()
        self._host_calls.close()
        self._engine_calls.close()

    def _around(self) -> Workplace:
        return Workplace(
            host=self._host_calls,
            engine=self._engine_calls,
            capabilities=self._host.capabilities,
            now=lambda: self._subject.now,
            current=lambda: self._preferences.settings,
            memory=self._memory,
        )

    def _connect(self) -> None:
        self._host.subject_changed.connect(self._subject.look)
        self._host.document_closed.connect(self._on_document_closed)
        self._engine.phase_changed.connect(self._on_phase)
        self._engine.progressed.connect(self._work.progress)
        self._subject.changed.connect(self._on_subject)
        self._subject.confirmed.connect(self._work.subject_confirmed)
        self._preferences.changed.connect(self.settings_changed)
        self._preferences.presets_changed.connect(self.presets_changed)
        self._preferences.troubled.connect(self._on_troubled)
        self._memory.loaded.connect(self._on_loaded)
        work = self._work
        work.regions_changed.connect(self.regions_changed)
        work.pictures_changed.connect(self.pictures_changed)
        work.job_changed.connect(self.job_changed)
        work.result_changed.connect(self.result_changed)
        work.noticed.connect(self._on_noticed)
        work.apply.placed.connect(self._on_placed)

    def _set(self, settings: PanelSettings, *, dragging: bool = False) -> None:
        is_other = self._preferences.use(settings)
        if is_other or not dragging:
            self._work.update(dragging=dragging)
        if not dragging:
            self._preferences.save()

    def _on_phase(self) -> None:
        phase = self._engine.phase
        if phase in ("ready", "busy"):
            self._work.engine_is_ready()
        else:
            self._work.engine_is_gone()
        if phase == "failed":
            self._work.give_up()
            self._tell(notices.engine_failed(self._engine.sentence))
        self.engine_changed.emit()

    def _on_subject(self, before: Subject) -> None:
        self._memory.meet(self.subject.document)
        self._work.subject_changed(before)
        self.subject_changed.emit()

    def _on_loaded(self, document: str) -> None:
        if document == self.subject.document:
            self._preferences.use(self._memory.settings(document))
            self._work.document_loaded(document)

    def _on_placed(self, order: Order, placed: Placed) -> None:
        source = order.source
        self._subject.counts_as(source.document, source.layer, placed.revision)

    def _on_document_closed(self, document: str) -> None:
        self._memory.forget(document)
        self._work.document_closed(document)

    def _on_noticed(self, notice: Notice | None) -> None:
        if notice is None and self._engine.phase == "failed":
            notice = notices.engine_failed(self._engine.sentence)
        self._tell(notice)

    def _on_troubled(self, sentence: str) -> None:
        self._tell(Notice(sentence))

    def _tell(self, notice: Notice | None) -> None:
        if notice != self._notice:
            self._notice = notice
            self.notice_changed.emit()
