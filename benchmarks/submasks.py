"""What submask extraction costs, beside row-blocked numpy on pixels and pydpc.

Run `python -m benchmarks.submasks --photos DIR` from the repository's root. All run in turn on
one thread; printed are processor milliseconds (the least of some runs, the median of some
photographs) at d_c 0.1, and how many times as long the others take as the CPU version. The
row-blocked labels are compared with ours on the way. Goals: 150 times the row-blocked numpy at
65k pixels, a change of d_c on the median foreground under 5 ms, 65,536 different colours under
300 ms. Without pydpc its figures of an earlier run on another machine are shown, marked *.

With `--device cuda` the torch version alone runs, on the GPU, beside the CPU version: labels
compared, time by the clock up to the end of the GPU's work.
"""

from __future__ import annotations

import argparse
import importlib
import os
import platform
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
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
from benchmarks.row_blocked import row_blocked_labels
from benchmarks.submasks_on_gpu import print_on_gpu
from engine.errors import BackendUnavailableError
from engine.submask import extract_submasks, prepare_colors, squared_limit

MEDIAN_AREA = 4_041
"""Pixels of the median foreground at 256 x 256 over 182 of several public sets."""

PYDPC_ELSEWHERE_MS = {2_000: 190.0, 10_000: 6_700.0}
_PYDPC_MOST_PIXELS = 12_000
_ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}


@dataclass(frozen=True, slots=True)
class Costs:
    """Processor milliseconds of one foreground; pydpc is None where it was not run."""

    pixels: int
    colors: int
    cpu: float
    cutoff_change: float
    torch: float | None
    rows: float
    pydpc: float | None


def main() -> None:
    """Measure in a process of its own, with one thread for every library."""
    arguments = _arguments()
    if any(os.environ.get(name) != value for name, value in _ONE_THREAD.items()):
        command = [sys.executable, "-m", "benchmarks.submasks", *sys.argv[1:]]
        # Ourselves again, with the arguments we were given.
        raise SystemExit(subprocess.call(command, env={**os.environ, **_ONE_THREAD}))  # noqa: S603
    if arguments.device == "cuda":
        print_on_gpu(arguments.photos, arguments.repeats)
        return
    print(f"{_processor()}, one thread, numpy {np.__version__}")
    _print_table(arguments.photos, arguments.repeats)
    _print_cutoff_changes(arguments.photos)
    _print_batches(arguments.photos)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure submask extraction.")
    parser.add_argument("--photos", type=Path, required=True, help="folder with coco_by2.tar")
    parser.add_argument("--repeats", type=int, default=3, help="photographs of each size")
    parser.add_argument("--device", choices=("cpu", "cuda"), default="cpu")
    return parser.parse_args()


def _print_table(photos: Path, repeats: int) -> None:
    foregrounds = masked_foregrounds(photos)
    print("    pixels  colours |   cpu ms  change | torch ms   times | numpy rows   times | pydpc")
    for area in AREAS:
        costs = [_costs(each) for each in nearest_in_area(foregrounds, area, repeats)]
        _print_row(costs, PYDPC_ELSEWHERE_MS.get(area))
    _print_row([_costs(each) for each in whole_photos(photos, repeats)], None)


def _costs(foreground: Foreground) -> Costs:
    rgb, mask = foreground.rgb, foreground.mask
    prepared = prepare_colors(rgb, mask)
    expected = extract_submasks(rgb, mask, CUTOFF).labels[mask]
    rows = _milliseconds(lambda: _check_rows(foreground, expected), 1)
    return Costs(
        pixels=foreground.area,
        colors=len(prepared.foreground.colors),
        cpu=_milliseconds(lambda: extract_submasks(rgb, mask, CUTOFF), 5),
        cutoff_change=_milliseconds(lambda: prepared.submasks(CUTOFF), 5),
        torch=_torch_milliseconds(foreground),
        rows=rows,
        pydpc=_pydpc_milliseconds(foreground),
    )


