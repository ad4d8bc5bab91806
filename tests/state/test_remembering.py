"""Settings between sessions, presets, and settings kept with the document."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from fake_host import EVERYTHING, FakeEditor
from panel_bench import Bench, with_hat

from frih_plugin.hosts.host import LoadSettings, StoreSettings
from frih_plugin.state.settings_store import FILE_NAME, Remembered, SettingsStore
from frih_plugin.state.values import PanelSettings


def test_settings_are_remembered_in_the_next_session(
    make_bench: Callable[..., Bench], tmp_path: Path
) -> None:
    first = make_bench()
    first.state.set_stop(2, dragging=False)
    first.state.set_surroundings("below")
    second = make_bench()
    assert second.state.settings == PanelSettings(stop=2, surroundings="below")
    first.state.set_strength(0.4, dragging=True)
    first.state.close()
    assert SettingsStore(tmp_path).load()[0].settings.strength == 0.4


def test_drag_does_not_write_the_file(bench: Bench, tmp_path: Path) -> None:
    bench.state.set_strength(0.5, dragging=True)
    assert not (tmp_path / FILE_NAME).exists()
    bench.state.set_strength(0.5, dragging=False)
    assert SettingsStore(tmp_path).load()[0] == Remembered(PanelSettings(strength=0.5))


def test_damaged_settings_are_told(make_bench: Callable[..., Bench], tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_text("{", encoding="utf-8")
    bench = make_bench()
    assert bench.state.settings == PanelSettings()
    assert bench.state.notice is not None
    assert "set aside" in bench.state.notice.sentence


def test_presets_are_saved_applied_and_deleted(make_bench: Callable[..., Bench]) -> None:
    bench = make_bench()
    bench.state.set_strength(0.3, dragging=False)
    bench.state.save_preset(" soft ")
    bench.state.save_preset("  ")
    bench.state.set_strength(1.0, dragging=False)
    bench.state.save_preset("Full")
    assert bench.state.presets == ("Full", "soft")
    bench.state.apply_preset("soft")
    assert bench.state.settings.strength == 0.3
    bench.state.apply_preset("unknown")
    assert bench.state.settings.strength == 0.3
    bench.state.delete_preset("Full")
    assert make_bench().state.presets == ("soft",)


def test_preset_shows_at_once(bench: Bench) -> None:
    bench.open()
    bench.state.set_strength(0.3, dragging=False)
    bench.state.save_preset("soft")
    bench.state.reset()
    bench.finish()
    bench.state.apply_preset("soft")
    assert bench.previews()[-1].settings.strength == 0.3


def test_result_keeps_its_settings_with_the_document(make_bench: Callable[..., Bench]) -> None:
    bench = make_bench()
    bench.open()
    bench.state.switch_region(1, False)
    bench.state.set_strength(0.6, dragging=False)
    bench.state.harmonize()
    bench.finish()
    bench.state.reset()
    bench.state.close()
    later = make_bench(bench.editor)
    assert later.state.settings.strength == 0.6
    later.open()
    assert later.regions_on() == [True, False]


def test_looking_keeps_nothing_with_the_document(bench: Bench) -> None:
    bench.open()
    bench.state.switch_region(1, False)
    bench.state.set_strength(0.6, dragging=False)
    bench.finish()
    assert bench.editor.document.text == ""


def test_foreign_text_in_a_document_changes_nothing(make_bench: Callable[..., Bench]) -> None:
    editor = with_hat(FakeEditor())
    editor.document.text = '{"settings": {"strength": 0.1}}'
    assert make_bench(editor).state.settings == PanelSettings()


def test_host_that_keeps_no_texts_is_not_asked_to(make_bench: Callable[..., Bench]) -> None:
    bench = make_bench(with_hat(FakeEditor(replace(EVERYTHING, stores_settings=False))))
    bench.state.harmonize()
    bench.finish()
    asked = bench.editor.host.asked
    assert not [request for request in asked if isinstance(request, LoadSettings | StoreSettings)]
