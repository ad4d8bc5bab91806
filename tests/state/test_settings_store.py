"""Remembered settings: what is kept, and what a damaged file does."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from frih_plugin.state.settings_store import FILE_NAME, Remembered, SettingsStore
from frih_plugin.state.values import PanelSettings

OTHER = PanelSettings(3, 0.5, "below", "background", "into")

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


def write(folder: Path, content: object) -> None:
    (folder / FILE_NAME).write_text(json.dumps(content), encoding="utf-8")


def test_first_start_has_the_defaults_and_writes_nothing(tmp_path: Path) -> None:
    store = SettingsStore(tmp_path / "new")
    assert store.load() == (Remembered(), "")
    assert not (tmp_path / "new").exists()


def test_what_was_saved_is_loaded(tmp_path: Path) -> None:
    remembered = Remembered(OTHER, {"Für Möbel": OTHER, "plain": PanelSettings()})
    assert SettingsStore(tmp_path / "new").save(remembered) == ""
    assert SettingsStore(tmp_path / "new").load() == (remembered, "")
    assert [path.name for path in (tmp_path / "new").iterdir()] == [FILE_NAME]


@pytest.mark.parametrize("damage", [b"", b"{", b"\xff\xfe\x00", b"[1]", b"[" * 100_000])
def test_damaged_file_is_set_aside_and_told(tmp_path: Path, damage: bytes) -> None:
    (tmp_path / FILE_NAME).write_bytes(damage)
    remembered, sentence = SettingsStore(tmp_path).load()
    aside = tmp_path / (FILE_NAME + ".damaged")
    assert remembered == Remembered()
    assert str(aside) in sentence
    assert aside.read_bytes() == damage
    assert SettingsStore(tmp_path).load() == (Remembered(), "")


def test_unknown_keys_are_ignored(tmp_path: Path) -> None:
    write(tmp_path, {"settings": {"strength": 0.5, "later": 1}, "news": [], "presets": {}})
    assert SettingsStore(tmp_path).load() == (Remembered(PanelSettings(strength=0.5)), "")


@pytest.mark.parametrize(
    "wrong",
    [
        {"stop": 17}, {"stop": -1}, {"stop": 1.5}, {"stop": True}, {"strength": 1.1},
        {"strength": "1"}, {"strength": False}, {"target": "sky"}, {"output": []}, [], None, 7,
    ],
)  # fmt: skip
def test_nonsense_becomes_the_default(tmp_path: Path, wrong: object) -> None:
    write(tmp_path, {"settings": wrong, "presets": {"odd": wrong}})
    assert SettingsStore(tmp_path).load() == (Remembered(presets={"odd": PanelSettings()}), "")


@given(content=anything)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_file_makes_loading_fail(tmp_path: Path, content: object) -> None:
    write(tmp_path, {"settings": content, "presets": content})
    remembered, sentence = SettingsStore(tmp_path).load()
    assert sentence == ""
    strength = remembered.settings.strength
    assert strength is None or 0 <= strength <= 1


def test_full_disk_is_told_and_keeps_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = SettingsStore(tmp_path)
    store.save(Remembered(OTHER))

    def no_space(*_: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", no_space)
    sentence = store.save(Remembered())
    assert "No space left" in sentence
    assert [path.name for path in tmp_path.iterdir()] == [FILE_NAME]
    assert store.load() == (Remembered(OTHER), "")


def test_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert SettingsStore(tmp_path / "file" / "folder").save(Remembered()).endswith(".")
