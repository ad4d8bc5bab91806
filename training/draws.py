"""What one change of colour is drawn from: the same at any strength, so that it can be sized."""

from __future__ import annotations

import torch
from torch import Tensor


class Draws:
    """The random numbers of B changes; two with one seed give the same, times their strengths.

    strength: (B,) factor of every normal draw: at 0 nothing changes.
    palette: (B, 3, N, 1) colours of another foreground, for families that move towards one.
    """

    def __init__(self, seed: int, strength: Tensor, palette: Tensor) -> None:
        self._rng = torch.Generator().manual_seed(seed)
        self.strength = strength.view(-1, 1, 1, 1)
        self.palette = palette

    def normal(self, channels: int, deviation: float) -> Tensor:
        """(B, channels, 1, 1) draws about 0, larger with the strength."""
        draws = torch.randn(len(self.strength), channels, 1, 1, generator=self._rng)
        return draws.to(self.strength.device) * deviation * self.strength

    def uniform(self, channels: int, low: float, high: float) -> Tensor:
        """(B, channels, 1, 1) draws that do not depend on the strength."""
        draws = torch.rand(len(self.strength), channels, 1, 1, generator=self._rng)
        return draws.to(self.strength.device) * (high - low) + low
