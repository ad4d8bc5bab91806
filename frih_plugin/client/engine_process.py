"""One run of the engine: frames in and out over its pipes, in slots that return at once."""

from __future__ import annotations

import logging
import os
from functools import partial

from frih_plugin.client.clean_environment import clean_environment
from frih_plugin.client.engine_command import EngineCommand
from frih_plugin.client.error_lines import ErrorLines
from frih_plugin.client.outbox import Outbox
from frih_plugin.protocol.errors import ProtocolError
from frih_plugin.protocol.framing import Frame, FrameReader
from frih_plugin.qt.core import (
    QCoreApplication,
    QObject,
    QProcess,
    QProcessEnvironment,
    QTimer,
    Signal,
)

PIECE_BYTES = 256 * 1024
"""Copied in less than a millisecond; two are kept on their way, so that the pipe never idles.

Measured from 64 KiB to 16 MiB: larger ones hold up the event loop longer and are not faster.
"""

_ON_THEIR_WAY = 2 * PIECE_BYTES
KILL_AFTER_MS = 2000
_AT_EXIT_MS = 500
"""How long the editor's own end waits for the engine's; it has nothing to save."""

_log = logging.getLogger(__name__)


class EngineProcess(QObject):
    """A child process that speaks in frames.

    received(Frame): one came; ended(str): the process is gone, with the reason in a few words,
    exactly once, after which nothing comes. A process that sends no frames is killed.
    """

    received = Signal(object)
    ended = Signal(str)

    def __init__(self, command: EngineCommand, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._command = command
        self._outbox = Outbox(PIECE_BYTES)
        self._reader = FrameReader()
        self._errors = ErrorLines()
        self._fault = ""
        self._has_ended = False
        self._process = QProcess(self)
        self._kill_timer = QTimer(self)
        self._read_timer = QTimer(self)
        self._connect()

    @property
    def was_started(self) -> bool:
        """Whether there was a program to start."""
        return self._process.error() != QProcess.ProcessError.FailedToStart

    @property
    def process_id(self) -> int | None:
        """The system's number of it, None where it does not run."""
        return self._process.processId() or None

    def start(self) -> None:
        """Start the program; where that fails `ended` says so."""
        variables = QProcessEnvironment()
        for name, value in clean_environment(os.environ).items():
            variables.insert(name, value)
        self._process.setProcessEnvironment(variables)
        if self._command.folder is not None:
            self._process.setWorkingDirectory(str(self._command.folder))
        self._process.start(self._command.program, list(self._command.arguments))

    def write(self, frame: Frame) -> None:
        """Send a frame in its turn. Raises ProtocolError for one beyond the bounds."""
        self._outbox.add(frame)
        self._pump()

    def close(self) -> None:
        """Close the engine's standard input, which ends it; kill it if it lives on for 2 s."""
        self._outbox.clear()
        self._process.closeWriteChannel()
        self._kill_timer.start(KILL_AFTER_MS)

    def fail(self, reason: str) -> None:
        """Kill the engine, as it does not keep to the protocol; `ended` follows with the reason."""
        if not self._fault:
            self._fault = reason
            self._outbox.clear()
            self._process.kill()

    def _connect(self) -> None:
        self._kill_timer.setSingleShot(True)
        self._kill_timer.timeout.connect(self._process.kill)
        self._process.bytesWritten.connect(self._pump)
        self._process.readyReadStandardOutput.connect(self._read)
        self._process.readyReadStandardError.connect(self._read_errors)
        self._process.finished.connect(self._on_finished)
        self._process.errorOccurred.connect(self._on_error)
        self._read_timer.setSingleShot(True)
        self._read_timer.timeout.connect(self._read)
        # A QProcess that is destroyed while its program runs complains, and blocks for seconds.
        self.destroyed.connect(partial(_end_now, self._process))
        application = QCoreApplication.instance()
        if application is not None:
            application.aboutToQuit.connect(self._end_with_application)

    def _pump(self) -> None:
        if self._process.state() == QProcess.ProcessState.NotRunning:
            return
        while self._process.bytesToWrite() < _ON_THEIR_WAY:
            piece = self._outbox.take()
            if not piece:
                return
            self._process.write(piece)

    def _read(self) -> None:
        self._feed(self._process.read(PIECE_BYTES))
        if self._process.bytesAvailable():
            self._read_timer.start()

    def _feed(self, data: bytes) -> None:
        if self._fault or self._has_ended:
            return
        try:
            frames = self._reader.feed(data)
        except ProtocolError as error:
            self.fail(f"its answer was garbled: {error}")
            return
        for frame in frames:
            self.received.emit(frame)

    def _read_errors(self) -> None:
        self._errors.feed(bytes(self._process.readAllStandardError().data()))

    def _on_error(self, error: QProcess.ProcessError) -> None:
        if error == QProcess.ProcessError.FailedToStart:
            self._end(f"it could not be started: {self._process.errorString()}")

    def _on_finished(self) -> None:
        while self._process.bytesAvailable():
            self._feed(self._process.read(PIECE_BYTES))
        self._read_errors()
        self._errors.finish()
        self._end(self._fault or self._errors.last or self._exit_reason())

    def _end(self, reason: str) -> None:
        self._kill_timer.stop()
        self._outbox.clear()
        if not self._has_ended:
            self._has_ended = True
            _log.info("The engine's process has ended: %s", reason)
            self.ended.emit(reason)

    def _exit_reason(self) -> str:
        if self._process.exitStatus() == QProcess.ExitStatus.CrashExit:
            return "it was killed or crashed"
        return f"it ended with code {self._process.exitCode()}"

    def _end_with_application(self) -> None:
        self._has_ended = True  # nobody is to be told, or it would be started again
        _end_now(self._process)


def _end_now(process: QProcess) -> None:
    """End the program before this returns: only for the end of the editor or of this object."""
    if process.state() == QProcess.ProcessState.NotRunning:
        return
    process.closeWriteChannel()
    if not process.waitForFinished(_AT_EXIT_MS):
        process.kill()
        process.waitForFinished(_AT_EXIT_MS)
