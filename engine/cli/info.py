"""`frih info`: versions, backends, weights and the network's size."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version

from engine.cli.commands import ShowInfo
from engine.cli.console import emit
from engine.errors import FrihError, WeightsError
from engine.manifest import read_manifest
from engine.network.inference_weights import Weights
from engine.runtime.backend import BACKENDS, BackendName, open_backend
from engine.runtime.weights import LoadedWeights, load_weights

_LIBRARIES = ("numpy", "pillow", "onnxruntime", "onnxruntime-gpu", "torch")
_STATISTICS = ("running_mean", "running_var", "num_batches_tracked")


@dataclass(frozen=True, slots=True)
class BackendInfo:
    """Whether a backend starts here; `reason` says why not."""

    name: BackendName
    is_available: bool
    device: str | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class WeightsInfo:
    """The weights file, its own hash and whether it is the one that plugin.json names."""

    file: str
    sha256: str | None
    is_right: bool
    reason: str | None


@dataclass(frozen=True, slots=True)
class Parameters:
    """Learnt numbers of the base network, of cascade and fusion, and of both."""

    stage_1: int
    stage_2: int
    total: int


@dataclass(frozen=True, slots=True)
class Info:
    """All that `frih info` shows; a library that is not installed has no version."""

    frih: str
    python: str
    libraries: Mapping[str, str | None]
    backends: tuple[BackendInfo, ...]
    weights: WeightsInfo
    parameters: Parameters | None


def show_info(command: ShowInfo) -> int:
    """Print it to standard output; gives the exit code 0."""
    info = gather_info()
    emit(json.dumps(asdict(info)) if command.as_json else info_text(info))
    return 0


def gather_info() -> Info:
    """Look at everything; loads each backend once, so that what is said was tried."""
    loaded = _loaded()
    weights = loaded if isinstance(loaded, LoadedWeights) else None
    return Info(
        read_manifest().version,
        platform.python_version(),
        {name: _version(name) for name in _LIBRARIES},
        tuple(_backend(name, loaded) for name in BACKENDS),
        _weights_info(None if weights is not None else str(loaded)),
        None if weights is None else count_parameters(weights.arrays),
    )


def count_parameters(arrays: Weights) -> Parameters:
    """Count what was learnt; the running statistics of batch norm were not."""
    sizes = {n: a.size for n, a in arrays.items() if not n.endswith(_STATISTICS)}
    stage_1 = sum(size for name, size in sizes.items() if name.startswith("base."))
    stage_2 = sum(size for name, size in sizes.items() if name.startswith("cascade."))
    return Parameters(stage_1, stage_2, stage_1 + stage_2)


def info_text(info: Info) -> str:
    """The same for people."""
    rows = [("frih", info.frih), ("python", info.python)]
    rows += [(name, found or "not installed") for name, found in info.libraries.items()]
    rows += [(f"backend {b.name}", b.device or b.reason or "") for b in info.backends]
    rows += [("weights", info.weights.file), ("sha256", info.weights.sha256 or "none")]
    rows += [("weights are", "right" if info.weights.is_right else info.weights.reason or "wrong")]
    if info.parameters is not None:
        rows += [(f"parameters, {n.replace('_', ' ')}", f"{c:,}") for n, c in _counts(info)]
    return "\n".join(f"{name:<24}{value}" for name, value in rows)


def _counts(info: Info) -> list[tuple[str, int]]:
    return [] if info.parameters is None else list(asdict(info.parameters).items())


def _loaded() -> LoadedWeights | WeightsError:
    try:
        return load_weights()
    except WeightsError as error:
        return error


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _backend(name: BackendName, loaded: LoadedWeights | WeightsError) -> BackendInfo:
    if isinstance(loaded, WeightsError):
        return BackendInfo(name, is_available=False, device=None, reason=loaded.sentence)
    try:
        report = open_backend(name, loaded).report
    except FrihError as error:
        return BackendInfo(name, is_available=False, device=None, reason=error.sentence)
    device = f"{report.device}, {report.library}"
    return BackendInfo(name, is_available=True, device=device, reason=None)


def _weights_info(reason: str | None) -> WeightsInfo:
    file = read_manifest().weights
    try:
        sha256 = hashlib.sha256(file.read_bytes()).hexdigest()
    except OSError:
        sha256 = None
    return WeightsInfo(str(file), sha256, is_right=reason is None, reason=reason)
