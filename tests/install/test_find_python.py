"""Which Python is taken, and which is not."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from frih_plugin.install.pythons import FindPython, FoundPython, candidates, parse_answer, python_in


@pytest.mark.parametrize(
    ("answer", "version"),
    [
        ("frih-python|3|12|1|/usr/bin/python3", (3, 12)),
        ("a warning\nfrih-python|3|11|1|C:\\Python 3.11\\python.exe", (3, 11)),
        ("frih-python|3|10|1|/usr/bin/python3", None),
        ("frih-python|3|15|1|/usr/bin/python3", None),
        ("frih-python|3|12|0|/usr/bin/python3", None),
        ("frih-python|3", None),
        ("Python was not found; run without arguments to install from the Store", None),
    ],
)
def test_only_a_fitting_python_is_taken(answer: str, version: tuple[int, int] | None) -> None:
    found = parse_answer(answer)
    assert (None if found is None else found.version) == version


def test_path_with_a_bar_stays_whole() -> None:
    found = parse_answer("frih-python|3|12|1|/a|b/python")
    assert found is not None
    assert found.path == Path("/a|b/python")


def test_windows_launcher_is_asked_first() -> None:
    commands = candidates(lambda name: f"C:/{name}.exe", "win32")
    assert commands[0] == ["C:/py.exe", "-3.12"]


def test_macs_are_searched_beyond_the_path() -> None:
    commands = candidates(lambda _: None, "darwin")
    assert ["/opt/homebrew/bin/python3.12"] in commands


def test_search_goes_on_after_programs_that_are_no_python(qtbot: QtBot, tmp_path: Path) -> None:
    found: list[FoundPython] = []
    commands = [[str(tmp_path / "missing")], [sys.executable, "-c", "1"], [sys.executable]]
    step = FindPython(found.append, commands, is_named=False)
    with qtbot.waitSignal(step.done, timeout=60_000):
        step.start()
    assert [python.version for python in found] == [sys.version_info[:2]]


def test_python_of_a_movable_build_is_found(tmp_path: Path) -> None:
    assert python_in(tmp_path) is None
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "python3").touch()
    assert python_in(tmp_path) == tmp_path / "bin" / "python3"
