"""Real pictures and masks to composites: one recolouring a picture, sized as iHarmony4's are."""

from __future__ import annotations

from dataclasses import dataclass, field

import torch
from torch import Tensor

from training.limits import within
from training.recolor import FAMILIES, TRANSFERS, gain_offset_gamma


def _default_shares() -> dict[str, float]:
    return {
        "relight": 0.26,
        "grade": 0.28,
        "gain_offset_gamma": 0.10,
        "tone_curve": 0.08,
        "match_statistics": 0.14,
        "match_covariance": 0.14,
    }


@dataclass(frozen=True, slots=True)
class SynthesisConfig:
    """How composites are made; fMSE is the foreground's mean squared error on 0..255."""

    shares: dict[str, float] = field(default_factory=_default_shares)
    ln_fmse_mean: float = 7.2
    ln_fmse_deviation: float = 0.98
    fmse_range: tuple[float, float] = (60.0, 8000.0)
    near_harmonious: float = 0.15
    near_fmse_range: tuple[float, float] = (2.0, 120.0)
    regrade: float = 0.35
    """Strength of the change made to the whole photograph, truth and background alike."""
    largest_scale: float = 3.0
    largest_transfer_scale: float = 1.5
    clipped_share: float = 0.10

    def __post_init__(self) -> None:
        unknown = sorted(set(self.shares) - set(FAMILIES))
        if unknown:
            raise ValueError(f"synthesis.shares names no family of recolouring: {unknown[0]}.")
        if min(self.shares.values()) < 0 or sum(self.shares.values()) <= 0:
            raise ValueError("synthesis.shares are weights: none below 0, one above.")
        for name in ("fmse_range", "near_fmse_range"):
            low, high = getattr(self, name)
            within(f"synthesis.{name}", low, 0, high)
        for name in ("near_harmonious", "regrade", "clipped_share"):
            within(f"synthesis.{name}", getattr(self, name), 0, 1)
        for name in ("largest_scale", "largest_transfer_scale"):
            within(f"synthesis.{name}", getattr(self, name), 0.1, 10)


def foreground_mse(a: Tensor, b: Tensor, mask: Tensor) -> Tensor:
    """(B,) mean squared error over the mask, on 0..255, of (B, 3, H, W) pictures in [0, 1]."""
    error = ((a - b) ** 2).mean(1, keepdim=True) * mask
    return 255.0**2 * error.sum((1, 2, 3)) / mask.sum((1, 2, 3)).clamp_min(1)


def synthesize(
    photos: Tensor, mask: Tensor, config: SynthesisConfig, rng: torch.Generator
) -> tuple[Tensor, Tensor]:
    """Make (composite, real) of (B, 3, H, W) photographs in [0, 1] and (B, 1, H, W) soft masks.

    Both come back in [0, 1] on the 8-bit grid; outside the mask they are equal.
    """
    real = _on_grid(_regraded(photos, mask, config, rng))
    change, largest = _draw_changes(real, mask, config, rng)
    target = _draw_targets(real.shape[0], config, rng).to(real.device)
    for _ in range(2):
        actual = foreground_mse((real + change).clamp(0, 1), real, mask)
        scale = (target / actual.clamp_min(1e-3)).sqrt()
        change = change * torch.minimum(scale, largest).view(-1, 1, 1, 1)
        largest = largest.clamp_max(1.2)
    change = _unclipped(real, change, mask, config)
    return _on_grid(real + mask * change), real


def _on_grid(rgb: Tensor) -> Tensor:
    return (rgb.clamp(0, 1) * 255).round() / 255


def _regraded(
    photos: Tensor, mask: Tensor, config: SynthesisConfig, rng: torch.Generator
) -> Tensor:
    changed = gain_offset_gamma(photos, mask, rng).clamp(0, 1)
    share = torch.rand(photos.shape[0], 1, 1, 1, generator=rng, device=photos.device)
    return photos + 2 * config.regrade * share * (changed - photos)


def _draw_changes(
    real: Tensor, mask: Tensor, config: SynthesisConfig, rng: torch.Generator
) -> tuple[Tensor, Tensor]:
    names = list(config.shares)
    shares = torch.tensor([config.shares[name] for name in names])
    drawn = torch.multinomial(shares, real.shape[0], replacement=True, generator=rng)
    change = torch.zeros_like(real)
    largest = torch.full((real.shape[0],), config.largest_scale, device=real.device)
    for index, name in enumerate(names):
        rows = (drawn == index).nonzero().flatten()
        if rows.numel() == 0:
            continue
        if name in TRANSFERS:
            changed = FAMILIES[name](real, mask, rng)[rows]
            largest[rows] = config.largest_transfer_scale
        else:
            changed = FAMILIES[name](real[rows], mask[rows], rng)
        change[rows] = changed - real[rows]
    return change, largest


def _draw_targets(count: int, config: SynthesisConfig, rng: torch.Generator) -> Tensor:
    normal = torch.randn(count, generator=rng) * config.ln_fmse_deviation + config.ln_fmse_mean
    usual = normal.exp().clamp(*config.fmse_range)
    low, high = config.near_fmse_range
    near = torch.rand(count, generator=rng) * (high - low) + low
    return torch.where(torch.rand(count, generator=rng) < config.near_harmonious, near, usual)


def _unclipped(real: Tensor, change: Tensor, mask: Tensor, config: SynthesisConfig) -> Tensor:
    """Shrink a change while it clips too much of the object, as a photographer would."""
    inside = mask >= 0.5
    count = inside.sum((1, 2, 3)).clamp_min(1)
    for _ in range(5):
        changed = real + change
        clips = ((changed < -0.004) | (changed > 1.004)).any(1, keepdim=True) & inside
        over = clips.sum((1, 2, 3)) > config.clipped_share * count
        if not bool(over.any()):
            break
        change = torch.where(over.view(-1, 1, 1, 1), change * 0.7, change)
    return change
