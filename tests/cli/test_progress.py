"""The progress bar."""

from __future__ import annotations

import io

import pytest

from engine.cli.progress import ProgressBar, bar_line


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("done", "seconds", "line"),
    [
        (0, 0.0, "[..............................] 0/4"),
        (1, 2.0, "[#######.......................] 1/4, 6 s left"),
        (2, 300.0, "[###############...............] 2/4, 5 min left"),
        (1, 2500.0, "[#######.......................] 1/4, 2 h 5 min left"),
        (4, 9.0, "[##############################] 4/4"),
    ],
)
def test_line_shows_share_count_and_remaining_time(done: int, seconds: float, line: str) -> None:
    assert bar_line(done, 4, seconds) == line


def test_without_a_terminal_only_lines_of_text_appear() -> None:
    stream = io.StringIO()
    bar = ProgressBar(2, stream)
    bar.advance()
    bar.write("something happened")
    bar.close()
    assert stream.getvalue() == "something happened\n"


def test_text_goes_above_the_bar_on_a_terminal() -> None:
    stream = Terminal()
    bar = ProgressBar(2, stream)
    bar.write("something happened")
    before, after = stream.getvalue().split("something happened\n")
    assert before.endswith("\r\x1b[K")
    assert after.endswith("0/2")


def test_a_closed_bar_leaves_an_empty_line() -> None:
    stream = Terminal()
    bar = ProgressBar(1, stream)
    bar.close()
    assert stream.getvalue().endswith("\r\x1b[K")


def test_a_full_disk_behind_standard_error_does_not_stop_the_run() -> None:
    class Full(Terminal):
        def flush(self) -> None:
            raise OSError(28, "No space left on device")

    bar = ProgressBar(2, Full())
    bar.write("a line")
    bar.advance()
    bar.close()
