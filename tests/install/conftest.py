"""Installers over small releases, in folders of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from made_release import CHECKOUT, MadeRelease, make_release
from pytestqt.qtbot import QtBot
from wheels import FetchError, pip_wheel

from frih_plugin.install.installer import Installer
from frih_plugin.install.places import Places
from frih_plugin.texts import use_language

Run = Callable[[Callable[[], None]], None]


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    use_language("en")
    yield
    use_language("en")


@pytest.fixture
def release(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> MadeRelease:
    """With a pip that stands in; STAND_IN_PIP tells it when to fail."""
    made = make_release(tmp_path)
    monkeypatch.setenv("STAND_IN_INDEX", str(made.index))
    monkeypatch.setenv("STAND_IN_SIGN", str(tmp_path / "sign"))
    return made


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(tmp_path / "data" / "frih-harmonize")


@pytest.fixture
def installer(release: MadeRelease, places: Places, qtbot: QtBot) -> Iterator[Installer]:
    made = Installer(places, release.plugin)
    yield made
    made.cancel()
    qtbot.waitUntil(lambda: not made.is_busy, timeout=20_000)


@pytest.fixture
def finish(installer: Installer, qtbot: QtBot) -> Run:
    """Does something with the installer and waits until its work has ended."""

    def run(act: Callable[[], None]) -> None:
        act()
        qtbot.waitUntil(lambda: not installer.is_busy, timeout=120_000)

    return run


@pytest.fixture(scope="session")
def real_pip() -> Path:
    """The pip that releases bring; fetched once, by this Python's own."""
    try:
        return pip_wheel(CHECKOUT / "packaging" / "requirements" / "pip.txt", CHECKOUT / "build")
    except FetchError as error:
        pytest.skip(f"needs pip's wheel: {error}")
