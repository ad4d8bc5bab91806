"""Compares the fused kernels with the reference; test_submask_fused runs it as a program.

A process of its own, because Triton decides on import whether it interprets or compiles.
"""

from __future__ import annotations

import sys

import numpy as np
import torch
from numpy.typing import NDArray

from engine.submask import Submasks, extract_submasks
from engine.submask.batched import extract_submask_batch


def made_pixels(name: str) -> NDArray[np.uint8]:
    """(N, 3) colours of one foreground."""
    rng = np.random.default_rng(0)
    grid = np.stack(np.meshgrid(*[np.arange(8) * 16] * 3), axis=-1).reshape(-1, 3)
    pixels = {
        "nothing": np.zeros((0, 3)),
        "one colour": np.full((20, 3), 7),
        "two colours": np.repeat([[0, 0, 0], [200, 10, 0]], [11, 12], axis=0),
        "ties": np.repeat(grid, 2, axis=0),
        "multiplicities": np.repeat(grid, rng.integers(1, 4, len(grid)), axis=0),
        "loose blocks": rng.integers(0, 90, (300, 3)),
        "dense blocks": rng.integers(0, 34, (500, 3)),
        "far blocks": rng.integers(0, 256, (4, 1, 3)) // 2 + rng.integers(0, 20, (4, 50, 3)),
    }
    return pixels[name].reshape(-1, 3).astype(np.uint8)


NAMES = (
    "nothing", "one colour", "two colours", "ties", "multiplicities", "loose blocks",
    "dense blocks", "far blocks",
)  # fmt: skip


def main(device: str, cutoff_distance: float) -> None:
    """All foregrounds as one batch, each against the reference."""
    pixels = [made_pixels(name) for name in NAMES]
    width = max(map(len, pixels))
    rgb = np.zeros((len(pixels), 1, width, 3), np.uint8)
    mask = np.zeros(rgb.shape[:3], np.bool_)
    for image, colors in enumerate(pixels):
        rgb[image, 0, : len(colors)], mask[image, 0, : len(colors)] = colors, True
    given = torch.tensor(rgb, device=device), torch.tensor(mask, device=device)
    found = extract_submask_batch(*given, cutoff_distance, fused=True).split()
    for image, submasks in enumerate(found):
        expected = extract_submasks(rgb[image], mask[image], cutoff_distance, "reference")
        if not are_same(submasks, expected):
            sys.exit(f"{NAMES[image]}: other submasks than the reference's")


def are_same(one: Submasks, other: Submasks) -> bool:
    """Whether all tables are equal."""
    fields = ("labels", "centers", "areas", "denser")
    return all(np.array_equal(getattr(one, f), getattr(other, f)) for f in fields)


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]))
