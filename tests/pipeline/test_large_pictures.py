"""Memory at 12 and 24 megapixels: the whole process, the largest it ever was."""

from __future__ import annotations

from collections.abc import Callable

import pytest

RUN = """
import sys
import numpy as np
from engine.color.picture import Picture
from engine.document import masked_composite, placed_layer
from engine.pipeline import PAPER_SETTINGS, Settings, harmonize
from engine.runtime.backend import open_backend

height, width, source = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
rows = np.arange(height, dtype=np.int64)[:, None]
pixels = np.empty((height, width, 3), np.uint8)
for channel in range(3):
    pixels[:, :, channel] = (rows // 16 * (channel + 1)).astype(np.uint8)
picture = Picture(pixels)
box = slice(height // 4, 3 * height // 4), slice(width // 4, 3 * width // 4)
if source == "mask":
    mask = np.zeros((height, width), np.uint8)
    mask[box] = 255
    document = masked_composite(picture, mask)
else:
    layer = Picture(np.full((1000, 1000, 3), 90, np.uint8))
    document = placed_layer(picture, layer, (500, 500), overwrite=True)
del picture, pixels
harmonize(document, Settings(), open_backend(threads=1), overwrite=True)
"""


@pytest.mark.full
@pytest.mark.parametrize("source", ["mask", "layer"])
def test_24_megapixels_take_at_most_one_decoded_picture_more_than_12(
    source: str, run_measured: Callable[..., tuple[str, int]]
) -> None:
    _, small = run_measured(RUN, 3000, 4000, source)
    _, large = run_measured(RUN, 4000, 6000, source)
    decoded = 4000 * 6000 * 3
    assert large > small  # else something other than pictures decides the peak
    assert large <= small + decoded
