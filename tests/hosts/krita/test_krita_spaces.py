"""Which pixels of Krita go to the engine as they are, and how the profile is told."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import ImageCms

from engine.color.profiles import rgb_space
from frih_plugin.hosts.krita.blend_modes import open_raster_name
from frih_plugin.hosts.krita.linear_srgb import linear_srgb_profile
from frih_plugin.hosts.krita.spaces import LINEAR_SRGB, SRGB, KritaDepth, Space


@pytest.mark.parametrize("depth", ["U8", "U16", "F16", "F32"])
@pytest.mark.parametrize("profile", [SRGB, LINEAR_SRGB])
def test_srgb_goes_as_it_is(depth: KritaDepth, profile: str) -> None:
    space = Space("RGBA", depth, profile)
    assert space.on_wire == space
    pixels = space.pixels(1, 1, bytearray(space.pixel_bytes))
    assert pixels.depth == depth.lower()
    assert pixels.order == ("bgra" if depth in ("U8", "U16") else "rgba")
    assert (pixels.icc is None) == (profile == SRGB)


@pytest.mark.parametrize(
    ("space", "depth"),
    [
        (Space("CMYKA", "U8", "Chemical proof"), "F16"),
        (Space("LABA", "U16", "Lab identity built-in"), "F32"),
        (Space("GRAYA", "F32", "Gray-D50-elle-V2-g10.icc"), "F32"),
        (Space("RGBA", "U16", "Rec2020-elle-V4-g10.icc"), "F32"),
    ],
)
def test_the_rest_goes_as_linear_floats(space: Space, depth: str) -> None:
    assert space.on_wire == Space("RGBA", depth, LINEAR_SRGB)  # pyright: ignore[reportArgumentType]


def test_the_profile_is_linear_srgb_for_everybody() -> None:
    icc = linear_srgb_profile()
    other_reader = ImageCms.ImageCmsProfile(io.BytesIO(icc))
    assert ImageCms.getProfileDescription(other_reader).strip() == "Linear sRGB"
    space = rgb_space(icc)
    assert space.note is None
    half = space.to_srgb(np.array([[0.5, 0.5, 0.5], [2.0, 0.0, 0.0]]))
    assert half[0] == pytest.approx([0.7354] * 3, abs=1e-3)
    assert half[1, 0] > 1.3


def test_unknown_blend_modes_are_told_apart() -> None:
    assert open_raster_name("normal") == "svg:src-over"
    assert open_raster_name("grain_merge") is None
