"""Two ways to run the command: in a process of its own, and here with a backend of one line."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from engine.cli.main import main
from engine.network.config import DEFAULT, NetworkConfig
from engine.runtime.backend import BaseResult, DeviceReport, Plane

PROJECT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Finished:
    """What a run of the command left."""

    code: int
    out: str
    err: str


class BrighteningBackend:
    """Makes everything brighter by `amount`; stage 2 adds nothing."""

    report = DeviceReport("onnx", "onnx", "CPU", "none")
    config: NetworkConfig = DEFAULT
    weights_sha256 = "0" * 64

    def __init__(self, amount: float) -> None:
        self.amount = np.float32(amount)

    def base(self, composite: Plane, mask: Plane) -> BaseResult:
        assert mask.shape == composite.shape[1:]
        return BaseResult(composite + self.amount, np.zeros((3, 10), np.float32), None)

    def refine(self, coarse: Plane, submask: Plane, shared: object) -> Plane:
        assert submask.shape == coarse.shape[1:]
        assert shared is None
        return np.zeros_like(coarse)


class Frih:
    """Runs the command in this process, with a backend that needs no weights."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self.backend = BrighteningBackend(0.1)
        self._capsys = capsys

    def __call__(self, *arguments: str | Path) -> Finished:
        code = main([str(argument) for argument in arguments])
        captured = self._capsys.readouterr()
        return Finished(code, captured.out, captured.err)

    def open_backend(self, *_arguments: object, **_options: object) -> BrighteningBackend:
        return self.backend


FRIH = (sys.executable, "-m", "engine.cli.main")


def run_frih(*arguments: str | Path) -> Finished:
    """Run the real command in a process of its own."""
    command = [*FRIH, *map(str, arguments)]
    done = subprocess.run(
        command, cwd=PROJECT, capture_output=True, text=True, timeout=300, check=False
    )
    return Finished(done.returncode, done.stdout, done.stderr)
