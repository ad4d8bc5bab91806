"""Real pictures and masks to composites: one recolouring a picture, sized as iHarmony4's are."""

from __future__ import annotations

from dataclasses import dataclass, field

import torch
from torch import Tensor

from training.draws import Draws
from training.families import FAMILIES, TRANSFERS, Family
from training.limits import within
from training.recolor import gain_offset_gamma

_SAMPLES = 512
"""Pixels of a foreground that its change is sized by."""
_ATTEMPTS = 3
"""Draws for a foreground that a change hardly alters, as another white balance a black one."""
_NEAR_ENOUGH = 0.7
_LARGEST_SEED = 2**62


def _default_shares() -> dict[str, float]:
    return {
        "relight": 0.18,
        "expose": 0.10,
        "white_balance": 0.08,
        "grade": 0.20,
        "gain_offset_gamma": 0.08,
        "tone_curve": 0.06,
        "color_table": 0.08,
        "split_tone": 0.04,
        "veil": 0.03,
        "colored_light": 0.03,
        "match_statistics": 0.06,
        "match_covariance": 0.06,
    }


@dataclass(frozen=True, slots=True)
class SynthesisConfig:
    """How composites are made; fMSE is the foreground's mean squared error on 0..255."""

    shares: dict[str, float] = field(default_factory=_default_shares)
    ln_fmse_mean: float = 7.0
    ln_fmse_deviation: float = 1.0
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

    Both come back in [0, 1] on the 8-bit grid; outside the mask they are equal. The changed colours
    show as far as the mask is opaque. rng: of the processor; it fixes every draw.
    """
    real = _on_grid(_regraded(photos, mask, config, rng))
    colors = sample_foreground(real, mask, rng)
    palette = colors.roll(1, 0)
    target = _draw_targets(real.shape[0], config, rng).to(real.device)
    composite = real.clone()
    pending = torch.arange(real.shape[0])
    for _ in range(_ATTEMPTS):
        missed: list[Tensor] = []
        for name, rows in _draw_families(pending, config, rng):
            sizing = _Sizing(FAMILIES[name], _draw_seed(rng), palette[rows], name not in TRANSFERS)
            strength = sizing.strength(colors[rows], target[rows], _largest(name, config), config)
            changed = sizing.changed(real[rows], mask[rows], strength).clamp(0, 1)
            composite[rows] = real[rows] + mask[rows] * (changed - real[rows])
            reached = sizing.error(colors[rows], strength)
            missed.append(rows[(reached < _NEAR_ENOUGH * target[rows]).cpu()])
        pending = torch.cat(missed)
        if not pending.numel():
            break
    return _on_grid(composite), real


def sample_foreground(rgb: Tensor, mask: Tensor, rng: torch.Generator) -> Tensor:
    """(B, 3, N, 1) colours drawn from under the masks, with replacement."""
    chances = mask.flatten(1).cpu() + 1e-9
    drawn = torch.multinomial(chances, _SAMPLES, replacement=True, generator=rng).to(rgb.device)
    flat = rgb.flatten(2)
    return flat.gather(2, drawn.unsqueeze(1).expand(-1, 3, -1)).unsqueeze(3)


@dataclass(frozen=True, slots=True, eq=False)
class _Sizing:
    """One drawn change a picture, whose strength is sought on a sample of the foreground."""

    family: Family
    seed: int
    palette: Tensor
    reversible: bool

    def changed(self, rgb: Tensor, mask: Tensor, strength: Tensor) -> Tensor:
        return self.family(rgb, mask, Draws(self.seed, strength, self.palette))

    def strength(
        self, colors: Tensor, target: Tensor, largest: float, config: SynthesisConfig
    ) -> Tensor:
        """(B,) strengths at which the sampled colours' mean squared error is the target.

        A change that clips too much is turned round (darker instead of brighter), then lowered.
        """
        strength = self._sought(colors, target, torch.ones_like(target), largest)
        if self.reversible:
            over = self._clipping(colors, strength) > config.clipped_share
            strength = self._sought(colors, target, strength.where(~over, -strength), largest)
        for _ in range(5):
            over = self._clipping(colors, strength) > config.clipped_share
            strength = torch.where(over, strength * 0.7, strength)
        return strength

    def _sought(self, colors: Tensor, target: Tensor, start: Tensor, largest: float) -> Tensor:
        strength = start
        for _ in range(3):
            actual = self.error(colors, strength).clamp_min(1e-3)
            step = (target / actual).sqrt().clamp(0.25, 4)
            strength = (strength * step).clamp(-largest, largest)
        return strength

    def error(self, colors: Tensor, strength: Tensor) -> Tensor:
        """(B,) mean squared errors of the sampled colours on 0..255."""
        whole = torch.ones_like(colors[:, :1])
        return foreground_mse(self.changed(colors, whole, strength).clamp(0, 1), colors, whole)

    def _clipping(self, colors: Tensor, strength: Tensor) -> Tensor:
        """(B,) share of the sampled colours that clip, not counting those that did before."""
        moved = self.changed(colors, torch.ones_like(colors[:, :1]), strength)
        clips = ((moved < -0.004) & (colors > 0)) | ((moved > 1.004) & (colors < 1))
        return clips.any(1).float().mean((1, 2))


def _largest(name: str, config: SynthesisConfig) -> float:
    return config.largest_transfer_scale if name in TRANSFERS else config.largest_scale


def _on_grid(rgb: Tensor) -> Tensor:
    return (rgb.clamp(0, 1) * 255).round() / 255


def _regraded(
    photos: Tensor, mask: Tensor, config: SynthesisConfig, rng: torch.Generator
) -> Tensor:
    strength = torch.rand(photos.shape[0], generator=rng).to(photos.device) * 2 * config.regrade
    draws = Draws(_draw_seed(rng), strength, palette=photos)
    return gain_offset_gamma(photos, mask, draws)


def _draw_seed(rng: torch.Generator) -> int:
    return int(torch.randint(_LARGEST_SEED, (1,), generator=rng))


def _draw_families(
    rows: Tensor, config: SynthesisConfig, rng: torch.Generator
) -> list[tuple[str, Tensor]]:
    """A family for each of these rows of the batch: the drawn ones by name, with their rows."""
    names = list(config.shares)
    shares = torch.tensor([config.shares[name] for name in names])
    drawn = torch.multinomial(shares, len(rows), replacement=True, generator=rng)
    chosen = [rows[drawn == index] for index in range(len(names))]
    return [(name, own) for name, own in zip(names, chosen, strict=True) if own.numel()]


def _draw_targets(count: int, config: SynthesisConfig, rng: torch.Generator) -> Tensor:
    normal = torch.randn(count, generator=rng) * config.ln_fmse_deviation + config.ln_fmse_mean
    usual = normal.exp().clamp(*config.fmse_range)
    low, high = config.near_fmse_range
    near = torch.rand(count, generator=rng) * (high - low) + low
    return torch.where(torch.rand(count, generator=rng) < config.near_harmonious, near, usual)
