"""Starts the engine once and greets it: only one that answers rightly is settled on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from frih_plugin.client.engine_command import EngineCommand
from frih_plugin.client.engine_process import EngineProcess
from frih_plugin.install.steps import Step
from frih_plugin.protocol import PROTOCOL_VERSION
from frih_plugin.protocol.codec import Call, decode_for_editor, encode
from frih_plugin.protocol.errors import ProtocolError
from frih_plugin.protocol.framing import Frame
from frih_plugin.protocol.messages import Failure, Hello, Progress, Welcome
from frih_plugin.qt.core import QObject, QTimer
from frih_plugin.texts import text

_PATIENCE_MS = 120_000
"""A first start is slow where a virus scanner reads every library."""

_ID = 1


def engine_of(python: Path) -> EngineCommand:
    """How an environment's engine is started; the same as of a settings file."""
    return EngineCommand(str(python), ("-I", "-X", "utf8", "-m", "engine.server"))


class Trial(Step):
    """Greets the engine of a Python and hands its Welcome to `take`.

    weights_sha256: what its weights must be, "" for any.
    """

    def __init__(
        self,
        python: Callable[[], Path],
        take: Callable[[Welcome], None],
        *,
        weights_sha256: str = "",
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._python = python
        self._take = take
        self._weights_sha256 = weights_sha256
        self._sentence: str | None = None
        self._is_stopped = False
        self._process: EngineProcess | None = None
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(_PATIENCE_MS)
        self._patience.timeout.connect(self._give_up)

    def start(self) -> None:
        """Start and greet."""
        process = self._process = EngineProcess(engine_of(self._python()), self)
        process.received.connect(self._on_frame)
        process.ended.connect(self._on_ended)
        self._patience.start()
        process.start()
        process.write(encode(Call(_ID, Hello(PROTOCOL_VERSION, "installer"))))

    def stop(self) -> None:
        """End the engine."""
        self._is_stopped = True
        self._close()

    def _on_frame(self, frame: Frame) -> None:
        if self._sentence is not None:
            return
        try:
            message = decode_for_editor(frame, lambda _: Welcome)
        except ProtocolError as error:
            self.said.emit(str(error))
            self._settle(_no_engine())
            return
        if message is None or isinstance(message, Progress):
            return
        outcome = message.outcome
        if isinstance(outcome, Welcome):
            self._settle(self._judge(outcome))
        elif isinstance(outcome, Failure):
            self.said.emit(f"{outcome.code}: {outcome.sentence}")
            self._settle(outcome.sentence)

    def _judge(self, welcome: Welcome) -> str:
        """A sentence of what is wrong, "" for nothing."""
        self.said.emit(
            f"engine {welcome.engine_version}, protocol {welcome.protocol_version}, "
            f"{welcome.backend} on {welcome.device}, weights {welcome.weights_sha256}"
        )
        if welcome.protocol_version != PROTOCOL_VERSION:
            return _other_protocol()
        if self._weights_sha256 not in ("", welcome.weights_sha256):
            return wrong_weights()
        self._take(welcome)
        return ""

    def _settle(self, sentence: str) -> None:
        self._sentence = sentence
        self._close()

    def _close(self) -> None:
        self._patience.stop()
        if self._process is not None:
            self._process.close()

    def _give_up(self) -> None:
        self._settle(
            text(
                "The engine did not answer within two minutes: try again; a virus scanner may be "
                "slowing its first start."
            )
        )

    def _on_ended(self, reason: str) -> None:
        self._patience.stop()
        self.said.emit(reason)
        if self._is_stopped:
            self.stopped.emit()
        elif self._sentence == "":
            self.done.emit()
        else:
            self.failed.emit(self._sentence or _no_engine())


def wrong_weights() -> str:
    """For weights that do not hash to what plugin.json says."""
    return text("The engine's weights are not those of this version: install the engine again.")


def _no_engine() -> str:
    return text(
        "The engine could not be started: copy the log, it says why, then install it again."
    )


def _other_protocol() -> str:
    return text(
        "This engine is of another version than the plug-in, and they do not understand each "
        "other: install the engine that came along."
    )
