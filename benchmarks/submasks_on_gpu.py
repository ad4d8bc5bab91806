"""`python -m benchmarks.submasks --device cuda`: torch on the GPU beside the CPU version.

Last 65,536 different colours, and a batch of 128 foregrounds, whose tensors lie on the GPU before
and after, as in training: Triton's kernels beside tiles in torch. Goals: 5 ms and 10 ms.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median

import numpy as np

from benchmarks.foregrounds import (
    AREAS,
    BATCH,
    CUTOFF,
    Foreground,
    all_different,
    masked_foregrounds,
    nearest_in_area,
    training_batch,
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
    print("on the GPU from start to end | kernels ms | tiles ms   times")
    _print_batch("65,536 different colours", [all_different()])
    _print_batch(f"batch of {BATCH} foregrounds", training_batch(photos))


def _print_batch(name: str, foregrounds: list[Foreground]) -> None:
    """Both ways of one batch; ends in a sentence when the first and last labels differ."""
    import torch  # noqa: PLC0415 - as below

    from engine.submask.batched import extract_submask_batch  # noqa: PLC0415 - as below

    rgb = torch.tensor(np.stack([each.rgb for each in foregrounds]), device="cuda")
    mask = torch.tensor(np.stack([each.mask for each in foregrounds]), device="cuda")

    def labels(*, fused: bool) -> torch.Tensor:
        return extract_submask_batch(rgb, mask, CUTOFF, fused=fused).labels

    for index in (0, -1):
        expected = extract_submasks(foregrounds[index].rgb, foregrounds[index].mask, CUTOFF)
        for fused in (True, False):
            if not np.array_equal(labels(fused=fused)[index].cpu(), expected.labels):
                sys.exit("The GPU and the CPU version give different labels.")
    kernels, tiles = (_milliseconds(lambda f=f: labels(fused=f)) for f in (True, False))
    print(f"{name:28} | {kernels:10.1f} | {tiles:8.1f} {tiles / kernels:6.1f}x", flush=True)


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


def _milliseconds(work: Callable[[], object]) -> float:
    from torch import cuda  # noqa: PLC0415 - as above

    costs: list[float] = []
    for _ in range(_RUNS):
        cuda.synchronize()
        start = time.perf_counter()
        work()
        cuda.synchronize()
        costs.append(1000 * (time.perf_counter() - start))
    return min(costs)
