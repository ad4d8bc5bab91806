"""How well, and how fast, a change known at 256 px is carried to the picture's own size.

Run `python -m benchmarks.full_resolution --samples DIR` from the repository's root. Five
photographs, a known change (full_resolution_truth.py), the network's answer imitated. Printed:
PSNR in dB over the foreground | near borders between colour regions | near the mask's edge, then
CPU seconds and extra memory at 12 and 24 MP.

The default of fit_color_change is the best of these: radius 2 at every size (1 is 0.3 dB better
where regions differ, up to 1.3 dB worse at the mask's edge elsewhere), and the global map as the
guide only where it explains the view clearly better. Always guided on the map costs 0.4 to 15 dB
where the change is no single curve: what the local part has to bend back does harm among the
colours between the view's pixels.
"""

from __future__ import annotations

import argparse
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from benchmarks.full_resolution_truth import KINDS, Case, Kind, load_case
from engine.color.color_change import ColorChange, fit_color_change
from engine.color.picture import Picture
from engine.color.profiles import rgb_space
from engine.color.region_weight import fit_region_weight
from engine.color.transfer import Blend, apply_color_change
from engine.color.view_arrays import rgb_planes
from engine.view import VIEW_SIZE, whole

Result = TypeVar("Result")
Fit = Callable[[Case], ColorChange]

_REPEATS = 3
NO_MAP = np.zeros((3, 10), np.float32)
NO_LINES = np.zeros((3, VIEW_SIZE, VIEW_SIZE), np.float32)
PHOTOS = (
    "01_nuthatch.jpg",
    "02_park_displayp3.jpg",
    "04_hands_garden.jpg",
    "05_lantern_dark.jpg",
    "06_cake_36mp.jpg",
)


def fitted_map(case: Case) -> NDArray[np.float32]:
    """The global quadratic map that fits the view best, in place of the network's own."""
    r, g, b = np.moveaxis(case.view / 255, -1, 0).reshape(3, -1)
    monomials = np.stack([r**0, r, g, b, r * r, g * g, b * b, r * g, r * b, g * b])
    weight = case.view_mask.reshape(-1) ** 16
    change = case.harmonized.reshape(-1, 3) - case.view.reshape(-1, 3) / 255
    normal = (monomials * weight) @ monomials.T + 1e-3 * np.eye(10)
    return np.linalg.solve(normal, (monomials * weight) @ change).T.astype(np.float32)


def _residual(case: Case) -> ColorChange:
    target = np.ascontiguousarray(case.harmonized.transpose(2, 0, 1))
    return ColorChange(NO_MAP, NO_LINES, target - rgb_planes(case.view))


def _guided(radius: int) -> Fit:
    return lambda case: fit_color_change(case.view, case.harmonized, case.view_mask, NO_MAP, radius)


def _on_map(radius: int, map_must_leave: float) -> Fit:
    return lambda case: fit_color_change(
        case.view,
        case.harmonized,
        case.view_mask,
        fitted_map(case),
        radius,
        map_must_leave=map_must_leave,
    )


METHODS: dict[str, Fit] = {
    "no change": lambda _: ColorChange(NO_MAP, NO_LINES, NO_LINES),
    "upsampled residual": _residual,
    "global quadratic map alone": lambda case: ColorChange(fitted_map(case), NO_LINES, NO_LINES),
    "guided r=1": _guided(1),
    "guided r=2": _guided(2),
    "guided r=3": _guided(3),
    "guided r=2 always on the map": _on_map(2, np.inf),
    "ours: r=2, map if better": _on_map(2, 0.85),
}


def applied(case: Case, change: ColorChange) -> NDArray[np.uint8]:
    """The composite with the change at full size."""
    picture = Picture(case.composite)
    window = whole(picture.width, picture.height)
    result = apply_color_change(picture, window, change, Blend(case.mask), rgb_space(None))
    return result.pixels.astype(np.uint8, copy=False)


