"""All that the menus, the tool bar and the keyboard offer, under a name each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from frih_plugin.hosts.standalone.icons import icon
from frih_plugin.hosts.standalone.session import EditorSession
from frih_plugin.qt.core import QObject
from frih_plugin.qt.gui import QAction, QKeySequence
from frih_plugin.texts import text

Keys = str | QKeySequence.StandardKey | None


@dataclass(frozen=True, slots=True)
class Offer:
    """One action. needs: "" always, "document", "layer" or "selection"."""

    words: str
    run: Callable[[], None]
    keys: Keys = None
    icon: str = ""
    needs: str = ""


class Actions(QObject):
    """Enables what can be used, and names the steps of undo and redo."""

    def __init__(self, session: EditorSession, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._actions: dict[str, QAction] = {}
        self._needs: dict[str, str] = {}
        for signal in (
            session.history_changed,
            session.active_layers_changed,
            session.document_changed,
            session.selection_changed,
        ):
            signal.connect(self.refresh)

    def add(self, name: str, offer: Offer) -> QAction:
        """Offer something."""
        action = QAction(offer.words, self)
        if offer.icon:
            action.setIcon(icon(offer.icon))
        if isinstance(offer.keys, QKeySequence.StandardKey):
            action.setShortcuts(QKeySequence.keyBindings(offer.keys))
        elif offer.keys:
            action.setShortcuts([QKeySequence(keys) for keys in offer.keys.split(", ")])
        keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        action.setToolTip(_plain(offer.words) + (f" ({keys})" if keys else ""))
        action.triggered.connect(_without_state(offer.run))
        self._actions[name], self._needs[name] = action, offer.needs
        return action

    def __getitem__(self, name: str) -> QAction:
        return self._actions[name]

    def all(self) -> tuple[QAction, ...]:
        """Every action."""
        return tuple(self._actions.values())

    def refresh(self) -> None:
        """Enable what can be used now."""
        session, history = self._session, self._session.history
        document = session.document
        has = {
            "": True,
            "document": document is not None,
            "layer": bool(session.active_layers),
            "selection": document is not None and document.selection is not None,
            "undo": history is not None and history.undo_name is not None,
            "redo": history is not None and history.redo_name is not None,
        }
        for name, action in self._actions.items():
            action.setEnabled(has[self._needs[name]])
        self._name_steps()

    def _name_steps(self) -> None:
        history = self._session.history
        undone = None if history is None else history.undo_name
        redone = None if history is None else history.redo_name
        self["undo"].setText(text("&Undo: {step}", step=undone) if undone else text("&Undo"))
        self["redo"].setText(text("&Redo: {step}", step=redone) if redone else text("&Redo"))


def _plain(words: str) -> str:
    return words.replace("&", "").removesuffix("…").strip()


def _without_state(run: Callable[[], None]) -> Callable[[], None]:
    """Keeps Qt from giving the checked state to a function that has an argument to spare."""

    def triggered() -> None:
        run()

    return triggered
