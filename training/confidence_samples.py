"""What calibration learns from: each composite's signs, and what every strength would do to it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from tqdm import tqdm

from engine.color.shrink import shrink_rgb
from engine.confidence import Signs, signs_of
from engine.document import masked_composite
from engine.errors import BadInputError
from engine.pipeline import (
    Settings,
    find_regions,
    fuse,
    harmonize_coarsely,
    look,
    refine,
)
from engine.runtime.backend import Backend
from engine.submask import prepare_colors
from training.iharmony import Triple
from training.iharmony_views import TriplePixels, read_triple

_INDEX = re.compile(r"-\d{4}$")
"""`heldout` numbers its composites behind the photograph's name."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One composite as the network sees it.

    photo: its photograph; before: the composite's fMSE in the view; gain, size: at strength s the
    fMSE is before - 2 s gain + s^2 size, as results lie on a line (rounding and clipping aside).
    """

    photo: str
    signs: Signs
    before: float
    gain: float
    size: float

    @property
    def improves(self) -> bool:
        """Whether the whole change makes the fMSE smaller."""
        return 2 * self.gain > self.size


def collect(triples: Sequence[Triple], backend: Backend) -> list[Sample]:
    """A sample of each triple. Raises BadInputError naming a composite that cannot be used."""
    return list(_samples(triples, backend))


def part_of(photo: str, parts: int, purpose: str) -> int:
    """Which of some parts a photograph belongs to, by its name: always all of its composites."""
    return int.from_bytes(hashlib.sha256(f"{purpose} {photo}".encode()).digest()[:4]) % parts


def photo_of(triple: Triple) -> str:
    """The photograph that a composite was made from."""
    return _INDEX.sub("", triple.name.rsplit("_", 2)[0])


def _samples(triples: Sequence[Triple], backend: Backend) -> Iterator[Sample]:
    for triple in tqdm(triples, unit="picture", mininterval=2):
        try:
            yield _sample(photo_of(triple), read_triple(triple), backend)
        except BadInputError as error:
            raise BadInputError(f"{triple.composite}: {error.sentence}") from error


def _sample(photo: str, pixels: TriplePixels, backend: Backend) -> Sample:
    document, settings = masked_composite(pixels.composite, pixels.mask), Settings()
    view = look(document, settings)
    real = shrink_rgb(pixels.real, view.window, document.space)
    coarse = harmonize_coarsely(view, backend)
    submasks = find_regions(prepare_colors(view.rgb, view.inside), settings).submasks
    fused = fuse(view, list(refine(view, coarse, submasks, backend)), submasks)
    change = 255 * fused[view.inside].astype(np.float64) - view.rgb[view.inside]
    wanted = real[view.inside].astype(np.float64) - view.rgb[view.inside]
    return Sample(
        photo,
        signs_of(view.rgb, view.inside, coarse.coarse),
        float(np.square(wanted).mean()),
        float((wanted * change).mean()),
        float(np.square(change).mean()),
    )
