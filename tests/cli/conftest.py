"""What the tests of the command share."""

from __future__ import annotations

import signal
from collections.abc import Generator
from pathlib import Path

import pytest
from cli_pictures import Pictures, make_pictures
from cli_runs import Frih

from engine.cli import demo, single


@pytest.fixture
def pictures(tmp_path: Path) -> Pictures:
    return make_pictures(tmp_path)


@pytest.fixture
def frih(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Generator[Frih]:
    command = Frih(capsys)
    for module in (single, demo):
        monkeypatch.setattr(module, "open_backend", command.open_backend)
    before = signal.getsignal(signal.SIGTERM)
    yield command
    signal.signal(signal.SIGTERM, before)
