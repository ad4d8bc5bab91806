"""A click stays small: the whole process, at the largest number of regions."""

from __future__ import annotations

import sys
from collections.abc import Callable

import pytest

MOST_BYTES = 500e6

CLICK = """
import numpy as np
from engine.color.picture import Picture
from engine.document import masked_composite
from engine.pipeline import Settings, harmonize
from engine.runtime.backend import open_backend

def ten_colors():
    pixels = np.zeros((256, 256, 3), np.uint8)
    corners = [(r, g, b) for r in (30, 220) for g in (30, 220) for b in (30, 220)]
    for index, color in enumerate(corners + [(128, 128, 128), (128, 30, 128)]):
        pixels[index * 20 + 20 : index * 20 + 40] = color
    return pixels

mask = np.zeros((256, 256), np.uint8)
mask[20:220, 20:220] = 255
document = masked_composite(Picture(ten_colors()), mask)
result = harmonize(document, Settings(), open_backend())
print(result.regions.submasks.count)
"""


@pytest.mark.full
def test_a_click_at_256_with_ten_regions_takes_under_500_megabytes(
    run_measured: Callable[..., tuple[str, int]],
) -> None:
    count, peak = run_measured(CLICK)
    assert int(count) == 10
    assert peak < MOST_BYTES


IDLE = """
from pathlib import Path
from engine.runtime.backend import open_backend
backend = open_backend()
fields = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
print(int(fields["VmRSS"].split()[0]) * 1024)
"""


@pytest.mark.full
@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_an_idle_backend_gives_back_what_loading_took(
    run_measured: Callable[..., tuple[str, int]],
) -> None:
    held, peak = run_measured(IDLE)
    assert int(held) < 250e6 < peak
