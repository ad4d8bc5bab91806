"""Krita is started in a profile of its own, or a sentence says why not."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from krita_zip import Brought, write_krita_zip

import bootstrap
import krita_profile
from frih_plugin.client.engine_command import command_from_file
from krita_profile import Profile, fill, find_krita
from machine import MissingError

CHECKOUT = Path(__file__).resolve().parents[2]


@pytest.fixture
def profile(tmp_path: Path) -> Profile:
    pip = tmp_path / "pip-99-py3-none-any.whl"
    pip.write_bytes(b"pip")
    write_krita_zip(CHECKOUT, tmp_path / "krita.zip", Brought(pip), tmp_path)
    made = Profile(tmp_path / "profile")
    fill(made, tmp_path / "krita.zip", sys.executable)
    return made


def test_plugin_lies_where_krita_looks(profile: Profile) -> None:
    assert (profile.resources / "pykrita" / "frih_harmonize.desktop").is_file()
    assert (profile.resources / "pykrita" / "frih_harmonize" / "__init__.py").is_file()
    assert (profile.resources / "actions" / "frih_harmonize.action").is_file()
    settings = (profile.folder / "config" / "kritarc").read_text()
    assert "enable_frih_harmonize=true" in settings


def test_engine_is_the_one_named(profile: Profile) -> None:
    file = profile.folder / "data" / "frih-harmonize" / "engine.json"
    assert command_from_file(file).program == sys.executable
    assert json.loads(file.read_text())["is_own"] is False


def test_second_start_keeps_what_the_person_set_in_krita(profile: Profile, tmp_path: Path) -> None:
    kept = profile.folder / "config" / "kritarc"
    kept.write_text("theirs")
    stale = profile.resources / "pykrita" / "frih_harmonize" / "stale.py"
    stale.touch()
    fill(profile, tmp_path / "krita.zip", sys.executable)
    assert kept.read_text() == "theirs"
    assert not stale.exists()


def test_krita_sees_only_the_profile(profile: Profile, tmp_path: Path) -> None:
    variables = profile.variables("/usr/bin/krita")
    own = [value for name, value in variables.items() if name.startswith("XDG_")]
    assert len([value for value in own if value.startswith(str(tmp_path))]) == 4


def test_krita_finds_its_own_python_first(
    profile: Profile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/opt/other/bin")
    assert profile.variables("/usr/bin/krita")["PATH"].startswith("/usr/bin")


def test_missing_krita_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(krita_profile.sys, "platform", "linux")
    monkeypatch.setenv("PATH", "")
    with pytest.raises(MissingError, match="Krita was not found"):
        find_krita()


def test_other_systems_are_told_to_import_the_zip(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(krita_profile.sys, "platform", "darwin")
    with pytest.raises(MissingError, match="import it in Krita"):
        find_krita()


def test_missing_screen_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bootstrap, "find_krita", lambda: "krita")
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    if sys.platform == "linux":
        assert bootstrap.main(["krita"]) == 1
        assert "no screen" in capsys.readouterr().err
