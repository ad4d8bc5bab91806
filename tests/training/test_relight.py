"""Each family in linear light does what its name says, and black stays black."""

from __future__ import annotations

import pytest
import torch
from recolored import drawn, greys, pictures
from torch import Tensor

from training import relight
from training.families import FAMILIES
from training.recolor import srgb_to_linear


def gains(name: str) -> Tensor:
    """(4, 3, 4, 15) changed over given linear light, of dark greys that do not clip."""
    ramp, mask = greys()
    ramp = ramp[..., 1:] * 0.4
    changed = FAMILIES[name](ramp, mask[..., 1:], drawn())
    return srgb_to_linear(changed) / srgb_to_linear(ramp)


def test_exposure_is_one_factor_in_linear_light() -> None:
    found = gains("expose")
    torch.testing.assert_close(found, found[:, :1, :1, :1].expand_as(found), atol=1e-3, rtol=1e-3)
    assert float((found - 1).abs().min()) > 0.01


@pytest.mark.parametrize("name", ["white_balance", "colored_light"])
def test_light_is_a_factor_a_channel_that_keeps_luminance(name: str) -> None:
    found = gains(name)
    torch.testing.assert_close(found, found[..., :1].expand_as(found), atol=1e-3, rtol=1e-3)
    kept = relight.luminance(found)
    torch.testing.assert_close(kept, torch.ones_like(kept), atol=1e-3, rtol=0)
    assert float(found.std(1).min()) > 0.01


@pytest.mark.parametrize(
    "name", ["expose", "white_balance", "colored_light", "relight", "split_tone", "color_table"]
)
@pytest.mark.parametrize("strength", [-2.0, 1.0])
def test_black_stays_black(name: str, strength: float) -> None:
    rgb, mask = pictures()
    rgb[:, :, 6:10, 6:10] = 0
    changed = FAMILIES[name](rgb, mask, drawn(strength=strength))
    assert float(changed[:, :, 6:10, 6:10].abs().max()) < 0.5 / 255


def test_veil_lays_the_same_light_over_everything() -> None:
    """Black becomes the light's share, and every difference shrinks by that share."""
    ramp, mask = greys()
    linear = srgb_to_linear(relight.veil(ramp, mask, drawn(strength=-1.0)))
    share = 1 - (linear[..., -1] - linear[..., 8]) / (1 - srgb_to_linear(ramp)[..., 8])
    for row in range(4):
        if float(share[row].min()) > 0:
            dimmed = (1 - share[row, ..., None]) * srgb_to_linear(ramp[row])
            expected = linear[row, ..., :1] + dimmed
            torch.testing.assert_close(linear[row], expected, atol=1e-4, rtol=0)
    assert float(share.max()) > 0.02


def test_tone_curve_goes_through_black_pivot_and_white_with_toe_and_shoulder_apart() -> None:
    values = torch.tensor([0.0, 0.2, 0.4, 0.7, 1.0]).view(1, 1, 1, 5)
    bent = relight.bend(values, torch.tensor(0.4), torch.tensor(0.3), torch.tensor(-0.3))
    torch.testing.assert_close(bent[..., [0, 2, 4]], values[..., [0, 2, 4]], atol=1e-3, rtol=0)
    assert float(bent[..., 1]) < 0.2
    assert float(bent[..., 3]) < 0.7


def test_burnt_out_light_stays_above_1_to_be_seen() -> None:
    rgb = torch.full((4, 3, 4, 4), 0.98)
    found = [
        float(relight.relight(rgb, torch.ones(4, 1, 4, 4), drawn(seed, 2.0)).max())
        for seed in range(3)
    ]
    assert max(found) > 1.004
