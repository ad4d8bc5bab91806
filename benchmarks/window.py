"""Whether a window with context beats the whole picture squeezed into the network's view.

Run `python -m benchmarks.window --samples DIR [--data DIR] [--context 2 2.5 3 4]` from the
repository's root. The object of a large photograph is changed in place by an exposure and a white
balance in linear light, so that the truth is known; --data adds a set in iHarmony4's layout.
Printed is the mean squared error over the object at full size (fMSE, 0 to 255) of the composite,
of windows with each context, and of the whole picture; below, those errors over the composite's
and in how many pictures a window does better than the whole, over the pictures that have a window.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.color.depth import to_8_bit
from engine.color.picture import Picture, Pixels
from engine.color.tone_curve import SRGB_CURVE
from engine.document import masked_composite
from engine.files import read_mask, read_picture
from engine.pipeline import Settings, harmonize, look
from engine.runtime.backend import Backend, open_backend
from engine.view import CONTEXT, whole
from training.iharmony import load_triples
from training.iharmony_views import read_triple

PHOTOS = ("01_nuthatch", "02_park_displayp3", "06_cake_36mp")
_EXPOSURE, _WARMTH, _TINT = (0.3, 0.9), 0.2, 0.08
"""Of the logarithms of exposure, darker or lighter by so much, and the deviations of those of red
against blue and of green, in linear light."""


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """A composite with its mask and its truth; truth: (H, W, 3) of the composite's depth."""

    name: str
    composite: Picture
    mask: Pixels
    truth: Pixels


@dataclass(frozen=True, slots=True)
class Row:
    """fMSE of one case: of the composite, of a window with each context, of the whole picture.

    windows: None where the window would be the whole picture.
    """

    name: str
    composite: float
    windows: tuple[float | None, ...]
    whole: float


def sample_cases(folder: Path, seeds: int) -> Iterator[Case]:
    """Some changes of each photograph's object, always the same."""
    for name in PHOTOS:
        picture = read_picture(folder / f"{name}.jpg").picture
        mask = read_mask(folder / f"{name}_mask.png")
        for seed in range(seeds):
            pixels = recolored(picture, mask, np.random.default_rng(seed))
            composite = Picture(pixels, None, picture.icc)
            yield Case(f"{name} {seed}", composite, mask, picture.pixels)


def recolored(picture: Picture, mask: Pixels, rng: np.random.Generator) -> NDArray[np.uint8]:
    """The picture with its object's light multiplied, channel by channel."""
    exposure = rng.choice((-1, 1)) * rng.uniform(*_EXPOSURE)
    warmth, tint = rng.normal(0, (_WARMTH, _TINT))
    gains = np.exp(exposure + np.array([warmth, tint, -warmth]))
    levels = np.arange(256) / 255
    tables = [
        np.rint(SRGB_CURVE.encode((SRGB_CURVE.decode(levels) * g).clip(0, 1)) * 255) for g in gains
    ]
    changed = to_8_bit(picture.pixels).copy()
    rows, columns = (np.flatnonzero(mask.max(axis=axis)) for axis in (1, 0))
    box = slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)
    share = mask[box] / np.float32(np.iinfo(mask.dtype).max)
    for channel, table in enumerate(tables):
        plane = changed[..., channel][box]
        moved = table.astype(np.float32)[plane]
        plane[...] = np.rint(plane + share * (moved - plane))
    return changed


def data_cases(root: Path) -> Iterator[Case]:
    """The triples of a set in iHarmony4's layout."""
    for triple in load_triples(root):
        pixels = read_triple(triple)
        yield Case(triple.name, pixels.composite, pixels.mask, pixels.real)


def score(case: Case, contexts: list[float], backend: Backend) -> Row:
    """Harmonize one case in every way."""
    document = masked_composite(case.composite, case.mask)
    everything = whole(case.composite.width, case.composite.height)

    def error(settings: Settings) -> float | None:
        window = look(document, settings).window
        if window == everything and not settings.whole_picture:
            return None
        return fmse(case, harmonize(document, settings, backend).picture.pixels)

    return Row(
        case.name,
        fmse(case, case.composite.pixels),
        tuple(error(Settings(context=context, strength=1)) for context in contexts),
        error(Settings(whole_picture=True, strength=1)) or 0.0,
    )


def fmse(case: Case, pixels: Pixels) -> float:
    """Mean squared error over the object and the channels, on 0 to 255."""
    inside = case.mask >= np.iinfo(case.mask.dtype).max // 2 + 1
    scale = np.float32(255 / np.iinfo(pixels.dtype).max)
    difference = pixels[inside] * scale - to_8_bit(case.truth)[inside]
    return float(np.square(difference).mean())


def print_row(row: Row) -> None:
    """One line of the table."""
    windows = " ".join(f"{'whole' if e is None else f'{e:.1f}':>9}" for e in row.windows)
    print(f"{row.name:24} {row.composite:9.1f} {windows} {row.whole:9.1f}", flush=True)


def print_summary(rows: list[Row], contexts: list[float]) -> None:
    """A line for each context: windows beside the whole, over the pictures that have a window."""
    print("\nError over the composite's, mean of ratios | ratio of sums; window better in")
    for index, context in enumerate(contexts):
        pairs = [(row, error) for row in rows if (error := row.windows[index]) is not None]
        if not pairs:
            print(f"x{context:<4g} no picture has a window")
            continue
        window = ratios([(error, row.composite) for row, error in pairs])
        squeezed = ratios([(row.whole, row.composite) for row, _ in pairs])
        better = np.mean([error < row.whole for row, error in pairs])
        print(
            f"x{context:<4g} {len(pairs):3} pictures: "
            f"window {window}, whole {squeezed}; {better:.0%}"
        )


def ratios(pairs: list[tuple[float, float]]) -> str:
    """Mean of ratios and ratio of sums, of (result's, composite's) errors."""
    results, composites = np.array(pairs).T
    mean = float((results / composites.clip(1)).mean())
    return f"{mean:.3f} | {float(results.sum() / composites.sum()):.3f}"


def main() -> None:
    """Print the table, picture by picture, and its summary."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--samples", type=Path, metavar="DIR")
    parser.add_argument("--data", type=Path, metavar="DIR", help="a set in iHarmony4's layout")
    parser.add_argument("--context", type=float, nargs="+", default=[CONTEXT], metavar="FACTOR")
    parser.add_argument("--seeds", type=int, default=6, help="changes of each sample")
    arguments = parser.parse_args()
    backend, contexts = open_backend(), sorted(arguments.context)
    windows = " ".join(f"{f'x{context:g}':>9}" for context in contexts)
    for folder, cases in ((arguments.samples, None), (arguments.data, data_cases)):
        if folder is None:
            continue
        print(f"\n{'fMSE':24} composite {windows}     whole")
        rows: list[Row] = []
        for case in sample_cases(folder, arguments.seeds) if cases is None else cases(folder):
            rows.append(score(case, contexts, backend))
            print_row(rows[-1])
        print_summary(rows, contexts)


if __name__ == "__main__":
    main()
