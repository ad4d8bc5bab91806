"""Networks as they were trained, on the paper's views: the rows of Tables 3 and 4.

The engine runs the whole method alone; here every row of the ablation runs, in torch, at
256 x 256 with the boolean mask, and is scored on the fused picture (the baseline on the coarse
one, pasted by the mask).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from tqdm import tqdm

from engine.errors import BadInputError, WeightsError
from engine.network.config import NetworkConfig
from engine.network.frih import FRIH, Harmonized, rows_from_labels
from engine.network.inference_weights import Weights
from engine.runtime.weights import load_weights_file
from engine.submask import extract_submasks
from training.config import CONFIGS
from training.iharmony import Triple
from training.iharmony_views import TripleView, read_triple, view_triple
from training.measuring import MethodRecords, judge_at_256
from training.run_folder import read_run


@dataclass(frozen=True, slots=True, eq=False)
class Ablation:
    """A trained network, and its config's name."""

    name: str
    network: FRIH


def open_ablations(paths: Sequence[Path]) -> list[Ablation]:
    """Read run folders, or exported weights files, in order.

    Raises BadInputError for two of one name or for what is neither, WeightsError for damage.
    """
    opened = [_open(path) for path in paths]
    names = [ablation.name for ablation in opened]
    for name in names:
        if names.count(name) > 1:
            raise BadInputError(f"Two of the ablations are of the config {name}: give one of them.")
    return opened


def measure_ablations(
    triples: Sequence[Triple], ablations: Sequence[Ablation], cutoff_distance: float
) -> MethodRecords:
    """Records of every ablation by its name. Raises as training.measuring.measure does."""
    found: MethodRecords = {ablation.name: [] for ablation in ablations}
    for triple in tqdm(triples, unit="picture", mininterval=2):
        view = view_triple(read_triple(triple))
        judge = judge_at_256(triple, view)
        for ablation in ablations:
            result = as_trained(ablation.network, view, cutoff_distance)
            found[ablation.name].append(judge.record(result))
    return found


def as_trained(network: FRIH, view: TripleView, cutoff_distance: float) -> NDArray[np.uint8]:
    """A network's final picture, (256, 256, 3) uint8, rounded and clipped.

    Raises WeightsError where it holds what is no number.
    """
    labels = extract_submasks(view.composite, view.inside, cutoff_distance).labels
    rows = rows_from_labels(torch.as_tensor(labels)[None])
    mask = torch.as_tensor(view.inside, dtype=torch.float32)[None, None]
    composite = torch.as_tensor(view.composite / np.float32(255)).permute(2, 0, 1)[None]
    with torch.inference_mode():
        found: Harmonized = network(composite, mask, rows)
    final: Tensor = found.final[0]
    if not bool(final.isfinite().all()):
        raise WeightsError("A network gives what is no number: take an earlier checkpoint of it.")
    return (final * 255).round().clamp(0, 255).to(torch.uint8).permute(1, 2, 0).numpy()


def _open(path: Path) -> Ablation:
    if path.is_dir():
        trained = read_run(path)
        return Ablation(trained.name, _network(path, trained.network, trained.weights))
    loaded = load_weights_file(path)
    return Ablation(_name_of(loaded.config, path), _network(path, loaded.config, loaded.arrays))


def _name_of(config: NetworkConfig, path: Path) -> str:
    known = (name for name, training in CONFIGS.items() if training.network == config)
    return next(known, path.stem)


def _network(path: Path, config: NetworkConfig, weights: Weights) -> FRIH:
    network = FRIH(config)
    tensors = {name: torch.as_tensor(array) for name, array in weights.items()}
    own = network.state_dict()
    missing = [name for name in own if name not in tensors and "num_batches" not in name]
    if missing:
        raise WeightsError(f"{path} lacks {missing[0]}: name a whole checkpoint.")
    try:
        network.load_state_dict(own | tensors)
    except RuntimeError as error:
        raise WeightsError(
            f"{path} does not fit its own config: name a whole checkpoint."
        ) from error
    return network.eval()
