"""`python -m training export`: a run to what ships, one fp16 file, its hash in plugin.json."""

from __future__ import annotations

import argparse
import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import asdict, replace
from itertools import count
from pathlib import Path

import numpy as np
from safetensors.numpy import save

from engine.errors import BadInputError, OutputError, WeightsError
from engine.network.config import DEFAULT, NetworkConfig
from engine.network.frih import FRIH
from engine.network.inference_weights import Array, Weights
from training.checkpoint import SETTINGS
from training.commands import Subparsers
from training.config import CONFIGS
from training.model_card import print_settings
from training.norm_statistics import with_measured_statistics
from training.parity import check_parity
from training.run_folder import TrainedRun, read_run
from training.sources import BatchSource, PhotoSource
from training.train import DEFAULT_CACHE

_STATISTICS_BATCHES = 32
_STATISTICS_SEED = 0

_FIXED_FORMS = ("map_degree", "statistics", "norm", "head_level")
"""Forms of the network that the engine's graphs do not know."""


def add_parser(subparsers: Subparsers) -> None:
    """Declare the command."""
    parser = subparsers.add_parser("export", help="write a run's averaged weights as they ship")
    parser.add_argument("--run", type=Path, required=True, help="folder of the run")
    parser.add_argument("--out", type=Path, default=Path("engine/weights/frih.safetensors"))
    parser.add_argument(
        "--record", type=Path, metavar="plugin.json", help="put the file's hash there"
    )
    parser.add_argument(
        "--card", type=Path, metavar="MODEL_CARD.md", help="print the run's configuration there"
    )
    parser.add_argument(
        "--photos", type=Path, help="measure the norms' statistics anew on views of these"
    )
    parser.add_argument("--cache", type=Path, default=DEFAULT_CACHE, help="for decoded photographs")


def run(args: argparse.Namespace) -> int:
    """Export a run; the file and its hash take their places only if every form agrees."""
    trained = read_run(args.run)
    if args.photos is not None:
        trained = _measured(trained, PhotoSource(args.photos, args.cache))
    sha256, sentence = export_run(trained, args.out)
    if args.record is not None:
        record_hash(args.record, sha256)
    if args.card is not None:
        print_settings(args.card, trained.settings)
    print(f"{args.out}: {sha256}\n{sentence}")  # noqa: T201 - the command's answer
    return 0


def _measured(trained: TrainedRun, source: BatchSource) -> TrainedRun:
    batches = CONFIGS["photos"].batches
    make = source.batches(batches, _STATISTICS_SEED, 0).maker()
    weights = with_measured_statistics(
        trained.weights, trained.network, map(make, count()), _STATISTICS_BATCHES
    )
    return replace(trained, weights=weights)


def export_run(trained: TrainedRun, out: Path) -> tuple[str, str]:
    """Write a run's weights to `out`; returns the SHA-256 and the findings in words.

    Raises WeightsError, leaving what is at `out`, when ONNX, torch and the trained network differ.
    """
    _check_runnable(trained)
    candidate = out.with_name(f"{out.name}.candidate")
    try:
        sha256 = export_weights(trained.weights, trained.network, candidate, trained.settings)
        sentence = check_parity(candidate).sentence
        candidate.replace(out)
    finally:
        candidate.unlink(missing_ok=True)
    untrained = "" if trained.is_stage2_trained else " Stage 2 is not trained: it changes nothing."
    return sha256, sentence + untrained


def _check_runnable(trained: TrainedRun) -> None:
    network = trained.network
    if network.stage2 != "submasks" or not network.fusion:
        raise BadInputError(
            f"{trained.name} is an ablation of the paper, which the engine does not run: "
            "export a run of the whole method."
        )
    for name in _FIXED_FORMS:
        if getattr(network, name) != getattr(DEFAULT, name):
            raise BadInputError(
                f"{trained.name} was trained with network.{name}={getattr(network, name)}, which "
                f"is for experiments: the engine runs {getattr(DEFAULT, name)} alone."
            )
    if network.output == "map":
        raise BadInputError(
            f"{trained.name} has a colour map alone, which is for experiments: the engine runs "
            "networks whose output is residual or rgb."
        )


def export_weights(
    weights: Weights, config: NetworkConfig, out: Path, settings: Sequence[str] = ()
) -> str:
    """Write float32 arrays as an fp16 weights file; returns its SHA-256.

    settings: of the run, as its checkpoint has them, for whoever opens the file.

    Raises WeightsError when a tensor of the network is missing or a value does not fit fp16,
    OutputError when the file cannot be written.
    """
    wanted = {
        name: tuple(tensor.shape)
        for name, tensor in FRIH(config).state_dict().items()
        if not name.endswith("num_batches_tracked")
    }
    halves = {name: _half(name, weights, shape) for name, shape in wanted.items()}
    metadata = {"network": json.dumps(asdict(config)), SETTINGS: "\n".join(settings)}
    content = save(halves, metadata)
    _write(out, content)
    return hashlib.sha256(content).hexdigest()


def _write(out: Path, content: bytes) -> None:
    part = out.with_suffix(".part")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(content)
        part.replace(out)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise OutputError(f"{out} cannot be written: choose another place or make room.") from error


def _half(name: str, weights: Weights, shape: tuple[int, ...]) -> np.ndarray[tuple[int, ...]]:
    array: Array | None = weights.get(name)
    if array is None or array.shape != shape:
        raise WeightsError(
            f"The checkpoint has no {name} of shape {shape}: train the whole network."
        )
    with np.errstate(over="ignore"):
        half = array.astype(np.float16)
    if not np.isfinite(half).all():
        raise WeightsError(f"{name} does not fit 16-bit floats: train with a lower learning rate.")
    return half


def record_hash(manifest: Path, sha256: str) -> None:
    """Put a weights file's hash into plugin.json, leaving the rest as it is written.

    Raises BadInputError when there is no such file or no place for the hash.
    """
    try:
        text = manifest.read_text(encoding="utf-8")
    except OSError as error:
        raise BadInputError(
            f"{manifest} cannot be read: name the plugin.json to change."
        ) from error
    changed, places = re.subn(r'("sha256": ")[0-9a-f]*(")', rf"\g<1>{sha256}\g<2>", text)
    if places != 1:
        raise BadInputError(f"{manifest} has no place for the weights' sha256.")
    manifest.write_text(changed, encoding="utf-8")
