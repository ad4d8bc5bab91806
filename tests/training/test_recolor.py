"""Every family of recolouring changes colours, each in the way that its name says."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from training import recolor
from training.recolor import FAMILIES, linear_to_srgb, srgb_to_linear


def pictures(seed: int = 0) -> tuple[Tensor, Tensor]:
    rng = torch.Generator().manual_seed(seed)
    rgb = torch.rand(4, 3, 16, 16, generator=rng) * 0.6 + 0.2
    mask = torch.zeros(4, 1, 16, 16)
    mask[:, :, 4:12, 4:12] = 1
    return rgb, mask


@pytest.mark.parametrize("name", sorted(FAMILIES))
def test_family_is_finite_and_changes_every_picture(name: str) -> None:
    rgb, mask = pictures()
    changed = FAMILIES[name](rgb, mask, torch.Generator().manual_seed(1))
    assert changed.shape == rgb.shape
    assert bool(torch.isfinite(changed).all())
    assert bool(((changed - rgb).abs().mean((1, 2, 3)) > 1e-3).all())


@pytest.mark.parametrize("name", sorted(FAMILIES))
def test_family_does_not_see_what_lies_outside_the_mask(name: str) -> None:
    rgb, mask = pictures()
    other = rgb * mask + (1 - mask) * 0.1
    first = FAMILIES[name](rgb, mask, torch.Generator().manual_seed(1))
    second = FAMILIES[name](other, mask, torch.Generator().manual_seed(1))
    torch.testing.assert_close(first * mask, second * mask, atol=1e-5, rtol=0)


@pytest.mark.parametrize("name", sorted(FAMILIES))
def test_same_seed_draws_the_same_change(name: str) -> None:
    rgb, mask = pictures()
    first, second, third = (
        FAMILIES[name](rgb, mask, torch.Generator().manual_seed(seed)) for seed in (1, 1, 2)
    )
    assert torch.equal(first, second)
    assert not torch.equal(first, third)


def test_relighting_keeps_the_ratios_of_linear_light(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the tone curve and saturation at rest, exposure multiplies every grey by one number."""
    deviations: list[float] = []

    def drawn(like: Tensor, channels: int, deviation: float, rng: torch.Generator) -> Tensor:  # noqa: ARG001 - a family takes one
        deviations.append(deviation)
        value = -0.4 if len(deviations) == 1 else 0.0
        return torch.full((like.shape[0], channels, 1, 1), value)

    monkeypatch.setattr(recolor, "_normal", drawn)
    ramp = torch.linspace(0.1, 0.9, 16).expand(1, 3, 4, 16).contiguous()
    changed = recolor.relight(ramp, torch.ones(1, 1, 4, 16), torch.Generator())
    ratio = srgb_to_linear(changed) / srgb_to_linear(ramp)
    torch.testing.assert_close(ratio, torch.full_like(ratio, 2.718281828**-0.4), atol=1e-4, rtol=0)


def test_srgb_curve_and_its_inverse_agree() -> None:
    values = torch.linspace(0, 1, 257)
    torch.testing.assert_close(linear_to_srgb(srgb_to_linear(values)), values, atol=1e-6, rtol=0)
    assert float(srgb_to_linear(torch.tensor(0.5))) == pytest.approx(0.21404, abs=1e-5)


def test_statistics_move_to_those_of_the_previous_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    def everything(*size: int, **named: object) -> Tensor:  # noqa: ARG001 - a family takes it
        return torch.ones(*size)

    rgb, mask = pictures()
    monkeypatch.setattr(torch, "rand", everything)
    moved = recolor.match_covariance(rgb, mask, torch.Generator())
    inside = mask.bool().expand_as(rgb)
    target = rgb.roll(1, 0)[inside].view(4, 3, -1)
    found = moved[inside].view(4, 3, -1)
    torch.testing.assert_close(found.mean(2), target.mean(2), atol=2e-3, rtol=0)
    torch.testing.assert_close(found.std(2), target.std(2), atol=1e-2, rtol=0)
