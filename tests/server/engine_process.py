"""The engine as the real process, spoken to frame by frame."""

from __future__ import annotations

import os
import queue
import subprocess
import sys
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, TypeVar

from frih_plugin.protocol import PROTOCOL_VERSION
from frih_plugin.protocol.codec import Call, Reply, decode_for_editor, encode
from frih_plugin.protocol.framing import FrameReader, encode_frame
from frih_plugin.protocol.messages import Answer, Cancel, Failure, Hello, Progress, Request, Welcome

CHECKOUT = Path(__file__).resolve().parents[2]
PATIENCE_S = 120.0
"""Far more than anything takes: a test that waits so long has failed."""

A = TypeVar("A")


class EngineProcess:
    """One engine; all that it says lands in `said`, in order."""

    def __init__(self, *options: str, code: str | None = None) -> None:
        start = ["-m", "engine.server"] if code is None else ["-c", code]
        self.process = subprocess.Popen(
            [sys.executable, *start, *options],
            cwd=CHECKOUT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        self.said: list[Reply | Progress] = []
        self._news: queue.Queue[Reply | Progress | None] = queue.Queue()
        self._kinds: dict[int, type[Answer]] = {}
        self._next_id = 1
        self._listener = threading.Thread(target=self._listen)
        self._listener.start()

    def send(self, request: Request) -> int:
        """Send a request; gives its id."""
        call = Call(self._next_id, request)
        self._next_id += 1
        self._kinds[call.id] = request.ANSWER
        self.write(*encode_frame(encode(call)))
        return call.id

    def cancel(self, call_id: int) -> None:
        self.write(*encode_frame(encode(Cancel(call_id))))

    def write(self, *pieces: bytes | bytearray | memoryview) -> None:
        stdin = _end(self.process.stdin)
        for piece in pieces:
            stdin.write(piece)
        stdin.flush()

    def wait_for(self, wanted: Callable[[Reply | Progress], bool]) -> Reply | Progress:
        """The first message, of those not waited for yet, that is wanted."""
        while True:
            message = self._news.get(timeout=PATIENCE_S)
            if message is None:
                raise AssertionError(f"the engine ended with {self.process.wait()}")
            self.said.append(message)
            if wanted(message):
                return message

    def outcome(self, call_id: int) -> Answer | Failure:
        """What came of a request, which may have been told already."""
        for message in self.said:
            if isinstance(message, Reply) and message.id == call_id:
                return message.outcome
        found = self.wait_for(lambda m: isinstance(m, Reply) and m.id == call_id)
        assert isinstance(found, Reply)
        return found.outcome

    def ask(self, request: Request, kind: type[A]) -> A:
        """Send a request and wait for its answer, which must be of this class."""
        outcome = self.outcome(self.send(request))
        assert isinstance(outcome, kind), outcome
        return outcome

    def greet(self) -> Welcome:
        return self.ask(Hello(PROTOCOL_VERSION, "tests"), Welcome)

    def end(self) -> tuple[int, str]:
        """Close standard input and wait: exit code and standard error."""
        stdin = _end(self.process.stdin)
        if not stdin.closed:
            with suppress(BrokenPipeError):
                stdin.close()
        return self.ended()

    def ended(self) -> tuple[int, str]:
        """Wait for the end: exit code and standard error."""
        errors = _end(self.process.stderr).read().decode()
        code = self.process.wait(PATIENCE_S)
        self._listener.join(PATIENCE_S)
        return code, errors

    def _listen(self) -> None:
        stdout, reader = _end(self.process.stdout), FrameReader()
        while chunk := os.read(stdout.fileno(), 1 << 20):
            for frame in reader.feed(chunk):
                message = decode_for_editor(frame, self._kinds.get)
                if message is not None:
                    self._news.put(message)
        self._news.put(None)


@contextmanager
def engine(*options: str, code: str | None = None) -> Generator[EngineProcess]:
    """An engine that is gone when the test is over, however it ended."""
    running = EngineProcess(*options, code=code)
    try:
        yield running
    finally:
        running.process.kill()
        running.end()
        for stream in (running.process.stdout, running.process.stderr):
            _end(stream).close()


def _end(stream: IO[bytes] | None) -> IO[bytes]:
    assert stream is not None
    return stream