def psnr(result: NDArray[np.uint8], case: Case, where: NDArray[np.bool_]) -> float:
    """PSNR in dB over some pixels."""
    error = result[where].astype(np.float32) - case.truth[where]
    return float(10 * np.log10(255**2 / max(float(np.square(error).mean()), 1e-9)))


def print_quality(samples: Path, megapixels: float, kind: Kind) -> None:
    """One table: a row a method, means over the photographs."""
    rows: dict[str, list[tuple[float, ...]]] = {name: [] for name in METHODS}
    for seed, name in enumerate(PHOTOS):
        case = load_case(samples / name, megapixels, seed, kind)
        for method, fit in METHODS.items():
            result = applied(case, fit(case))
            places = case.mask >= 128, case.borders, case.edge
            rows[method].append(tuple(psnr(result, case, place) for place in places))
    print(f"\n{megapixels:g} MP, {kind.name}: foreground | region borders | mask's edge, dB")
    for method, scores in rows.items():
        print(f"  {method:32s}" + " | ".join(f"{mean:5.1f}" for mean in np.mean(scores, axis=0)))


def print_cost(picture: Picture) -> None:
    """CPU seconds of fit and transfer, best of three, and memory beyond input and output."""
    rng = np.random.default_rng(0)
    view = rng.integers(0, 256, (VIEW_SIZE, VIEW_SIZE, 3), np.uint8)
    answer = rng.random((VIEW_SIZE, VIEW_SIZE, 3), np.float32)
    everywhere = np.ones((VIEW_SIZE, VIEW_SIZE), np.float32)
    color_map = rng.normal(0, 0.02, (3, 10)).astype(np.float32)
    change, fit_s = _timed(lambda: fit_color_change(view, answer, everywhere, color_map))
    change = ColorChange(color_map, change.gain, change.offset)
    strengths = (view[..., 0] > 100).astype(np.float32)
    regions, regions_s = _timed(lambda: fit_region_weight(view, strengths, everywhere))
    mask = np.full((picture.height, picture.width), 255, np.uint8)
    for name, blend in (("", Blend(mask)), (", regions differ", Blend(mask, regions=regions))):

        def transfer(blend: Blend = blend) -> Picture:
            window = whole(picture.width, picture.height)
            return apply_color_change(
                picture, window, change, blend, rgb_space(None), out=picture.pixels
            )

        _, transfer_s = _timed(transfer)
        tracemalloc.start()
        transfer()
        extra = tracemalloc.get_traced_memory()[1] / 1e6
        tracemalloc.stop()
        title = f"{mask.size / 1e6:.0f} MP {picture.pixels.dtype}{name}"
        print(f"  {title:32s}{transfer_s:.3f} CPU-s, {extra:.0f} MB beyond input and output")
    print(f"  fit {fit_s:.3f} CPU-s, region strengths {regions_s:.3f} CPU-s")


def _timed(call: Callable[[], Result]) -> tuple[Result, float]:
    times: list[float] = []
    while True:
        began = time.process_time()
        result = call()
        times.append(time.process_time() - began)
        if len(times) == _REPEATS:
            return result, min(times)


def main() -> None:
    """Print the quality tables and the cost."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--samples", type=Path, required=True, help="folder of photographs")
    parser.add_argument("--megapixels", type=float, nargs="+", default=[1.5, 12])
    arguments = parser.parse_args()
    for megapixels in arguments.megapixels:
        for kind in KINDS:
            print_quality(arguments.samples, megapixels, kind)
    print("\ncost, whole picture masked, two workers")
    print_cost(Picture(np.full((3000, 4000, 3), 90, np.uint8)))
    print_cost(Picture(np.full((4243, 5657, 3), 90, np.uint8)))
    print_cost(Picture(np.full((3000, 4000, 3), 23000, np.uint16)))


if __name__ == "__main__":
    main()
