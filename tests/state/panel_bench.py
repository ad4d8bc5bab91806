"""A panel state with a fake engine, in an editor in memory, for any test that needs one."""

from __future__ import annotations

from fake_engine import FakeEngine
from fake_host import FakeEditor

from frih_plugin.hosts.host import Grab, Put
from frih_plugin.protocol.messages import MakePreview
from frih_plugin.protocol.pixels import Pixels
from frih_plugin.qt.core import QCoreApplication
from frih_plugin.state.panel_state import PanelState
from frih_plugin.state.settings_store import SettingsStore


class Bench:
    """A panel state and all around it. `settle` lets the host answer."""

    def __init__(self, editor: FakeEditor, store: SettingsStore) -> None:
        self.editor = editor
        self.engine = FakeEngine()
        self.state = PanelState(editor.host, self.engine, store)

    def settle(self) -> None:
        """Let the host answer until it has nothing more to say."""
        for _ in range(10):
            QCoreApplication.processEvents()

    def open(self) -> None:
        """Open the selected layer, with its regions and its first picture."""
        self.state.prepare()
        self.finish()

    def finish(self) -> None:
        """Let everybody answer until nothing is open."""
        for _ in range(10):
            self.settle()
            self.engine.answer_all()

    def close(self) -> None:
        """End all of it."""
        self.state.close()
        for part in (self.state, self.engine, self.editor.host):
            part.deleteLater()

    def grabs(self) -> list[Grab]:
        return [request for request in self.editor.host.asked if isinstance(request, Grab)]

    def previews(self) -> list[MakePreview]:
        return [request for request in self.engine.sent if isinstance(request, MakePreview)]

    def regions_on(self) -> list[bool]:
        """Which of the regions that are shown are on."""
        regions = self.state.region_map
        return [] if regions is None else [view.on for view in regions.regions]

    def puts(self) -> list[Put]:
        return [request for request in self.editor.host.asked if isinstance(request, Put)]


def with_hat(editor: FakeEditor) -> FakeEditor:
    """The editor with a red square "Hat", selected, on grey."""
    editor.open_document(24, 16, (90, 90, 90, 255))
    editor.add_layer("Hat", square(), 5, 3)
    return editor


def square() -> Pixels:
    return Pixels(8, 8, "rgba", "u8", bytes((200, 30, 30, 255)) * 64)
