"""An engine for the client's tests: speaks the protocol, and misbehaves as its arguments say.

Run as a program of its own. The key of a FindRegions says what to do with it:

slow:SECONDS    answer after so long, with progress first; a cancel is answered at once
ignore          never answer, not even a cancel
die             say why on standard error and end
garble          answer with bytes that are no frame
lie             answer with a frame whose message breaks the protocol
shout           write much to standard error, then answer
variables       answer with a failure whose sentence lists the environment variables
anything else   answer at once
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import queue
import sys
import threading
import time
from pathlib import Path
from typing import BinaryIO

from frih_plugin.protocol import PROTOCOL_VERSION
from frih_plugin.protocol.codec import Call, Reply, decode_for_engine, encode
from frih_plugin.protocol.framing import Frame, FrameReader, encode_frame
from frih_plugin.protocol.messages import (
    CANCELLED,
    Answer,
    Cancel,
    Closed,
    CloseLayer,
    Failure,
    FindRegions,
    Harmonize,
    Harmonized,
    Hello,
    LayerOpened,
    OpenLayer,
    Progress,
    RegionsFound,
    Welcome,
)
from frih_plugin.protocol.pixels import Pixels

DOT = Pixels(1, 1, "rgb", "u8", b"abc")
LABELS = Pixels(1, 1, "gray", "u8", b"\0")


class ScriptedEngine:
    """Answers in the order of arrival; only a cancel overtakes."""

    def __init__(self, options: argparse.Namespace) -> None:
        self._options = options
        self._calls: queue.Queue[Call | None] = queue.Queue()
        self._cancelled: set[int] = set()
        self._layers: dict[str, Pixels] = {}

    def run(self) -> None:
        reader = threading.Thread(target=self._read, daemon=True)
        reader.start()
        while (call := self._calls.get()) is not None:
            self._answer(call)

    def _read(self) -> None:
        frames = FrameReader()
        while data := os.read(0, 1 << 20):
            for frame in frames.feed(data):
                message = decode_for_engine(frame)
                if isinstance(message, Cancel):
                    self._cancelled.add(message.id)
                else:
                    self._calls.put(message)
        if self._options.survives_end_of_input:
            return
        self._calls.put(None)

    def _answer(self, call: Call) -> None:
        request = call.request
        if isinstance(request, Hello):
            self._greet(call)
        elif isinstance(request, FindRegions):
            self._act(call, request.key)
        else:
            self._reply(call, self._plain_answer(call))

    def _greet(self, call: Call) -> None:
        if self._options.refuse:
            self._reply(call, Failure("wrong-version", self._options.refuse))
        elif not self._options.silent:
            version = self._options.version
            self._reply(call, Welcome(version, "0.0", "none", "scripted", "no device", ()))

    def _plain_answer(self, call: Call) -> Answer:
        request = call.request
        if isinstance(request, OpenLayer):
            self._layers[request.key] = request.layer
            return LayerOpened(0, 0, 1, 1, DOT)
        if isinstance(request, Harmonize):
            return Harmonized(self._layers[request.key], None, 1.0, 0.0, 1, "no device", ())
        assert isinstance(request, CloseLayer)
        return Closed()

    def _act(self, call: Call, key: str) -> None:
        word, _, number = key.partition(":")
        if word == "slow":
            self._answer_slowly(call, float(number))
        elif word == "die":
            sys.exit("The scripted engine has had enough.")
        elif word == "garble":
            write_bytes(b"this is no frame at all\r\n\r\n" * 40)
        elif word == "lie":
            write(Frame(json.dumps({"id": call.id, "result": {"labels": 7}}).encode()))
        elif word == "variables":
            self._reply(call, Failure("variables", " ".join(sorted(os.environ))))
        elif word != "ignore":
            sys.stderr.write("Loud words.\n" * (20_000 if word == "shout" else 0))
            self._reply(call, RegionsFound(LABELS, (), 0))

    def _answer_slowly(self, call: Call, seconds: float) -> None:
        write(encode(Progress(call.id, "submasks", 0.5)))
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if call.id in self._cancelled:
                self._reply(call, Failure(CANCELLED, "It was cancelled."))
                return
            time.sleep(0.01)
        self._reply(call, RegionsFound(LABELS, (), 0))

    def _reply(self, call: Call, outcome: Answer | Failure) -> None:
        write(encode(Reply(call.id, outcome)))


def write(frame: Frame) -> None:
    for piece in encode_frame(frame):
        write_bytes(piece)


def write_bytes(data: bytes | bytearray | memoryview) -> None:
    out: BinaryIO = sys.stdout.buffer
    out.write(data)
    out.flush()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--version", type=int, default=PROTOCOL_VERSION)
    parser.add_argument("--refuse", default="", help="answer hello with this sentence")
    parser.add_argument("--silent", action="store_true", help="never answer hello")
    parser.add_argument("--needs-file", type=Path, help="end at once where there is none")
    parser.add_argument("--survives-end-of-input", action="store_true")
    options = parser.parse_args()
    if options.needs_file is not None and not options.needs_file.exists():
        sys.exit("The scripted engine does not get up.")
    with contextlib.suppress(BrokenPipeError):
        ScriptedEngine(options).run()


if __name__ == "__main__":
    main()
