"""A program that the installer runs: its lines as they come, its end, and how to stop it."""

from __future__ import annotations

import os
import sys
from collections import deque
from collections.abc import Callable

from frih_plugin.client.clean_environment import clean_environment
from frih_plugin.install.explained import of_output
from frih_plugin.install.steps import Step
from frih_plugin.qt.core import (
    QCoreApplication,
    QObject,
    QProcess,
    QProcessEnvironment,
    QTimer,
    Signal,
)

_KEPT_LINES = 60
_KILL_AFTER_MS = 2000
_AT_EXIT_MS = 1000
_PROGRESS = "Progress "


class Child(QObject):
    """line(str): one came; ended(int): its exit code, -1 where it crashed or never started.

    output: the last lines. `stop` ends it, politely where the system knows how.
    """

    line = Signal(str)
    ended = Signal(int)

    def __init__(self, command: list[str], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._command = command
        self._rest = b""
        self._lines: deque[str] = deque(maxlen=_KEPT_LINES)
        self._process = QProcess(self)
        self._kill_timer = QTimer(self)
        self._kill_timer.setSingleShot(True)
        self._kill_timer.timeout.connect(self._process.kill)
        self._process.setProcessChannelMode(QProcess.ProcessChannelMode.MergedChannels)
        self._process.readyReadStandardOutput.connect(self._read)
        self._process.finished.connect(self._on_finished)
        self._process.errorOccurred.connect(self._on_error)
        application = QCoreApplication.instance()
        if application is not None:
            application.aboutToQuit.connect(self.end_now)

    @property
    def output(self) -> str:
        """The last lines, to explain a failure by."""
        return "\n".join(self._lines)

    def start(self) -> None:
        """Start it with the variables that the engine gets too."""
        variables = QProcessEnvironment()
        for name, value in clean_environment(os.environ).items():
            variables.insert(name, value)
        self._process.setProcessEnvironment(variables)
        self._process.setStandardInputFile(QProcess.nullDevice())
        self._process.start(self._command[0], self._command[1:])

    def stop(self) -> None:
        """End it; `ended` follows."""
        if sys.platform == "win32":
            self._process.kill()  # a program without a window hears of no other way
        else:
            self._process.terminate()
            self._kill_timer.start(_KILL_AFTER_MS)

    def end_now(self) -> None:
        """End it before this returns; only for the editor's end."""
        if self._process.state() != QProcess.ProcessState.NotRunning:
            self._process.kill()
            self._process.waitForFinished(_AT_EXIT_MS)

    def _read(self) -> None:
        data = self._rest + bytes(self._process.readAllStandardOutput().data())
        *whole, self._rest = data.replace(b"\r", b"\n").split(b"\n")
        for line in whole:
            self._take(line)

    def _take(self, line: bytes) -> None:
        words = line.decode("utf-8", errors="replace").strip()
        if not words:
            return
        if not words.startswith(_PROGRESS):
            self._lines.append(words)
        self.line.emit(words)

    def _on_finished(self, code: int, status: QProcess.ExitStatus) -> None:
        self._kill_timer.stop()
        self._read()
        self._take(self._rest)
        self._rest = b""
        self.ended.emit(code if status == QProcess.ExitStatus.NormalExit else -1)

    def _on_error(self, error: QProcess.ProcessError) -> None:
        if error == QProcess.ProcessError.FailedToStart:
            self._take(self._process.errorString().encode())
            self.ended.emit(-1)


class ChildStep(Step):
    """A step that is one program. command: asked for when it starts.

    from_folder: whether libraries come from a folder, for the sentence of a failure.
    """

    def __init__(
        self,
        command: Callable[[], list[str]],
        *,
        from_folder: bool = False,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._command = command
        self._from_folder = from_folder
        self._is_stopped = False
        self._child: Child | None = None

    def start(self) -> None:
        """Start the program."""
        command = self._command()
        self.said.emit("$ " + " ".join(command))
        self._child = Child(command, self)
        self._child.line.connect(self._hear)
        self._child.ended.connect(self._end)
        self._child.start()

    def stop(self) -> None:
        """End the program."""
        self._is_stopped = True
        if self._child is not None:
            self._child.stop()

    def _hear(self, line: str) -> None:
        if not line.startswith(_PROGRESS):
            self.said.emit(line)
            return
        done, _, total = line.removeprefix(_PROGRESS).partition(" of ")
        if done.isdecimal() and total.isdecimal() and int(total) > 0:
            self.progressed.emit(min(int(done) / int(total), 1.0))

    def _end(self, code: int) -> None:
        output = "" if self._child is None else self._child.output
        if self._is_stopped:
            self.stopped.emit()
        elif code == 0:
            self.done.emit()
        else:
            self.said.emit(f"exit code {code}")
            self.failed.emit(of_output(output, from_folder=self._from_folder))
