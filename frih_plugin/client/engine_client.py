"""Requests to the engine and its answers, whatever becomes of its process; state/ uses it."""

from __future__ import annotations

import logging
import platform
from collections.abc import Callable
from pathlib import Path
from typing import Literal, cast

from frih_plugin.client.engine_command import EngineCommand
from frih_plugin.client.engine_log import EngineLog, default_folder
from frih_plugin.client.engine_process import EngineProcess
from frih_plugin.client.open_requests import OpenRequests
from frih_plugin.client.restart_budget import RestartBudget
from frih_plugin.protocol import PROTOCOL_VERSION
from frih_plugin.protocol.codec import Call, decode_for_editor, encode
from frih_plugin.protocol.errors import ProtocolError
from frih_plugin.protocol.framing import Frame
from frih_plugin.protocol.messages import (
    BROKEN_REQUEST,
    CANCELLED,
    Answer,
    Cancel,
    Failure,
    Hello,
    Progress,
    Request,
    Welcome,
)
from frih_plugin.qt.core import QObject, QTimer, Signal, qVersion

Phase = Literal["starting", "ready", "busy", "failed", "restarting"]

ENGINE_LOST = "engine-lost"
"""The failure code of a request whose engine died, or could not be started at all."""

HELLO_TIMEOUT_MS = 20_000
CANCEL_TIMEOUT_MS = 5_000
"""An engine that says nothing for so long after a cancel, promised within 150 ms, hangs."""

_log = logging.getLogger(__name__)


