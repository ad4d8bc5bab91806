"""How the engine is found."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from frih_plugin.client import engine_command
from frih_plugin.client.engine_command import (
    EngineCommand,
    EngineNotFoundError,
    command_from_file,
    find_engine,
)

CHECKOUT = Path(__file__).resolve().parents[2]
INSTALLED = ("-I", "-X", "utf8", "-m", "engine.server")


def settings_file(folder: Path, content: object) -> Path:
    file = folder / "engine.json"
    file.write_text(json.dumps(content), encoding="utf-8")
    return file


def test_variable_goes_before_all(tmp_path: Path) -> None:
    found = find_engine(
        own_python=True,
        settings_file=settings_file(tmp_path, {"python": sys.executable}),
        variables={"FRIH_ENGINE": r'"C:\Program Files\py.exe" -m engine.server --weights w#1'},
    )
    arguments = ("-m", "engine.server", "--weights", "w#1")
    assert found == EngineCommand(r"C:\Program Files\py.exe", arguments)


def test_unclosed_quotation_mark_is_named() -> None:
    with pytest.raises(EngineNotFoundError, match="FRIH_ENGINE has a quotation mark"):
        find_engine(own_python=False, variables={"FRIH_ENGINE": '"py -m engine.server'})


def test_the_python_that_runs_us_runs_the_engine() -> None:
    found = find_engine(own_python=True, variables={})
    assert found == EngineCommand(sys.executable, ("-m", "engine.server"), CHECKOUT)


def test_that_command_starts_an_engine() -> None:
    found = find_engine(own_python=True, variables={})
    line = [found.program, *found.arguments, "--help"]
    done = subprocess.run(line, cwd=found.folder, capture_output=True, text=True, check=True)
    assert "engine.server" in done.stdout


def test_python_without_the_engines_libraries_is_not_taken(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(engine_command, "_NEEDED", ("engine.absent", "absent.entirely"))
    with pytest.raises(EngineNotFoundError, match="not installed for this editor: run"):
        find_engine(own_python=True, variables={})


def test_inside_an_editor_its_program_is_never_started(tmp_path: Path) -> None:
    with pytest.raises(EngineNotFoundError, match="not installed"):
        find_engine(own_python=False, settings_file=tmp_path / "absent.json", variables={})


def test_installed_engine_runs_isolated(tmp_path: Path) -> None:
    file = settings_file(tmp_path, {"python": sys.executable})
    found = find_engine(own_python=False, settings_file=file, variables={})
    assert found == EngineCommand(sys.executable, INSTALLED)


def test_engine_that_was_removed_is_named(tmp_path: Path) -> None:
    gone = str(tmp_path / "gone" / "python")
    with pytest.raises(EngineNotFoundError, match=r"gone from where it was installed .*gone"):
        command_from_file(settings_file(tmp_path, {"python": gone}))


@pytest.mark.parametrize("content", ["", "{", "[]", "null", '{"folder": 1}', "\xff"])
def test_damaged_settings_file_is_named(content: str, tmp_path: Path) -> None:
    file = tmp_path / "engine.json"
    file.write_text(content, encoding="latin-1")
    with pytest.raises(EngineNotFoundError, match=r"engine\.json.* is damaged: run the installer"):
        command_from_file(file)
