"""Benches for the tests of the panel's state."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fake_host import FakeEditor
from panel_bench import Bench, with_hat

from frih_plugin.state.settings_store import SettingsStore
from frih_plugin.texts import use_language


@pytest.fixture(autouse=True)
def _english(qapp: object) -> None:  # pyright: ignore[reportUnusedFunction] - for all tests
    """Texts in English; a Qt application is there."""
    assert qapp is not None
    use_language("en")


@pytest.fixture
def make_bench(tmp_path: Path) -> Iterator[Callable[..., Bench]]:
    """Makes benches, by default with a "Hat" on grey, starts their states and closes them."""
    made: list[Bench] = []

    def make(editor: FakeEditor | None = None) -> Bench:
        bench = Bench(editor or with_hat(FakeEditor()), SettingsStore(tmp_path))
        made.append(bench)
        bench.state.start()
        bench.settle()
        return bench

    yield make
    for bench in made:
        bench.close()


@pytest.fixture
def bench(make_bench: Callable[..., Bench]) -> Bench:
    return make_bench()
