"""Start, threads and end of the engine process."""

from __future__ import annotations

import argparse
import contextlib
import logging
import os
import signal
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from engine.server.answers import Answers
from engine.server.errors import BrokenRequestError
from engine.server.exit_codes import ExitCode
from engine.server.jobs import Jobs, failure_of
from engine.server.log_file import open_log
from engine.server.parent import end_with_parent
from engine.server.wire import Outbox, Wire, chunks, claim_wire
from engine.server.worker import Worker
from frih_plugin.protocol.codec import Call, MalformedCallError, Reply, decode_for_engine
from frih_plugin.protocol.errors import ProtocolError
from frih_plugin.protocol.framing import Frame, FrameReader

_LAST_WORDS_S = 2.0
"""How long the engine waits, when it has to end, for its last answers to be read."""

_log = logging.getLogger(__name__)


def main() -> NoReturn:
    """Serve the editor on standard input and output until it is gone; see ExitCode."""
    options = _options()
    wire = claim_wire()
    end_with_parent()
    # Ctrl-C in a terminal goes to the editor, which closes the pipe when it ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    open_log(options.log_folder)
    outbox = Outbox(wire, lambda: _end(ExitCode.DONE))
    jobs = Jobs(outbox.send)
    reader = _Reader(wire, outbox, jobs)
    threading.Thread(target=reader.read, name="reader", daemon=True).start()
    Worker(jobs, outbox, Answers(options.weights)).work()
    _end(ExitCode.WRONG_VERSION, outbox)


@dataclass(frozen=True, slots=True)
class _Options:
    weights: Path | None
    log_folder: Path | None


def _options() -> _Options:
    parser = argparse.ArgumentParser(prog="python -m engine.server", description=__doc__)
    parser.add_argument("--weights", type=Path, help="other weights than those of plugin.json")
    parser.add_argument("--log-folder", type=Path, help="where the log goes")
    given = parser.parse_args()
    return _Options(given.weights, given.log_folder)


class _Reader:
    """The thread that listens, so that a cancel is heard whatever the worker does."""

    def __init__(self, wire: Wire, outbox: Outbox, jobs: Jobs) -> None:
        self._wire, self._outbox, self._jobs = wire, outbox, jobs

    def read(self) -> None:
        """Listen until the editor is gone, which ends the process, also in the middle of a job."""
        frames = FrameReader()
        try:
            for chunk in chunks(self._wire):
                self._take_all(frames.feed(chunk))
        except ProtocolError as error:
            _end_broken(str(error), self._outbox)
        except MemoryError:
            _end_broken("There is no memory for what was sent.", self._outbox)
        except Exception:  # noqa: BLE001 - whatever it is, nobody listens from here on
            _log.exception("reading failed")
            _end_broken("Reading failed, see the log.", self._outbox)
        if not frames.between_frames:
            _log.info("the editor was gone in the middle of a frame")
        _end(ExitCode.DONE)

    def _take_all(self, frames: list[Frame]) -> None:
        """A call of its own, so that no frame's pixels are kept while the next is waited for."""
        while frames:
            self._take(frames.pop(0))

    def _take(self, frame: Frame) -> None:
        try:
            message = decode_for_engine(frame)
        except MalformedCallError as error:
            failure = failure_of(BrokenRequestError(str(error)))
            self._outbox.send(Reply(error.call_id, failure))
            return
        if isinstance(message, Call):
            self._jobs.add(message)
        else:
            self._jobs.cancel(message.id)


def _end_broken(sentence: str, outbox: Outbox) -> NoReturn:
    _log.error("ending: %s", sentence)
    with contextlib.suppress(OSError, ValueError):
        sys.stderr.write(f"The engine ends, as its input makes no sense: {sentence}\n")
    _end(ExitCode.BROKEN_STREAM, outbox)


def _end(code: ExitCode, outbox: Outbox | None = None) -> NoReturn:
    """End now, whatever other threads do; `outbox` gets a moment to be read."""
    if outbox is not None:
        outbox.flush(_LAST_WORDS_S)
    _log.info("ended with %d", code)
    logging.shutdown()
    with contextlib.suppress(OSError, ValueError):
        sys.stderr.flush()
    os._exit(code)
