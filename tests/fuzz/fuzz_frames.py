"""Coverage-guided fuzzing of the wire, from bytes to messages; run by hand, not by pytest.

    python tests/fuzz/fuzz_frames.py -max_total_time=300 [FOLDER]

Needs atheris, which no extra installs (pip install atheris; wheels for CPython 3.11 to 3.13 on
Linux). The only error that bytes may cause is ProtocolError, in no more memory than they have
themselves; atheris reports everything else, endless loops included. FOLDER keeps what it learnt.
The first byte chooses: from 128 on the rest is the body of a frame, below it a stream, cut into
pieces of that length.
"""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import atheris  # pyright: ignore[reportMissingImports, reportMissingModuleSource] - see above

_ATHERIS: Any = atheris

with _ATHERIS.instrument_imports():
    from frih_plugin.protocol.codec import decode_for_editor, decode_for_engine
    from frih_plugin.protocol.errors import ProtocolError
    from frih_plugin.protocol.framing import Frame, FrameReader
    from frih_plugin.protocol.messages import REQUESTS, Answer

_BODIES = (
    b'{"jsonrpc":"2.0","id":3,"method":"regions","params":{"key":"a","cutoff_distance":0.1}}',
    b'{"jsonrpc":"2.0","method":"$/cancelRequest","params":{"id":3}}',
    b'{"jsonrpc":"2.0","id":1,"method":"open","params":{"key":"a","layer":{"width":2,"height":1,'
    b'"order":"gray","depth":"u8","data":0,"icc":1},"left":-1,"top":0,"background":{"width":1,'
    b'"height":1,"order":"graya","depth":"u8","data":0},"opacity":0.5,"surroundings":null}}',
    b'{"jsonrpc":"2.0","id":1,"method":"preview","params":{"key":"a","settings":{"strength":0.5,'
    b'"regions":[{"index":0,"strength":1}]},"quality":"drag","scale":4}}',
    b'{"jsonrpc":"2.0","id":1,"error":{"code":-1,"message":"b","data":{"code":"c"}}}',
    b'{"jsonrpc":"2.0","id":1,"result":{"after":{"width":2,"height":1,"order":"gray","depth":"u8",'
    b'"data":0},"layer":null,"confidence":0.5,"suggested":0.25,"seconds":0.1}}',
)
_BLOCKS = b"ab", b""


def test_one_input(data: bytes) -> None:
    """Feed one stream, or one frame, to both sides."""
    if not data:
        return
    if data[0] >= 128:
        _decode(Frame(data[1:], _BLOCKS))
        return
    step, reader = data[0] + 1, FrameReader()
    try:
        for start in range(1, len(data), step):
            for frame in reader.feed(data[start : start + step]):
                _decode(frame)
    except ProtocolError:
        return


def _decode(frame: Frame) -> None:
    kinds: list[type[Answer] | None] = [None, *(kind.ANSWER for kind in REQUESTS)]
    for kind in kinds:
        with contextlib.suppress(ProtocolError):
            decode_for_editor(frame, lambda _, kind=kind: kind)
    with contextlib.suppress(ProtocolError):
        decode_for_engine(frame)


def _seeds() -> list[bytes]:
    header = b"Content-Length: %d\r\nBlock-Lengths: 2 0\r\n\r\n"
    streams = [b"\x07" + header % len(body) + body + b"ab" for body in _BODIES]
    return [*streams, *(b"\xff" + body for body in _BODIES)]


def main() -> None:
    """Fuzz until something is found or the time is up."""
    with TemporaryDirectory() as folder:
        for number, seed in enumerate(_seeds()):
            (Path(folder) / str(number)).write_bytes(seed)
        _ATHERIS.Setup([*sys.argv, folder], test_one_input)
        _ATHERIS.Fuzz()


if __name__ == "__main__":
    main()
