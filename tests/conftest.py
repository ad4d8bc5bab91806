"""The options of the two suites, and the folders of pictures that the full one reads."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path

import pytest

from engine.network.config import DEFAULT
from engine.runtime.weights import LoadedWeights

# Before pytest-qt loads Qt, so that no test needs a screen.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

CHECKOUT = Path(__file__).resolve().parent.parent
pytest_plugins = ["leftovers"]
FOLDERS = {
    "photos": "photographs that weights are trained on",
    "bench": "composites with known answers, for evaluation only",
    "samples": "full-size photographs with masks",
}
LAST_LAYERS = {
    "base.head.weight": 0.1,
    "base.map_head.coefficients.weight": 0.05,
    "cascade.fusion_prediction.third.weight": 0.2,
}
"""Deviations that make random weights change colours by some 5 to 20 levels of 255."""

PRINT_PEAK = """
import sys
from pathlib import Path

status = Path("/proc/self/status")
if status.is_file():  # rusage on Linux counts the parent's memory in
    fields = dict(line.split(":", 1) for line in status.read_text().splitlines())
    print(int(fields["VmHWM"].split()[0]) * 1024)
else:
    import resource
    unit = 1 if sys.platform == "darwin" else 1024
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit)
"""


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("frih")
    group.addoption("--full", action="store_true", help="run the slow tests too")
    for name, content in FOLDERS.items():
        group.addoption(
            f"--{name}",
            type=Path,
            metavar="DIR",
            help=f"{content} (default: shared/{name} beside the checkout)",
        )


def pytest_configure(config: pytest.Config) -> None:
    for name in FOLDERS:
        folder = config.getoption(name)
        if folder is not None and not folder.is_dir():
            raise pytest.UsageError(f"--{name}: there is no folder {folder}")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not config.getoption("full"):
        _skip_marked(items, "full", "a test of the full suite: run with --full")
    on_gpu = [item for item in items if item.get_closest_marker("gpu") is not None]
    if on_gpu and not _has_cuda():
        _skip_marked(on_gpu, "gpu", "needs a CUDA device, and torch finds none here")


@pytest.fixture(scope="session", autouse=True)
def _own_log_folder(  # pyright: ignore[reportUnusedFunction] - pytest uses it
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[None]:
    """Leave the person's own logs alone (on Linux)."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("state")))
        yield


@pytest.fixture(scope="session")
def photos_dir(request: pytest.FixtureRequest) -> Path:
    return _folder(request.config, "photos")


@pytest.fixture(scope="session")
def bench_dir(request: pytest.FixtureRequest) -> Path:
    return _folder(request.config, "bench")


@pytest.fixture(scope="session")
def samples_dir(request: pytest.FixtureRequest) -> Path:
    return _folder(request.config, "samples")


@pytest.fixture(scope="session")
def run_measured() -> Callable[..., tuple[str, int]]:
    """Runs a script with arguments in a process of its own: what it prints, and its peak bytes."""
    pytest.importorskip("resource", reason="peak memory is read from the resource module")

    def run(script: str, *arguments: object) -> tuple[str, int]:
        command = [sys.executable, "-c", script + PRINT_PEAK, *map(str, arguments)]
        done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=CHECKOUT)
        *printed, peak = done.stdout.splitlines()
        return "\n".join(printed), int(peak)

    return run


@pytest.fixture(scope="session")
def random_weights() -> LoadedWeights:
    """Weights of the shipped widths, drawn at random, that visibly change any picture."""
    pytest.importorskip("torch", reason="needs torch to make weights")
    import torch  # noqa: PLC0415 - only tests that ask for weights pay for it

    from engine.network.frih import FRIH  # noqa: PLC0415

    with torch.random.fork_rng():
        torch.manual_seed(5)  # for the biases, which stay as torch draws them
        state = FRIH(DEFAULT).state_dict()
    rng = torch.Generator().manual_seed(5)
    for name, tensor in state.items():
        if tensor.dim() > 1:
            tensor.normal_(0, LAST_LAYERS.get(name, tensor[0].numel() ** -0.5), generator=rng)
    return LoadedWeights({name: t.numpy() for name, t in state.items()}, DEFAULT, "random")


@pytest.fixture(scope="session")
def weights_file(random_weights: LoadedWeights, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The random weights as a file for an engine process."""
    from safetensors.numpy import (  # noqa: PLC0415 - only tests that ask for it pay for it
        save_file,  # pyright: ignore[reportUnknownVariableType] - a bare PathLike in its signature
    )

    file = tmp_path_factory.mktemp("weights") / "random.safetensors"
    metadata = {"network": json.dumps(asdict(random_weights.config))}
    save_file(dict(random_weights.arrays), file, metadata)
    return file


def _skip_marked(items: list[pytest.Item], marker: str, reason: str) -> None:
    for item in items:
        if item.get_closest_marker(marker) is not None:
            item.add_marker(pytest.mark.skip(reason=reason))


def _has_cuda() -> bool:
    try:
        import torch  # noqa: PLC0415 - only a run with GPU tests should pay for it
    except ImportError:
        return False
    return torch.cuda.is_available()


def _folder(config: pytest.Config, name: str) -> Path:
    given: Path | None = config.getoption(name)
    folder = CHECKOUT.parent / "shared" / name if given is None else given
    if not folder.is_dir():
        pytest.skip(f"needs {FOLDERS[name]}: name their folder with --{name} DIR")
    return folder
