"""Whatever the mask: what it does not hold keeps every bit."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made_pictures import scene, with_alpha
from PIL import Image

from engine.document import masked_composite
from engine.pipeline import Settings, harmonize
from engine.runtime.backend import Backend


@pytest.mark.parametrize("bits", [8, 16])
@settings(
    max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    seed=st.integers(0, 10_000), coarseness=st.sampled_from([2, 5, 40]), strength=st.floats(0, 1)
)
def test_pixels_without_mask_or_alpha_never_change(
    backend: Backend, bits: int, seed: int, coarseness: int, strength: float
) -> None:
    rng = np.random.default_rng(seed)
    small = rng.integers(0, 256, (coarseness, coarseness), np.uint8)
    mask = np.asarray(Image.fromarray(small).resize((220, 160), Image.Resampling.BILINEAR))
    mask = np.where(mask < 100, 0, mask).astype(np.uint8)
    mask[0, 0], mask[-1, -1] = 0, 255
    alpha = rng.choice(np.array([0, 128, 255], np.uint8), (160, 220))
    alpha[0, 0] = alpha[-1, -1] = 255
    picture = with_alpha(scene(bits=bits, seed=seed, noise=3), alpha)
    result = harmonize(masked_composite(picture, mask), Settings(strength=strength), backend)
    kept = (mask == 0) | (alpha == 0)
    assert np.array_equal(result.picture.pixels[kept], picture.pixels[kept])
