"""However it ends, the engine ends: with its own exit code, with a sentence, and soon."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from engine_process import CHECKOUT, PATIENCE_S, engine
from made_layers import KEY, scene
from test_engine_process import large

from engine.server.exit_codes import ExitCode
from frih_plugin.protocol.codec import Call, encode
from frih_plugin.protocol.framing import Frame, encode_frame
from frih_plugin.protocol.messages import (
    BROKEN_REQUEST,
    Failure,
    Harmonize,
    LayerOpened,
    Progress,
    ResultSettings,
)

BROKEN = {
    "no header": b"hello\r\n\r\n",
    "an endless header": b"Content-Length: " + b"1" * 5000,
    "a negative length": b"Content-Length: -1\r\n\r\n",
    "a huge body": b"Content-Length: 9999999\r\n\r\n",
    "huge blocks": b"Content-Length: 2\r\nBlock-Lengths: 9999999999\r\n\r\n{}",
    "no JSON": b"Content-Length: 4\r\n\r\nnope",
    "no object": b"Content-Length: 2\r\n\r\n[]",
    "NaN": b'Content-Length: 10\r\n\r\n{"id": NaN',
    "deep JSON": b"Content-Length: 200000\r\n\r\n" + b"[" * 200_000,
    "no id": b"Content-Length: 2\r\n\r\n{}",
    "a print of the editor": b"Traceback (most recent call last):\n" * 30,
}

PARENT = """
import subprocess, sys
engine = subprocess.Popen(
    [sys.executable, "-m", "engine.server", *sys.argv[1:]],
    stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
)
holder = subprocess.Popen(
    [sys.executable, "-c", "import time; time.sleep(600)"], stdin=subprocess.DEVNULL,
    stdout=subprocess.DEVNULL, pass_fds=[engine.stdin.fileno()],
)
print(engine.pid, holder.pid, flush=True)
sys.stdin.read()
"""


@pytest.mark.parametrize("sent", BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_frame_ends_it_with_a_sentence(options: tuple[str, ...], sent: bytes) -> None:
    with engine(*options) as running:
        running.write(sent)
        code, errors = running.ended()
    assert code == ExitCode.BROKEN_STREAM
    assert errors.startswith("The engine ends, as its input makes no sense: ")
    assert len(errors.splitlines()) == 1


def test_a_request_out_of_form_is_answered_and_the_engine_goes_on(
    options: tuple[str, ...],
) -> None:
    body = json.dumps({"jsonrpc": "2.0", "id": 99, "method": "hello", "params": {"client": 5}})
    with engine(*options) as running:
        running.write(*encode_frame(Frame(body.encode())))
        outcome = running.outcome(99)
        assert isinstance(outcome, Failure)
        assert outcome.code == BROKEN_REQUEST
        running.greet()


def test_the_end_of_input_ends_it_in_the_middle_of_a_job(options: tuple[str, ...]) -> None:
    with engine(*options) as running:
        running.greet()
        running.ask(large().request(), LayerOpened)
        running.send(Harmonize(KEY, ResultSettings()))
        running.wait_for(lambda m: isinstance(m, Progress))
        assert running.end() == (ExitCode.DONE, "")


def test_the_end_of_input_ends_it_in_the_middle_of_a_frame(options: tuple[str, ...]) -> None:
    with engine(*options) as running:
        pieces = encode_frame(encode(Call(1, scene().request())))
        running.write(pieces[0], memoryview(pieces[1])[:1000])
        assert running.end() == (ExitCode.DONE, "")


def test_prints_do_not_reach_the_wire(options: tuple[str, ...]) -> None:
    code = (
        "import os, sys, engine.server.worker as w\n"
        "warm = w.Worker._warm_up\n"
        "def noisy(self):\n"
        "    print('a print'); os.write(1, b'a library\\n'); sys.stdout.flush()\n"
        "    warm(self)\n"
        "w.Worker._warm_up = noisy\n"
        "from engine.server.main import main\n"
        "main()\n"
    )
    with engine(*options, code=code) as running:
        running.greet()
        running.ask(scene().request(), LayerOpened)
        code_, errors = running.end()
    assert code_ == ExitCode.DONE
    assert sorted(errors.splitlines()) == ["a library", "a print"]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells of a parent's end")
def test_it_dies_with_its_parent_though_the_pipe_stays_open(
    weights_file: Path, tmp_path: Path
) -> None:
    options = ["--weights", str(weights_file), "--log-folder", str(tmp_path)]
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, *options],
        cwd=CHECKOUT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert parent.stdout is not None
    assert parent.stdin is not None
    engine_id, holder_id = map(int, parent.stdout.readline().split())
    try:
        wait_until((tmp_path / "engine.log").exists)
        parent.kill()
        parent.wait()
        wait_until(lambda: not runs(engine_id))
        assert runs(holder_id)
    finally:
        os.kill(holder_id, signal.SIGKILL)
        parent.stdin.close()
        parent.stdout.close()


def wait_until(happened: Callable[[], bool]) -> None:
    """For what another process does, and nothing tells."""
    deadline = time.monotonic() + PATIENCE_S
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def runs(pid: int) -> bool:
    """Whether a process runs; one that only waits to be taken note of does not."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
        os.kill(pid, 0)
    except (FileNotFoundError, ProcessLookupError):
        return False
    return stat.rsplit(")", 1)[1].split()[0] != "Z"


def test_an_editor_that_reads_no_more_is_noticed() -> None:
    code = (
        "import os, sys, threading\n"
        "from engine.server.wire import Wire, Outbox\n"
        "from frih_plugin.protocol.codec import Reply\n"
        "from frih_plugin.protocol.messages import Closed\n"
        "ours, theirs = os.pipe()\n"
        "os.close(ours)\n"
        "closed = threading.Event()\n"
        "Outbox(Wire(0, theirs), closed.set).send(Reply(1, Closed()))\n"
        "sys.exit(0 if closed.wait(30) else 1)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=CHECKOUT, check=False)
    assert done.returncode == 0
