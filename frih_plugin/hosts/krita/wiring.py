"""Host, engine and state in Krita: one of each, whatever the number of windows and dockers."""

from __future__ import annotations

from krita import Krita

from frih_plugin.client.engine_client import EngineClient
from frih_plugin.client.engine_command import find_engine
from frih_plugin.hosts.krita.host import KritaHost
from frih_plugin.install.places import default_places
from frih_plugin.qt.core import QObject
from frih_plugin.state.panel_state import PanelState
from frih_plugin.state.settings_store import SettingsStore

CLIENT_NAME = "krita"


class Harmonizing(QObject):
    """Made when it is first needed; ends when Krita does.

    Raises EngineNotFoundError where there is no engine to start.
    """

    def __init__(self, krita: Krita) -> None:
        super().__init__()
        places = default_places()
        command = find_engine(own_python=False, settings_file=places.settings_file)
        self.host = KritaHost(krita, self)
        self.engine = EngineClient(command, CLIENT_NAME, self)
        self.state = PanelState(self.host, self.engine, SettingsStore(places.root), self)
        self._wants_harmonize = False
        self._is_closed = False
        krita.notifier().applicationClosing.connect(self.close)
        self.state.subject_changed.connect(self._go_on)
        self.host.start()
        self.state.start()

    def harmonize(self) -> None:
        """As a click on the button does, as soon as it can be clicked."""
        self._wants_harmonize = True
        self._go_on()

    def close(self) -> None:
        """End the work and the engine; a second time does nothing."""
        if not self._is_closed:
            self._is_closed = True
            self.state.close()
            self.host.close()

    def _go_on(self) -> None:
        if self._wants_harmonize and self.state.can_harmonize:
            self._wants_harmonize = False
            self.state.harmonize()


_made: list[Harmonizing] = []


def harmonizing() -> Harmonizing:
    """The one of this Krita. Raises EngineNotFoundError."""
    if not _made:
        krita = Krita.instance()
        krita.notifier().setActive(True)
        _made.append(Harmonizing(krita))
    return _made[0]
