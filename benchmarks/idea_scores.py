"""Scores a network, as trained, on held-out composites at the size of its training pictures."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from engine.color.depth import to_8_bit
from engine.errors import BadInputError
from engine.network.frih import FRIH, Harmonized, SubmaskRows, rows_from_labels
from engine.view import bounding_box, choose_window
from training.batches import BatchConfig, label_submasks
from training.iharmony import Triple, load_triples
from training.iharmony_views import FOREGROUND_FROM, read_triple, resize_mask, resize_rgb
from training.synthesis import foreground_mse

_BATCH = 25


@dataclass(frozen=True, slots=True, eq=False)
class HeldOut:
    """composite, real: (N, 3, S, S) uint8; mask: (N, 1, S, S) uint8, soft."""

    composite: Tensor
    real: Tensor
    mask: Tensor


@dataclass(frozen=True, slots=True)
class Scores:
    """Over all composites: of fMSE to the composite's own, and the share where it grew."""

    mean_ratio: float
    median_ratio: float
    worse: float


def read_held_out(root: Path, size: int) -> HeldOut:
    """A set in iHarmony4's layout, each picture cut to the window that the engine shows.

    Raises BadInputError naming a file that cannot be used.
    """
    views = [_view(triple, size) for triple in load_triples(root)]
    composite, real, mask = (np.stack(planes) for planes in zip(*views, strict=True))
    return HeldOut(
        _channels_first(composite), _channels_first(real), torch.as_tensor(mask)[:, None]
    )


def _view(triple: Triple, size: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    pixels = read_triple(triple)
    mask = to_8_bit(pixels.mask)
    foreground = bounding_box(mask, FOREGROUND_FROM)
    if foreground is None:
        raise BadInputError(f"{triple.mask} is empty: take its line out.")
    height, width = mask.shape
    box = choose_window(foreground, width, height)
    seen = resize_mask(mask, size, box)
    if seen.max() < FOREGROUND_FROM:
        raise BadInputError(f"{triple.mask} is empty at {size} pixels: take its line out.")
    composite = resize_rgb(to_8_bit(pixels.composite.pixels), size, box)
    return composite, resize_rgb(pixels.real, size, box), seen


def _channels_first(pictures: np.ndarray) -> Tensor:
    return torch.as_tensor(pictures).permute(0, 3, 1, 2).contiguous()


def score_network(network: FRIH, held_out: HeldOut, batches: BatchConfig) -> Scores:
    """Score final pictures, rounded to 8 bits; submasks and mask are those of `batches`."""
    network.eval()
    parts = [slice(start, start + _BATCH) for start in range(0, len(held_out.mask), _BATCH)]
    with torch.inference_mode():
        found = [_errors(network, held_out, part, batches) for part in parts]
    before, after = (torch.cat(errors) for errors in zip(*found, strict=True))
    ratios = after / before.clamp_min(1)
    worse = (after > before).float().mean()
    return Scores(float(ratios.mean()), float(ratios.median()), float(worse))


def _errors(
    network: FRIH, held_out: HeldOut, part: slice, batches: BatchConfig
) -> tuple[Tensor, Tensor]:
    """FMSE of composites and of results, (B,) each."""
    bytes_in, soft = held_out.composite[part], held_out.mask[part]
    composite, real = bytes_in.float() / 255, held_out.real[part].float() / 255
    inside = (soft >= FOREGROUND_FROM).float()
    mask = inside if batches.boolean_mask else soft.float() / 255
    rows = _rows(network, bytes_in, soft, batches)
    output: Harmonized = network(composite, mask, rows)
    final = (output.final * 255).round().clamp(0, 255) / 255
    return foreground_mse(composite, real, inside), foreground_mse(final, real, inside)


def _rows(network: FRIH, composite: Tensor, mask: Tensor, batches: BatchConfig) -> SubmaskRows:
    if network.config.stage2 != "submasks":
        return SubmaskRows(mask[:0].float(), torch.zeros(0, dtype=torch.int64))
    draw = np.random.default_rng(0)
    return rows_from_labels(label_submasks(composite, mask, batches, draw))
