"""What the colour map is predicted from beside the bottleneck."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
import torch
from torch import Tensor
from torch.nn import functional

from engine.network.color_statistics import STATISTICS, color_statistics, ring_around

OBJECT = (slice(None), slice(None), slice(32, 96), slice(32, 96))
LIGHTNESS, CHANNELS, CHROMA = slice(18, 66), slice(66, 138), slice(138, 381)


def mask_of(size: int = 128) -> Tensor:
    mask = torch.zeros(1, 1, 128, 128)
    mask[OBJECT] = 1
    return functional.interpolate(mask, (size, size))


def painted(inside: Sequence[float], outside: Sequence[float]) -> Tensor:
    """A picture of one colour in the foreground mask and one around it."""
    mask = mask_of()
    own, around = (torch.tensor(list(rgb)).view(1, 3, 1, 1) for rgb in (inside, outside))
    return mask * own + (1 - mask) * around


def histograms(rgb: Tensor, part: slice, mask: Tensor | None = None) -> Tensor:
    """(3, bins): one kind of histogram, of object, ring and background."""
    found = color_statistics(rgb, mask_of() if mask is None else mask, "histograms")
    return found[0, part].view(3, -1)


@pytest.mark.parametrize("kind", ["moments", "histograms"])
def test_there_are_as_many_numbers_as_said(kind: str) -> None:
    pictures, masks = torch.rand(2, 3, 256, 256), torch.rand(2, 1, 256, 256)
    assert kind in ("moments", "histograms")
    assert color_statistics(pictures, masks, kind).shape == (2, STATISTICS[kind])


def test_moments_are_means_and_deviations_of_the_three_parts() -> None:
    rgb, mask = torch.rand(1, 3, 128, 128), mask_of()
    found = color_statistics(rgb, mask, "moments").view(2, 3, 3)
    for index, part in enumerate((mask, ring_around(mask), 1 - mask)):
        pixels = rgb[0][:, part[0, 0] > 0]
        torch.testing.assert_close(found[0, index], pixels.mean(1), atol=1e-4, rtol=1e-4)
        deviation = pixels.std(1, correction=0)
        torch.testing.assert_close(found[1, index], deviation, atol=1e-3, rtol=1e-3)


@pytest.mark.parametrize(("part", "sums"), [(LIGHTNESS, 4), (CHANNELS, 12), (CHROMA, 4)])
def test_every_pixel_of_a_part_is_counted_once(part: slice, sums: float) -> None:
    if part == CHANNELS:
        found = color_statistics(torch.rand(1, 3, 128, 128), mask_of(), "histograms")[0, part]
        found = found.view(3, 3, -1).sum((0, 2))  # a channel, then the three parts
    else:
        found = histograms(torch.rand(1, 3, 128, 128), part).sum(1)
    torch.testing.assert_close(found, torch.full((3,), float(sums)), atol=0.02, rtol=0)


def test_a_darker_object_moves_its_own_lightness_alone() -> None:
    bright = histograms(painted((0.8,) * 3, (0.4,) * 3), LIGHTNESS)
    dark = histograms(painted((0.2,) * 3, (0.4,) * 3), LIGHTNESS)
    assert (int(bright[0].argmax()), int(dark[0].argmax())) == (12, 3)
    assert torch.equal(bright[1:], dark[1:])


def test_grey_of_any_lightness_has_no_chroma_and_a_cast_has() -> None:
    middle = 4 * 9 + 4
    for level in (0.0, 0.3, 1.0):
        chroma = histograms(painted((level,) * 3, (0.5,) * 3), CHROMA)
        assert chroma.argmax(1).tolist() == [middle] * 3
    warm = histograms(painted((0.9, 0.5, 0.3), (0.5,) * 3), CHROMA)
    red, blue = divmod(int(warm[0].argmax()), 9)
    assert red > 4 > blue


def test_an_exposure_moves_no_chroma() -> None:
    """The chroma of a coloured object stays in its bin when it is exposed by half."""
    before = histograms(painted((0.8, 0.5, 0.4), (0.5,) * 3), CHROMA)
    after = histograms(painted((0.4, 0.25, 0.2), (0.5,) * 3), CHROMA)
    assert int(before[0].argmax()) == int(after[0].argmax())


def test_the_pictures_size_does_not_matter() -> None:
    rgb = functional.interpolate(torch.rand(1, 3, 32, 32), (128, 128))
    large = functional.interpolate(rgb, (256, 256))
    small = color_statistics(rgb, mask_of(), "histograms")
    torch.testing.assert_close(color_statistics(large, mask_of(256), "histograms"), small)


def test_training_in_16_bits_sees_the_same_numbers() -> None:
    rgb, mask = torch.rand(1, 3, 128, 128), mask_of()
    with torch.autocast("cpu", torch.bfloat16):
        found = color_statistics(rgb, mask, "histograms")
    assert torch.equal(found, color_statistics(rgb, mask, "histograms"))
