"""A signal to a whole process group must not kill a loader process that is only just starting."""

from __future__ import annotations

import multiprocessing
import sys
from multiprocessing.connection import Connection

import pytest

from training.stop_request import held_stop_signals, outlive_stop_signals

PATIENCE_S = 60


def start_like_a_loader_process(pipe: Connection) -> None:
    """Say when the process runs, and install the handlers only when told to."""
    pipe.send("born")
    pipe.recv()
    outlive_stop_signals(0)
    pipe.send("alive")


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_signal_before_the_handlers_are_there_does_not_end_the_process() -> None:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=start_like_a_loader_process, args=(theirs,))
    with held_stop_signals():
        process.start()
    theirs.close()
    try:
        assert ours.poll(PATIENCE_S)
        assert ours.recv() == "born"
        process.terminate()
        ours.send("go on")
        assert ours.poll(PATIENCE_S)
        assert ours.recv() == "alive"
        process.join(PATIENCE_S)
        assert process.exitcode == 0
    finally:
        process.kill()
        process.join()
        ours.close()
