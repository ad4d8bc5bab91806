"""What a click costs: 12 megapixels through the pipeline, without reading and writing files.

Run `python -m benchmarks.click --samples DIR` from the repository's root; needs torch. One
photograph, as many regions as asked for (found by granularity), each backend in turn in the same
run: onnxruntime (the default), torch, and the network as the paper draws it (literal_backend.py).
Printed are wall and processor seconds of the cheapest of some runs, its stages, the peak memory of
a process of its own, and processor seconds as a multiple of the first backend's, which a busy
machine disturbs least; then both networks alone.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from benchmarks.literal_backend import LiteralBackend
from engine.color.picture import Picture
from engine.document import Document, masked_composite
from engine.files import read_mask, read_picture
from engine.pipeline import Settings, find_regions, harmonize, look
from engine.runtime.backend import Backend, Plane, open_backend
from engine.runtime.weights import load_weights
from engine.submask import prepare_colors
from engine.view import VIEW_SIZE

PHOTO = "04_hands_garden"
BACKENDS = ("onnx", "torch", "literal")
_REPEATS = 3
_CUTOFFS = (0.1, 0.2, 0.05, 0.15, 0.3, 0.4, 0.02)
_MIN_AREAS = (100, 0, 300, 1000, 3000, 10_000)


@dataclass(frozen=True, slots=True)
class Cost:
    """The cheapest of some runs: wall and processor seconds, and wall seconds by stage."""

    wall_s: float
    cpu_s: float
    stages: dict[str, float]


def open_document(samples: Path) -> Document:
    """The photograph with its mask."""
    picture = read_picture(samples / f"{PHOTO}.jpg").picture
    return masked_composite(
        Picture(picture.pixels, None, picture.icc), read_mask(samples / f"{PHOTO}_mask.png")
    )


def settings_for(document: Document, count: int) -> Settings:
    """The settings that give this many regions; first by granularity, then by merging more."""
    view = look(document, Settings())
    colors = prepare_colors(view.rgb, view.inside)
    for min_area in _MIN_AREAS:
        for cutoff in _CUTOFFS:
            settings = Settings(cutoff, strength=1, min_area=min_area)
            if find_regions(colors, settings).submasks.count == count:
                return settings
    raise SystemExit(f"No setting gives {count} regions on {PHOTO}: ask for other --regions.")


def backend_named(name: str, threads: int) -> Backend:
    """One of BACKENDS."""
    if name == "literal":
        return LiteralBackend(load_weights())
    return open_backend("torch" if name == "torch" else "onnx", threads=threads)


def measure(runs: dict[str, Callable[[], Mapping[str, float]]]) -> dict[str, Cost]:
    """Each run's least cost; they take turns, so that all meet the same busy minutes."""
    costs: dict[str, list[Cost]] = {name: [] for name in runs}
    for _ in range(1 + _REPEATS):
        for name, run in runs.items():
            wall, cpu = time.perf_counter(), time.process_time()
            stages = run()
            costs[name].append(
                Cost(time.perf_counter() - wall, time.process_time() - cpu, dict(stages))
            )
    return {name: min(found[1:], key=lambda cost: cost.cpu_s) for name, found in costs.items()}


def click_of(
    document: Document, settings: Settings, backend: Backend
) -> Callable[[], Mapping[str, float]]:
    """A harmonize, to be measured."""
    return lambda: harmonize(document, settings, backend).timings


def coarse_of(backend: Backend, given: Plane, mask: Plane) -> Callable[[], Mapping[str, float]]:
    """Stage 1, to be measured."""
    return lambda: {"least": float(backend.base(given, mask).coarse.min())}


def refined_of(backend: Backend, given: Plane, mask: Plane) -> Callable[[], Mapping[str, float]]:
    """Stage 2 of one submask, to be measured."""
    shared = backend.base(given, mask).shared
    return lambda: {"least": float(backend.refine(given, mask, shared).min())}


def peak_megabytes(arguments: argparse.Namespace, name: str, count: int) -> float:
    """Peak memory of one click in a process of its own, the files' decoding included."""
    module = [sys.executable, "-m", "benchmarks.click", "--samples", str(arguments.samples)]
    asked = ["--peak", name, "--regions", str(count), "--threads", str(arguments.threads)]
    done = subprocess.run([*module, *asked], capture_output=True, text=True, check=True)  # noqa: S603 - our own module
    return float(done.stdout)


def print_peak(arguments: argparse.Namespace) -> None:
    """Do one click and print the process's own peak (of Linux; elsewhere that of resource)."""
    document = open_document(arguments.samples)
    settings = settings_for(document, arguments.regions[0])
    harmonize(document, settings, backend_named(arguments.peak, arguments.threads))
    status = Path("/proc/self/status")
    if status.is_file():
        fields = dict(line.split(":", 1) for line in status.read_text().splitlines())
        print(int(fields["VmHWM"].split()[0]) / 1000)
    else:
        import resource  # noqa: PLC0415 - not on Windows

        unit = 1e6 if sys.platform == "darwin" else 1e3
        print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit)


def print_clicks(arguments: argparse.Namespace, backends: dict[str, Backend]) -> None:
    """The table of whole clicks."""
    document = open_document(arguments.samples)
    megapixels = document.composite.width * document.composite.height / 1e6
    print(f"\n{PHOTO}, {megapixels:.1f} MP, {arguments.threads} threads; seconds")
    print("  K backend   wall   cpu  ratio    view  coarse submasks refined transfer  peak MB")
    for count in arguments.regions:
        settings = replace(settings_for(document, count), threads=arguments.threads)
        costs = measure({n: click_of(document, settings, b) for n, b in backends.items()})
        first = next(iter(costs.values()))
        for name, cost in costs.items():
            stages = " ".join(f"{seconds:7.3f}" for seconds in cost.stages.values())
            print(
                f"{count:3} {name:8} {cost.wall_s:5.2f} {cost.cpu_s:5.2f} "
                f"{cost.cpu_s / first.cpu_s:5.1f}x {stages} "
                f"{peak_megabytes(arguments, name, count):8.0f}"
            )


def print_networks(backends: dict[str, Backend]) -> None:
    """The table of both stages alone."""
    given = np.random.default_rng(0).random((3, VIEW_SIZE, VIEW_SIZE), np.float32)
    mask = np.ones((VIEW_SIZE, VIEW_SIZE), np.float32)
    coarse = measure({name: coarse_of(b, given, mask) for name, b in backends.items()})
    refined = measure({name: refined_of(b, given, mask) for name, b in backends.items()})
    print("\nNetworks alone; milliseconds")
    print("backend    coarse wall   cpu  ratio    one submask wall   cpu  ratio")
    for name in backends:
        print(f"{name:8} {_cells(coarse, name):>26} {_cells(refined, name):>31}")


def _cells(costs: dict[str, Cost], name: str) -> str:
    cost, first = costs[name], next(iter(costs.values()))
    return f"{1e3 * cost.wall_s:5.0f} {1e3 * cost.cpu_s:5.0f} {cost.cpu_s / first.cpu_s:5.1f}x"


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--samples", type=Path, required=True, metavar="DIR")
    parser.add_argument("--regions", type=int, nargs="+", default=[1, 4, 10], metavar="K")
    parser.add_argument("--backends", nargs="+", choices=BACKENDS, default=list(BACKENDS))
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--peak", choices=BACKENDS, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.peak:
        print_peak(arguments)
        return
    backends = {name: backend_named(name, arguments.threads) for name in arguments.backends}
    print_clicks(arguments, backends)
    print_networks(backends)


if __name__ == "__main__":
    main()
