"""Pictures and draws for the tests of recolouring."""

from __future__ import annotations

import torch
from torch import Tensor

from training.draws import Draws

COUNT = 4


def pictures(seed: int = 0) -> tuple[Tensor, Tensor]:
    """Four noisy pictures of values 0.2 to 0.8 with a box of foreground."""
    rng = torch.Generator().manual_seed(seed)
    rgb = torch.rand(COUNT, 3, 16, 16, generator=rng) * 0.6 + 0.2
    mask = torch.zeros(COUNT, 1, 16, 16)
    mask[:, :, 4:12, 4:12] = 1
    return rgb, mask


def greys() -> tuple[Tensor, Tensor]:
    """Ramps from black to white, all foreground."""
    ramp = torch.linspace(0, 1, 16).expand(COUNT, 3, 4, 16).contiguous()
    return ramp, torch.ones(COUNT, 1, 4, 16)


def drawn(seed: int = 1, strength: float = 1.0) -> Draws:
    """Draws for four pictures, with the palette of other ones."""
    palette = pictures(seed=9)[0].flatten(2).unsqueeze(3)
    return Draws(seed, torch.full((COUNT,), strength), palette)
