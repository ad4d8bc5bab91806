"""Host, engine and state in Krita: one of each, whatever the number of windows and dockers."""

from __future__ import annotations

from functools import cache

from krita import Krita

from frih_plugin.client.engine_client import EngineClient
from frih_plugin.client.engine_command import EngineCommand, find_engine
from frih_plugin.hosts.krita.host import KritaHost
from frih_plugin.install.installer import Installer
from frih_plugin.install.places import default_places
from frih_plugin.panel.panel import HarmonizePanel
from frih_plugin.qt.core import QObject
from frih_plugin.qt.widgets import QWidget
from frih_plugin.state.panel_state import PanelState
from frih_plugin.state.settings_store import SettingsStore

CLIENT_NAME = "krita"


class Harmonizing(QObject):
    """The panel's parts on one engine, until `close`."""

    def __init__(self, krita: Krita, command: EngineCommand) -> None:
        super().__init__()
        self.host = KritaHost(krita, self)
        self.engine = EngineClient(command, CLIENT_NAME, self)
        self.state = PanelState(self.host, self.engine, SettingsStore(default_places().root), self)
        self._wants_harmonize = False
        self.state.subject_changed.connect(self._go_on)
        self.host.start()
        self.state.start()

    def harmonize(self) -> None:
        """As a click on the button does, as soon as it can be clicked."""
        self._wants_harmonize = True
        self._go_on()

    def close(self) -> None:
        """End the work and the engine."""
        self.state.close()
        self.host.close()

    def _go_on(self) -> None:
        if self._wants_harmonize and self.state.can_harmonize:
            self._wants_harmonize = False
            self.state.harmonize()


class KritaPanels:
    """Makes the panels of all dockers, on one engine; see panel.harmonize_dock.PanelMaker."""

    def __init__(self, krita: Krita) -> None:
        self._krita = krita
        self.harmonizing: Harmonizing | None = None
        notifier = krita.notifier()
        notifier.setActive(True)
        notifier.applicationClosing.connect(self.close_panel)

    def find_engine(self) -> EngineCommand:
        """Never Krita's own Python. Raises EngineNotFoundError."""
        return find_engine(own_python=False, settings_file=default_places().settings_file)

    def open_panel(self, command: EngineCommand) -> QWidget:
        """A panel; the first one starts the engine."""
        if self.harmonizing is None:
            self.harmonizing = Harmonizing(self._krita, command)
        return HarmonizePanel(self.harmonizing.state)

    def close_panel(self) -> None:
        """End the engine; a second time does nothing."""
        if self.harmonizing is not None:
            self.harmonizing.close()
            self.harmonizing = None


@cache
def panels() -> KritaPanels:
    """Those of this Krita."""
    return KritaPanels(Krita.instance())


@cache
def installer() -> Installer:
    """One for all dockers."""
    return Installer()