class EngineClient(QObject):
    """The engine as the panel sees it: one at a time, started again when it dies.

    answered(id, Answer | Failure): exactly one for each `send`, never before it has returned;
    progressed(id, stage, share); phase_changed(): phase, sentence or welcome may be new;
    stopped(): after `stop`, the process is gone.
    Before `start` and after `stop` the phase is "starting". Requests sent while the engine starts
    are held until it has answered hello.
    """

    answered = Signal(int, object)
    progressed = Signal(int, str, float)
    phase_changed = Signal()
    stopped = Signal()

    def __init__(
        self, command: EngineCommand, client_name: str, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._command = command
        self._client_name = client_name
        self._budget = RestartBudget()
        self._log: EngineLog | None = None
        self._requests = OpenRequests()
        self._held: list[Call] = []
        self._refusals: list[tuple[int, Failure]] = []
        self._process: EngineProcess | None = None
        self._hello_id = 0
        self._welcome: Welcome | None = None
        self._phase: Phase = "starting"
        self._sentence = ""
        self._is_stopping = False
        self._hello_timer = self._timer(HELLO_TIMEOUT_MS, self._hello_is_late)
        self._cancel_timer = self._timer(CANCEL_TIMEOUT_MS, self._cancel_is_late)
        self._refusal_timer = self._timer(0, self._tell_refusals)

    @property
    def phase(self) -> Phase:
        """What state the engine is in."""
        return self._phase

    @property
    def sentence(self) -> str:
        """Why the phase is "failed" or "restarting", for the person; else empty."""
        return self._sentence

    @property
    def welcome(self) -> Welcome | None:
        """Who the engine is, once it has said so."""
        return self._welcome

    @property
    def process_id(self) -> int | None:
        """The engine's process, None where none runs."""
        return None if self._process is None else self._process.process_id

    @property
    def log_file(self) -> Path | None:
        """Where this side's log is; None before `start`, or where none can be written."""
        return None if self._log is None else self._log.file

    def start(self) -> None:
        """Start the engine, also anew after it failed; no effect on one that runs."""
        is_running = self._process is not None and not self._is_stopping
        if is_running and self._phase != "failed":
            return
        self._is_stopping = False
        self._budget.refill()
        if self._log is None:
            self._log = EngineLog(default_folder(), self._client_name)
        self._launch("starting")

    def send(self, request: Request) -> int:
        """Ask something of the engine; returns the id under which it will be answered."""
        call = self._requests.add(request)
        if self._process is None or self._is_stopping or self._phase == "failed":
            self._refuse(call.id, ENGINE_LOST, self._sentence or "The engine is not running.")
        elif self._welcome is None:
            self._held.append(call)
        else:
            self._write(call)
            self._show_work()
        return call.id

    def cancel(self, call_id: int) -> None:
        """Ask for an early answer: "cancelled", or the result if it is there. Late is no error."""
        if not self._requests.mark_cancelled(call_id):
            return
        held = len(self._held)
        self._held = [call for call in self._held if call.id != call_id]
        if len(self._held) < held:
            self._refuse(call_id, CANCELLED, "It was cancelled.")
        elif self._process is not None:
            self._process.write(encode(Cancel(call_id)))
            self._cancel_timer.start()

    def stop(self) -> None:
        """End the engine; `stopped` follows, within this call where nothing runs.

        Open requests are answered with "cancelled" at once.
        """
        if self._is_stopping:
            return
        self._is_stopping = True
        self._set_phase("starting")
        self._answer_all(self._abandon(), Failure(CANCELLED, "The engine was stopped."))
        if self._process is None:
            self._finish_stop()
        else:
            self._process.close()

    def _timer(self, wait_ms: int, slot: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(wait_ms)
        timer.timeout.connect(slot)
        return timer

    def _launch(self, phase: Phase, sentence: str = "") -> None:
        _log.info(
            "Starting the engine for %s: protocol %d, Python %s, Qt %s, %s",
            self._client_name,
            PROTOCOL_VERSION,
            platform.python_version(),
            qVersion(),
            platform.platform(),
        )
        process = self._process = EngineProcess(self._command, self)
        process.received.connect(self._on_frame)
        process.ended.connect(self._on_ended)
        hello = self._requests.add(Hello(PROTOCOL_VERSION, self._client_name))
        self._hello_id = hello.id
        self._welcome = None
        self._hello_timer.start()
        self._set_phase(phase, sentence)
        process.start()
        process.write(encode(hello))

    def _on_frame(self, frame: Frame) -> None:
        is_heard = not self._is_stopping and self._phase != "failed"
        if self._process is None or self.sender() is not self._process or not is_heard:
            return
        try:
            message = decode_for_editor(frame, self._requests.answer_of)
        except ProtocolError as error:
            self._process.fail(f"its answer was garbled: {error}")
            return
        if isinstance(message, Progress):
            if message.id in self._requests:
                self.progressed.emit(message.id, message.stage, message.share)
        elif message is not None and self._requests.close(message.id):
            self._watch_cancelled()
            self._on_answer(message.id, message.outcome)

    def _on_answer(self, call_id: int, outcome: Answer | Failure) -> None:
        if call_id == self._hello_id:
            self._on_greeting(outcome)
        else:
            self.answered.emit(call_id, outcome)
            self._show_work()

    def _on_greeting(self, outcome: Answer | Failure) -> None:
        self._hello_timer.stop()
        if isinstance(outcome, Failure):
            self._fail(outcome.sentence)
        elif isinstance(outcome, Welcome) and outcome.protocol_version != PROTOCOL_VERSION:
            self._fail(_mismatch_sentence(outcome.protocol_version))
        elif isinstance(outcome, Welcome):
            self._become_ready(outcome)

    def _become_ready(self, welcome: Welcome) -> None:
        _log.info(
            "Engine %s, protocol %d, weights %s, backend %s on %s",
            welcome.engine_version,
            welcome.protocol_version,
            welcome.weights_sha256,
            welcome.backend,
            welcome.device,
        )
        self._welcome = welcome
        held, self._held = self._held, []
        for call in held:
            self._write(call)
        self._set_phase("busy" if self._requests else "ready")

    def _write(self, call: Call) -> None:
        if self._process is None:
            return
        try:
            self._process.write(encode(call))
        except ProtocolError as error:
            self._refuse(call.id, BROKEN_REQUEST, str(error))

    def _refuse(self, call_id: int, code: str, sentence: str) -> None:
        """Answer a request ourselves, but not before `send` has returned its id."""
        self._requests.close(call_id)
        self._refusals.append((call_id, Failure(code, sentence)))
        self._refusal_timer.start()

    def _tell_refusals(self) -> None:
        refusals, self._refusals = self._refusals, []
        for call_id, failure in refusals:
            self.answered.emit(call_id, failure)

    def _watch_cancelled(self) -> None:
        """Be patient anew after each answer, as long as a cancelled request has none."""
        if self._requests.awaits_cancelled:
            self._cancel_timer.start()
        else:
            self._cancel_timer.stop()

    def _hello_is_late(self) -> None:
        self._fail(
            f"The engine did not answer within {HELLO_TIMEOUT_MS // 1000} seconds: start it again, "
            "or see the log for why."
        )

    def _cancel_is_late(self) -> None:
        if self._process is not None:
            self._process.fail("it did not stop its work when asked to")

    def _on_ended(self, reason: str) -> None:
        process = cast("EngineProcess", self.sender())
        process.deleteLater()
        if process is not self._process:
            return
        self._process = None
        if self._is_stopping:
            self._finish_stop()
        elif self._phase != "failed":
            self._recover(reason, can_start=process.was_started)

    def _recover(self, reason: str, *, can_start: bool) -> None:
        if not can_start:
            self._fail(f"The engine could not be started ({reason}): install it again.")
        elif not self._budget.take():
            self._fail(
                f"The engine keeps ending ({reason}): start it again, or see the log for why."
            )
        else:
            lost = self._abandon()
            sentence = f"The engine ended unexpectedly ({reason}) and is being started again."
            self._launch("restarting", sentence)
            self._answer_all(lost, Failure(ENGINE_LOST, sentence))

    def _fail(self, sentence: str) -> None:
        _log.error("%s", sentence)
        lost = self._abandon()
        self._set_phase("failed", sentence)
        if self._process is not None:
            self._process.close()
        self._answer_all(lost, Failure(ENGINE_LOST, sentence))

    def _abandon(self) -> list[int]:
        """Wait for nothing any more; gives the ids that others wait for."""
        self._hello_timer.stop()
        self._cancel_timer.stop()
        self._held.clear()
        return [call_id for call_id in self._requests.close_all() if call_id != self._hello_id]

    def _answer_all(self, call_ids: list[int], failure: Failure) -> None:
        for call_id in call_ids:
            self.answered.emit(call_id, failure)

    def _finish_stop(self) -> None:
        self._is_stopping = False
        if self._log is not None:
            self._log.close()
            self._log = None
        self.stopped.emit()

    def _show_work(self) -> None:
        if self._phase in ("ready", "busy"):
            self._set_phase("busy" if self._requests else "ready")

    def _set_phase(self, phase: Phase, sentence: str = "") -> None:
        if (phase, sentence) != (self._phase, self._sentence):
            self._phase = phase
            self._sentence = sentence
            self.phase_changed.emit()


def _mismatch_sentence(engine_version: int) -> str:
    older = "engine" if engine_version < PROTOCOL_VERSION else "plug-in in this editor"
    return (
        f"The engine speaks version {engine_version} of the protocol and this editor's plug-in "
        f"version {PROTOCOL_VERSION}: update the {older}."
    )
