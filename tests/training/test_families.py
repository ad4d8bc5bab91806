"""Every family of recolouring is finite, seeded, local to the mask, and nothing at strength 0."""

from __future__ import annotations

import pytest
import torch
from recolored import drawn, greys, pictures

from training.draws import Draws
from training.families import FAMILIES

every_family = pytest.mark.parametrize("name", sorted(FAMILIES))


@every_family
def test_family_is_finite_and_changes_every_picture(name: str) -> None:
    rgb, mask = pictures()
    changed = FAMILIES[name](rgb, mask, drawn())
    assert changed.shape == rgb.shape
    assert bool(torch.isfinite(changed).all())
    assert bool(((changed - rgb).abs().mean((1, 2, 3)) > 1e-3).all())


@every_family
@pytest.mark.parametrize("strength", [-3.0, 3.0])
def test_family_is_finite_on_black_and_white_at_full_strength(name: str, strength: float) -> None:
    rgb, mask = greys()
    assert bool(torch.isfinite(FAMILIES[name](rgb, mask, drawn(strength=strength))).all())


@every_family
def test_family_does_nothing_at_strength_0(name: str) -> None:
    for rgb, mask in (pictures(), greys()):
        changed = FAMILIES[name](rgb, mask, drawn(strength=0.0))
        torch.testing.assert_close(changed, rgb, atol=2e-4, rtol=0)


@every_family
def test_family_does_not_see_what_lies_outside_the_mask(name: str) -> None:
    rgb, mask = pictures()
    other = rgb * mask + (1 - mask) * 0.1
    first, second = (FAMILIES[name](picture, mask, drawn()) for picture in (rgb, other))
    torch.testing.assert_close(first * mask, second * mask, atol=1e-5, rtol=0)


@every_family
def test_same_seed_draws_the_same_change(name: str) -> None:
    rgb, mask = pictures()
    first, second, third = (FAMILIES[name](rgb, mask, drawn(seed)) for seed in (1, 1, 2))
    assert torch.equal(first, second)
    assert not torch.equal(first, third)


def test_strength_multiplies_normal_draws_alone() -> None:
    weak, strong = drawn(strength=0.5), drawn(strength=1.5)
    torch.testing.assert_close(3 * weak.normal(3, 0.2), strong.normal(3, 0.2))
    assert torch.equal(weak.uniform(1, 0.2, 0.4), strong.uniform(1, 0.2, 0.4))


def test_draws_lie_where_they_are_asked_for() -> None:
    draws = Draws(0, torch.ones(2000), torch.zeros(2000, 3, 1, 1))
    values = draws.uniform(2, -0.3, 0.1)
    assert -0.3 <= float(values.min()) < -0.28 < 0.08 < float(values.max()) <= 0.1
    assert float(draws.normal(2, 0.5).std()) == pytest.approx(0.5, rel=0.05)
