"""The panel in our editor: host, engine, state and widgets, made together and ended together."""

from __future__ import annotations

from pathlib import Path

from frih_plugin.client.engine_client import EngineClient
from frih_plugin.client.engine_command import EngineCommand, find_engine
from frih_plugin.hosts.standalone.host import StandaloneHost
from frih_plugin.hosts.standalone.window import EditorWindow
from frih_plugin.panel.panel import HarmonizePanel
from frih_plugin.qt.core import QObject
from frih_plugin.state.panel_state import PanelState
from frih_plugin.state.settings_store import SettingsStore

CLIENT_NAME = "FRIH editor"


class Harmonizing(QObject):
    """The Harmonize panel of a window; it ends when the window does.

    settings_folder: where the panel keeps what a person sets; command: the engine to start, None
    for the one of our own environment.
    Raises EngineNotFoundError where there is none.
    """

    def __init__(
        self, window: EditorWindow, settings_folder: Path, command: EngineCommand | None = None
    ) -> None:
        super().__init__(window)
        self.host = StandaloneHost(window.session, self)
        self.engine = EngineClient(command or find_engine(own_python=True), CLIENT_NAME, self)
        self.state = PanelState(self.host, self.engine, SettingsStore(settings_folder), self)
        self.panel = HarmonizePanel(self.state)
        window.add_panel(self.panel)
        window.closing.connect(self.close)

    def start(self) -> None:
        """Start the engine; the panel tells when it is ready."""
        self.state.start()

    def close(self) -> None:
        """End the work, the engine and the host's thread; a second time does nothing."""
        self.state.close()
        self.host.close()
