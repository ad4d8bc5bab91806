"""Ctrl-C in the terminal ends the program in order, also while Qt waits for events."""

from __future__ import annotations

import signal
import socket
from collections.abc import Callable

from frih_plugin.qt.core import QObject, QSocketNotifier


class Interrupt(QObject):
    """Calls a function in the interface's thread when the process is asked to end."""

    def __init__(self, end: Callable[[], object], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._end = end
        self._reader, self._writer = socket.socketpair()
        self._writer.setblocking(False)  # noqa: FBT003 - the standard library's signature
        self._notifier = QSocketNotifier(
            self._reader.fileno(),  # pyright: ignore[reportArgumentType] - any number will do
            QSocketNotifier.Type.Read,
            self,
        )
        self._notifier.activated.connect(self._asked)
        signal.set_wakeup_fd(self._writer.fileno())
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, _seen)

    def close(self) -> None:
        """Leave the signals to Python again."""
        signal.set_wakeup_fd(-1)
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_DFL)
        self._notifier.setEnabled(False)
        self._reader.close()
        self._writer.close()

    def _asked(self) -> None:
        self._reader.recv(64)
        self._end()


def _seen(number: int, frame: object) -> None:
    """Python needs a handler so that the wake-up is written; the work is done in `_asked`."""
