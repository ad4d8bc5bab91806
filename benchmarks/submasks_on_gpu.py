"""`python -m benchmarks.submasks --device cuda`: torch on the GPU beside the CPU version."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median

import numpy as np

from benchmarks.foregrounds import (
    AREAS,
    CUTOFF,
    Foreground,
    masked_foregrounds,
    nearest_in_area,
    whole_photos,
)
from engine.submask import Submasks, extract_submasks

_RUNS = 5


def print_on_gpu(photos: Path, repeats: int) -> None:
    """A line for each size; ends in a sentence without a CUDA device, or when labels differ."""
    print(f"{_gpu_name()}, wall-clock ms, the least of {_RUNS} runs")
    print("    pixels |   cpu ms |  cuda ms   times")
    for chosen in _sizes(photos, repeats):
        costs = [_costs(each) for each in chosen]
        cpu, cuda = (median(column) for column in zip(*costs, strict=True))
        pixels = median(each.area for each in chosen)
        print(f"{pixels:10,.0f} | {cpu:8.1f} | {cuda:8.1f} {cuda / cpu:6.2f}x", flush=True)


def _gpu_name() -> str:
    try:
        import torch  # noqa: PLC0415 - optional, and seconds to load
    except ImportError:
        sys.exit("--device cuda needs torch, which is not installed: install the extra training.")
    if not torch.cuda.is_available():
        sys.exit("torch finds no CUDA device here: measure with --device cpu.")
    return torch.cuda.get_device_name()


def _sizes(photos: Path, repeats: int) -> Iterator[list[Foreground]]:
    foregrounds = masked_foregrounds(photos)
    for area in AREAS:
        yield nearest_in_area(foregrounds, area, repeats)
    yield whole_photos(photos, repeats)


def _costs(foreground: Foreground) -> tuple[float, float]:
    """Milliseconds on the CPU and on the GPU, after one run that warms it and is compared."""

    def on_cpu() -> Submasks:
        return extract_submasks(foreground.rgb, foreground.mask, CUTOFF)

    def on_gpu() -> Submasks:
        return extract_submasks(foreground.rgb, foreground.mask, CUTOFF, "torch", "cuda")

    if not np.array_equal(on_gpu().labels, on_cpu().labels):
        sys.exit("The GPU and the CPU version give different labels.")
    return _milliseconds(on_cpu), _milliseconds(on_gpu)


def _milliseconds(work: Callable[[], Submasks]) -> float:
    from torch import cuda  # noqa: PLC0415 - as above

    costs: list[float] = []
    for _ in range(_RUNS):
        cuda.synchronize()
        start = time.perf_counter()
        work()
        cuda.synchronize()
        costs.append(1000 * (time.perf_counter() - start))
    return min(costs)
