"""The parts of the client that need no engine."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from frih_plugin.client.engine_log import LARGEST_BYTES, EngineLog, default_folder
from frih_plugin.client.error_lines import LONGEST_LINE, ErrorLines
from frih_plugin.client.open_requests import OpenRequests
from frih_plugin.client.outbox import Outbox
from frih_plugin.client.restart_budget import RestartBudget
from frih_plugin.protocol.errors import ProtocolError
from frih_plugin.protocol.framing import MAX_BODY_BYTES, Frame, encode_frame
from frih_plugin.protocol.messages import Closed, CloseLayer


class Clock:
    """Seconds that a test sets."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_three_restarts_within_a_minute_and_no_fourth() -> None:
    budget = RestartBudget(Clock())
    assert [budget.take() for _ in range(5)] == [True, True, True, False, False]


def test_restart_comes_back_a_minute_after_it_was_taken() -> None:
    clock = Clock()
    budget = RestartBudget(clock)
    for clock.now in (0.0, 30.0, 59.0):
        assert budget.take()
    clock.now = 59.9
    assert not budget.take()
    clock.now = 60.0
    assert budget.take()
    assert not budget.take()


def test_refilled_budget_is_whole() -> None:
    budget = RestartBudget(Clock())
    for _ in range(4):
        budget.take()
    budget.refill()
    assert budget.take()


@pytest.mark.parametrize("piece_bytes", [1, 7, 1000])
def test_pieces_make_up_the_frames(piece_bytes: int) -> None:
    frames = [Frame(b"{}", (bytes(range(99)), bytearray(b""), memoryview(b"end"))), Frame(b"[]")]
    outbox = Outbox(piece_bytes)
    for frame in frames:
        outbox.add(frame)
    pieces = list(iter(outbox.take, b""))
    assert max(map(len, pieces)) <= piece_bytes
    assert b"".join(pieces) == b"".join(bytes(p) for f in frames for p in encode_frame(f))


def test_frame_beyond_the_bounds_is_refused_whole() -> None:
    outbox = Outbox(10)
    with pytest.raises(ProtocolError):
        outbox.add(Frame(bytes(MAX_BODY_BYTES + 1)))
    assert outbox.take() == b""


def test_ids_are_never_used_twice() -> None:
    requests = OpenRequests()
    first = requests.add(CloseLayer("a"))
    assert requests.answer_of(first.id) is Closed
    assert requests.close(first.id)
    assert not requests.close(first.id)
    assert requests.add(CloseLayer("a")).id != first.id


def test_cancel_is_noted_once_and_forgotten_with_the_answer() -> None:
    requests = OpenRequests()
    call = requests.add(CloseLayer("a"))
    assert requests.mark_cancelled(call.id)
    assert not requests.mark_cancelled(call.id)
    assert requests.awaits_cancelled
    requests.close(call.id)
    assert not requests.awaits_cancelled
    assert not requests.mark_cancelled(call.id)


def test_last_line_is_found_across_pieces(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    lines = ErrorLines()
    for piece in (b"first\nsec", b"ond \xff\n", b"\n  \n", b"thi", b"rd"):
        lines.feed(piece)
    assert lines.last == "second \ufffd"
    lines.finish()
    assert lines.last == "third"
    assert caplog.messages == ["first", "second \ufffd", "third"]


def test_line_without_an_end_does_not_grow() -> None:
    lines = ErrorLines()
    for _ in range(100):
        lines.feed(b"x" * 1000)
        assert len(lines.last) <= LONGEST_LINE
    lines.finish()
    assert 0 < len(lines.last) <= LONGEST_LINE


def test_log_rotates_and_keeps_the_newest(tmp_path: Path) -> None:
    log = EngineLog(tmp_path / "new" / "folder", "krita")
    for number in range(6):
        logging.getLogger("frih_plugin.any").info("%d %s", number, "x" * (LARGEST_BYTES // 2))
    log.close()
    log.close()
    logging.getLogger("frih_plugin.any").info("after the end")
    folder = tmp_path / "new" / "folder"
    assert log.file == folder / "krita.log"
    names = sorted(file.name for file in folder.iterdir())
    assert names == ["krita.log", "krita.log.1", "krita.log.2"]
    assert " 5 xxx" in (folder / "krita.log").read_text(encoding="utf-8")


def test_folder_that_cannot_be_written_gives_no_log(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    log = EngineLog(tmp_path / "file", "krita")
    log.close()
    assert log.file is None


def test_logs_of_both_sides_lie_together() -> None:
    from engine.server.log_file import log_folder  # noqa: PLC0415 - only this test needs the engine

    assert default_folder() == log_folder()
