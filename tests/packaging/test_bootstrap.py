"""The command line of bootstrap.py."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from PIL import Image

import bootstrap
from machine import MissingError

PROJECT = Path(__file__).resolve().parents[2]


def test_folders_and_further_options_go_to_pytest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(PROJECT)
    command, order = bootstrap.parse(["test", "--photos", "pictures", "-k", "mask", "-x"])
    assert command == "test"
    assert order.pytest_arguments == [f"--photos={PROJECT / 'pictures'}", "-k", "mask", "-x"]


def test_environments_live_in_the_repository_by_default() -> None:
    assert bootstrap.parse(["demo"])[1].home == PROJECT / ".frih"


@pytest.mark.parametrize("arguments", [[], ["dance"], ["demo", "--fast"], ["demo", "--example=x"]])
def test_wrong_command_line_exits_with_2(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        bootstrap.main(arguments)
    assert stopped.value.code == 2


def test_missing_thing_is_one_sentence_and_exit_code_1(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(_: object) -> int:
        raise MissingError("There is no room: make some.")

    monkeypatch.setitem(bootstrap.COMMANDS, "demo", bootstrap.Command("", refuse))
    assert bootstrap.main(["demo"]) == 1
    assert capsys.readouterr() == ("", "There is no room: make some.\n")


def test_intel_macs_are_told_that_the_tests_cannot_run(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bootstrap, "is_intel_mac", lambda: True)
    assert bootstrap.main(["test"]) == 1
    assert "no build for Macs with an Intel processor" in capsys.readouterr().err


@pytest.mark.parametrize("name", bootstrap.example_names())
def test_example_layer_lies_inside_its_background(name: str) -> None:
    arguments = bootstrap.example_arguments(name)
    given = dict(zip(arguments[::2], arguments[1::2], strict=True))
    left, top = (int(part) for part in given["--at"].split(","))
    with Image.open(given["--background"]) as background, Image.open(given["--layer"]) as layer:
        assert layer.mode == "RGBA"
        assert left >= 0
        assert top >= 0
        assert left + layer.width <= background.width
        assert top + layer.height <= background.height
        assert 1.8e6 < background.width * background.height < 2.2e6


def test_editor_takes_pictures_by_whole_paths(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(PROJECT)
    assert bootstrap.parse(["editor", "a.png"])[1].pictures == [PROJECT / "a.png"]


@pytest.mark.skipif(sys.platform in {"win32", "darwin"}, reason="there is always a screen here")
def test_editor_without_a_screen_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    assert bootstrap.main(["editor"]) == 1
    assert "no screen" in capsys.readouterr().err
