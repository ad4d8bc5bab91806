"""Each family on encoded colours does what its name says."""

from __future__ import annotations

import pytest
import torch
from recolored import drawn, greys, pictures
from torch import Tensor

from training import recolor
from training.draws import Draws


def test_grade_is_one_change_a_picture_that_keeps_greys_nearly_on_a_line() -> None:
    """Sliders hold for all pixels: equal colours stay equal."""
    rgb, mask = pictures()
    rgb[:, :, 5, 5] = rgb[:, :, 10, 10]
    changed = recolor.grade(rgb, mask, drawn())
    assert torch.equal(changed[:, :, 5, 5], changed[:, :, 10, 10])
    saturated = recolor.saturate(rgb, torch.tensor(1.7))
    torch.testing.assert_close(recolor.luma(saturated), recolor.luma(rgb), atol=1e-5, rtol=0)


def test_gain_offset_gamma_maps_each_channel_on_its_own() -> None:
    rgb, mask = pictures()
    other = rgb.clone()
    other[:, 0] = 0.5
    first, second = (recolor.gain_offset_gamma(p, mask, drawn()) for p in (rgb, other))
    assert torch.equal(first[:, 1:], second[:, 1:])
    assert not torch.equal(first[:, 0], second[:, 0])


def test_tone_curve_moves_each_knot_by_its_height(monkeypatch: pytest.MonkeyPatch) -> None:
    heights = torch.tensor([0.05, -0.1, 0.0, 0.1])

    def normal(draws: Draws, channels: int, deviation: float) -> Tensor:  # noqa: ARG001 - drawn by hand
        shape = (4, channels, 1, 1)
        return heights.view(1, 4, 1, 1).expand(shape) if channels == 4 else torch.zeros(shape)

    monkeypatch.setattr(Draws, "normal", normal)
    knots = torch.linspace(0, 1, 4).view(1, 1, 1, 4).expand(4, 3, 1, 4)
    moved = recolor.tone_curve(knots, torch.ones(4, 1, 1, 4), drawn()) - knots
    torch.testing.assert_close(moved, heights.view(1, 1, 1, 4).expand_as(moved))


def test_color_table_interpolates_its_lattice_and_keeps_black_and_white() -> None:
    ramp, mask = greys()
    changed = recolor.color_table(ramp, mask, drawn())
    assert torch.equal(changed[..., 0], ramp[..., 0])
    torch.testing.assert_close(changed[..., -1], ramp[..., -1])
    # Between two knots of the diagonal (0, 5, 10 and 15 of 15) the shift has no jump.
    shift = changed - ramp
    assert float((shift[..., 1:] - shift[..., :-1]).abs().max()) < 0.2
    assert float(shift.abs().max()) > 0.02


def test_split_toning_leaves_middle_grey_and_black_and_tints_the_ends_apart() -> None:
    values = torch.tensor([0.0, 0.25, 0.5, 0.75]).view(1, 1, 1, 4).expand(4, 3, 1, 4)
    changed = recolor.split_tone(values, torch.ones(4, 1, 1, 4), drawn())
    torch.testing.assert_close(changed[..., [0, 2]], values[..., [0, 2]], atol=1e-6, rtol=0)
    ratio = (changed / values)[..., [1, 3]].log()
    assert float((ratio[..., 0] - ratio[..., 1]).abs().mean()) > 0.05
    torch.testing.assert_close(ratio.mean(1), torch.zeros(4, 1, 2), atol=1e-5, rtol=0)


def test_srgb_curve_and_its_inverse_agree() -> None:
    values = torch.linspace(0, 1, 257)
    back = recolor.linear_to_srgb(recolor.srgb_to_linear(values))
    torch.testing.assert_close(back, values, atol=1e-6, rtol=0)
    assert float(recolor.srgb_to_linear(torch.tensor(0.5))) == pytest.approx(0.21404, abs=1e-5)