def _check_rows(foreground: Foreground, expected: np.ndarray) -> None:
    labels = row_blocked_labels(foreground.rgb, foreground.mask, squared_limit(CUTOFF))
    if not np.array_equal(labels, expected):
        raise SystemExit("Row-blocked numpy and the CPU version give different labels.")


def _torch_milliseconds(foreground: Foreground) -> float | None:
    rgb, mask = foreground.rgb, foreground.mask
    try:
        return _milliseconds(lambda: extract_submasks(rgb, mask, CUTOFF, "torch", "cpu"), 2)
    except BackendUnavailableError:
        return None


def _pydpc_milliseconds(foreground: Foreground) -> float | None:
    """Distances, densities and deltas of pydpc; it keeps N x N numbers, so not for many pixels."""
    if foreground.area > _PYDPC_MOST_PIXELS:
        return None
    try:
        cluster = importlib.import_module("pydpc").Cluster
    except ImportError:
        return None
    points = foreground.rgb[foreground.mask] / 255
    return _milliseconds(lambda: cluster(points, autoplot=False), 1)


def _print_row(costs: list[Costs], pydpc_elsewhere: float | None) -> None:
    cpu = median(cost.cpu for cost in costs)
    torch = [cost.torch for cost in costs if cost.torch is not None]
    pydpc = [cost.pydpc for cost in costs if cost.pydpc is not None]
    print(
        f"{median(cost.pixels for cost in costs):10,.0f} "
        f"{median(cost.colors for cost in costs):8,.0f} | {cpu:8.1f} "
        f"{median(cost.cutoff_change for cost in costs):7.1f} | {_beside(torch, cpu, 8)} | "
        f"{_beside([cost.rows for cost in costs], cpu, 10)} | {_beside(pydpc, cpu, 8)}"
        + (f" {pydpc_elsewhere:.0f}*" if pydpc_elsewhere and not pydpc else "")
    )


def _beside(milliseconds: list[float], cpu: float, width: int) -> str:
    if not milliseconds:
        return f"{'-':>{width}} {'-':>7}"
    return f"{median(milliseconds):{width},.0f} {median(milliseconds) / cpu:6.1f}x"


def _print_cutoff_changes(photos: Path) -> None:
    foregrounds = masked_foregrounds(photos)
    own_median = foregrounds[len(foregrounds) // 2].area
    for name, area in (("public sets", MEDIAN_AREA), ("these photographs", own_median)):
        chosen = nearest_in_area(foregrounds, area, 9)
        prepared = [prepare_colors(each.rgb, each.mask) for each in chosen]
        costs = [_milliseconds(lambda p=each: p.submasks(CUTOFF), 7) for each in prepared]
        print(
            f"a change of d_c, median foreground of {name} ({area:,} px): {median(costs):.1f} ms "
            f"(of 9: {min(costs):.1f} to {max(costs):.1f})"
        )


def _print_batches(photos: Path) -> None:
    """What the GPU's goals are set for (benchmarks.submasks_on_gpu)."""
    for name, foregrounds in (
        ("65,536 different colours", [all_different()]),
        (f"a batch of {BATCH} foregrounds", training_batch(photos)),
    ):
        cost = _milliseconds(
            lambda chosen=foregrounds: [extract_submasks(f.rgb, f.mask, CUTOFF) for f in chosen], 3
        )
        print(f"{name}: {cost:.0f} ms")


def _milliseconds(work: Callable[[], object], runs: int) -> float:
    """Processor time, the least of some runs: a busy machine adds to it, nothing takes away."""
    costs: list[float] = []
    for _ in range(runs):
        start = time.process_time()
        work()
        costs.append(1000 * (time.process_time() - start))
    return min(costs)


def _processor() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        for line in cpuinfo.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


if __name__ == "__main__":
    main()
