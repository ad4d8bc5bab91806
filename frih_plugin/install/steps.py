"""What an installation is made of: steps that start, can be stopped and end once."""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Callable

from frih_plugin.install.errors import InstallError, StoppedError
from frih_plugin.install.explained import of_os_error
from frih_plugin.qt.core import QObject, Signal
from frih_plugin.texts import text

_AT_EXIT_S = 2
_log = logging.getLogger(__name__)


class Step(QObject):
    """done(), failed(str) with a sentence, or stopped(): exactly one of them, once.

    progressed(float): the share, 0 to 1; said(str): a line for the log.
    """

    done = Signal()
    failed = Signal(str)
    stopped = Signal()
    progressed = Signal(float)
    said = Signal(str)

    def start(self) -> None:
        """Begin; returns at once."""
        raise NotImplementedError

    def stop(self) -> None:
        """End early; `stopped` follows unless the step ends by itself before."""
        raise NotImplementedError


class Background(Step):
    """A step that only reads and writes files, in a thread.

    The work is handed this object: it calls `check` now and then, which raises StoppedError after
    `stop`, and may tell `progressed` and `said`. It raises InstallError or OSError where it fails.
    """

    _ended = Signal()

    def __init__(self, work: Callable[[Background], None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._work = work
        self._is_stopped = threading.Event()
        self._outcome: Callable[[], None] = self.stopped.emit
        self._thread = threading.Thread(target=self._run, name="frih-install", daemon=True)
        self._ended.connect(self._tell)

    def start(self) -> None:
        """Begin; returns at once."""
        self._thread.start()

    def stop(self) -> None:
        """End early."""
        self._is_stopped.set()

    def wait(self) -> None:
        """Return when the thread is gone; only for the editor's end."""
        self._is_stopped.set()
        if self._thread.is_alive():
            self._thread.join(_AT_EXIT_S)

    def check(self) -> None:
        """Raise StoppedError after `stop`."""
        if self._is_stopped.is_set():
            raise StoppedError

    def _run(self) -> None:
        self._outcome = self._outcome_of_work()
        with contextlib.suppress(RuntimeError):  # nobody is there any more to be told
            self._ended.emit()

    def _outcome_of_work(self) -> Callable[[], None]:
        try:
            self._work(self)
        except StoppedError:
            return self.stopped.emit
        except InstallError as error:
            return _telling(self.failed.emit, str(error))
        except OSError as error:
            _log.warning("A step of the installation failed", exc_info=True)
            self.said.emit(f"{type(error).__name__}: {error}")
            return _telling(self.failed.emit, of_os_error(error))
        except Exception as error:  # noqa: BLE001 - a job runner: whatever it was, the job has ended
            _log.exception("A step of the installation failed")
            self.said.emit(f"{type(error).__name__}: {error}")
            sentence = text("The installation failed: copy the log, it says why, then try again.")
            return _telling(self.failed.emit, sentence)
        return self.done.emit

    def _tell(self) -> None:
        """In the interface's thread: the other one has done its work."""
        self._thread.join()
        self._outcome()


def _telling(emit: Callable[[str], None], sentence: str) -> Callable[[], None]:
    return lambda: emit(sentence)
