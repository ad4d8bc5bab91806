"""Composites differ from their truths inside the mask alone, by the error that was drawn."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from training import synthesis
from training.recolor import srgb_to_linear
from training.synthesis import SynthesisConfig, foreground_mse, sample_foreground, synthesize


def photographs(count: int = 24) -> tuple[Tensor, Tensor]:
    """Smooth mid-tone pictures that leave room for changes, and a box of foreground."""
    rng = torch.Generator().manual_seed(3)
    coarse = torch.rand(count, 3, 4, 4, generator=rng) * 0.4 + 0.3
    photos = torch.nn.functional.interpolate(coarse, size=(32, 32), mode="bilinear")
    mask = torch.zeros(count, 1, 32, 32)
    mask[:, :, 8:24, 8:24] = 1
    return photos, mask


def test_foreground_mse_by_hand() -> None:
    a, b = torch.zeros(1, 3, 2, 2), torch.zeros(1, 3, 2, 2)
    b[0, 0, 0, 0] = 3 / 255
    b[0, :, 1, 1] = 1
    mask = torch.tensor([[[[1.0, 1.0], [0.0, 0.0]]]])
    assert float(foreground_mse(a, b, mask)) == pytest.approx(9 / 3 / 2)


def test_outside_the_mask_nothing_differs_and_all_is_on_the_8_bit_grid() -> None:
    photos, mask = photographs()
    composite, real = synthesize(photos, mask, SynthesisConfig(), torch.Generator().manual_seed(0))
    outside = (mask == 0).expand_as(real)
    assert torch.equal(composite[outside], real[outside])
    assert bool((composite != real).any(3).any(2).any(1).all())
    for picture in (composite, real):
        levels = picture * 255
        torch.testing.assert_close(levels, levels.round(), atol=1e-4, rtol=0)
        assert 0 <= float(picture.min()) <= float(picture.max()) <= 1


def test_changes_are_as_large_as_drawn() -> None:
    photos, mask = photographs()
    config = SynthesisConfig(
        shares={"grade": 1.0}, near_harmonious=0, fmse_range=(400, 400), regrade=0,
        largest_scale=10, clipped_share=1,
    )  # fmt: skip
    composite, real = synthesize(photos, mask, config, torch.Generator().manual_seed(0))
    fmse = foreground_mse(composite, real, mask)
    assert float(fmse.median()) == pytest.approx(400, rel=0.1)
    assert float(((fmse > 300) & (fmse < 500)).float().mean()) > 0.8


def test_exposure_sized_is_still_exposure_alone() -> None:
    """Sizing changes how far the exposure goes; a blend with the truth would be another change."""
    photos, mask = photographs()
    config = SynthesisConfig(shares={"expose": 1.0}, near_harmonious=0, fmse_range=(700, 700))
    composite, real = synthesize(photos, mask, config, torch.Generator().manual_seed(0))
    inside = (mask == 1) & (composite < 1).all(1, keepdim=True) & (real > 0.2).all(1, keepdim=True)
    ratio = (srgb_to_linear(composite) / srgb_to_linear(real)).log()
    for row in range(len(ratio)):
        found = ratio[row][inside[row].expand(3, -1, -1)]
        assert float(found.mean().abs()) > 0.05
        assert float(found.std()) < 0.05


def test_family_that_cannot_change_an_object_is_drawn_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A white balance hardly changes a dark grey; the other family of the recipe does."""
    photos, mask = photographs()
    shares = {"white_balance": 0.5, "gain_offset_gamma": 0.5}
    config = SynthesisConfig(shares, near_harmonious=0, regrade=0, fmse_range=(1500, 1500))
    reached: list[float] = []
    for attempts in (1, 3):
        monkeypatch.setattr(synthesis, "_ATTEMPTS", attempts)
        rng = torch.Generator().manual_seed(0)
        composite, real = synthesize(photos * 0 + 0.06, mask, config, rng)
        reached.append(float((foreground_mse(composite, real, mask) > 1000).float().mean()))
    assert reached[1] > reached[0] + 0.15


def test_bright_object_is_darkened_rather_than_burnt_out() -> None:
    photos, mask = photographs()
    config = SynthesisConfig({"expose": 1.0}, near_harmonious=0, regrade=0, fmse_range=(1500, 1500))
    rng = torch.Generator().manual_seed(0)
    composite, real = synthesize(photos * 0.1 + 0.88, mask, config, rng)
    assert bool((((composite - real) * mask).sum((1, 2, 3)) < 0).all())


def test_sampled_colors_are_the_foregrounds() -> None:
    photos, mask = photographs()
    marked = photos * (1 - mask) + mask * torch.tensor([0.1, 0.5, 0.9]).view(1, 3, 1, 1)
    colors = sample_foreground(marked, mask, torch.Generator().manual_seed(0))
    assert colors.shape == (24, 3, 512, 1)
    expected = torch.tensor([0.1, 0.5, 0.9]).view(1, 3, 1, 1).expand_as(colors)
    assert torch.equal(colors, expected)


def test_seed_fixes_every_draw() -> None:
    photos, mask = photographs()
    first, second, other = (
        synthesize(photos, mask, SynthesisConfig(), torch.Generator().manual_seed(seed))[0]
        for seed in (4, 4, 5)
    )
    assert torch.equal(first, second)
    assert not torch.equal(first, other)


def test_near_harmonious_composites_hardly_differ() -> None:
    photos, mask = photographs()
    config = SynthesisConfig(near_harmonious=1, near_fmse_range=(5, 30))
    composite, real = synthesize(photos, mask, config, torch.Generator().manual_seed(0))
    assert float(foreground_mse(composite, real, mask).max()) < 45


def test_change_that_clips_much_of_the_object_is_shrunk() -> None:
    """Bright pictures cannot take a large gain: at most the allowed share may burn out."""
    photos, mask = photographs()
    bright = photos * 0.3 + 0.7
    clipped: list[float] = []
    for allowed in (0.1, 1.0):
        config = SynthesisConfig(
            shares={"gain_offset_gamma": 1.0}, regrade=0, fmse_range=(3000, 3000),
            near_harmonious=0, clipped_share=allowed,
        )  # fmt: skip
        composite, _ = synthesize(bright, mask, config, torch.Generator().manual_seed(0))
        burnt = (composite == 1).any(1, keepdim=True) & (mask == 1)
        clipped.append(float(burnt.sum() / mask.sum()))
    assert clipped[0] < 0.75 * clipped[1] + 1e-3


def test_regrading_changes_truth_and_background_alike() -> None:
    photos, mask = photographs()
    rng = torch.Generator().manual_seed(0)
    _, real = synthesize(photos, mask, SynthesisConfig(regrade=0.5), rng)
    outside = (mask == 0).expand_as(real)
    assert float((real - photos)[outside].abs().mean()) > 0.01


@pytest.mark.parametrize("shares", [{"sepia": 1.0}, {"grade": -1.0}, {"grade": 0.0}])
def test_unusable_shares_are_refused(shares: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=r"synthesis\.shares"):
        SynthesisConfig(shares=shares)
