"""Makes held-out composites: whose object is changed, by what, and how far."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

from training.batches import source_weights
from training.foregrounds import RATIO_CLASSES, ForegroundConfig, draw_mask
from training.heldout_families import FAMILIES, TRANSFERS, Colors
from training.photos import Photo, PhotoStore
from training.synthesis import SynthesisConfig, synthesize

RECIPE, MIXED, NEAR = "recipe", "mixed", "near-harmonious"

_FAMILY_SHARES = {"film": 0.5, "distribution": 0.25, "histogram": 0.25}
_OBJECTS = ForegroundConfig(objects=1.0, color_regions=0.0)
_NO_OBJECTS = ForegroundConfig(objects=0.0, color_regions=0.625)
_ATTEMPTS = 12
_OBJECT_SHARE = 0.6
_RATIO_SHARES = (0.45, 0.28, 0.27)
"""As iHarmony4's test pictures."""


@dataclass(frozen=True, slots=True)
class ChangeSizes:
    """How far composites are from their truths: ln-normal fMSE as iHarmony4's, on 0..255.

    The mean lies above iHarmony4's 6.82, because changes that clip are made smaller.
    """

    ln_mean: float = 7.2
    ln_deviation: float = 1.05
    limits: tuple[float, float] = (60.0, 8000.0)
    near_share: float = 0.10
    near_limits: tuple[float, float] = (2.0, 120.0)
    largest_scale: float = 3.0
    largest_transfer_scale: float = 1.5
    clipped_share: float = 0.10


SIZES = ChangeSizes()


@dataclass(frozen=True, slots=True, eq=False)
class Subject:
    """A photograph (H, W, 3) uint8 with the foreground (H, W) bool that is to change."""

    stem: str
    pixels: NDArray[np.uint8]
    inside: NDArray[np.bool_]
    is_object: bool


@dataclass(frozen=True, slots=True, eq=False)
class Made:
    """A composite of a subject and its truth, both (H, W, 3) uint8."""

    kind: str
    method: str
    composite: NDArray[np.uint8]
    real: NDArray[np.uint8]


def draw_subjects(store: PhotoStore, count: int, seed: int) -> Iterator[tuple[Subject, Subject]]:
    """Subjects, each with the one before it, of another photograph, whose colours it may take."""
    # Training's weights, evened out: a small split must not show the same few pictures again.
    weights = source_weights(store, share_alike=True) ** 0.25
    has_masks = np.array([entry.masks > 0 for entry in store.entries])
    before = _draw_subject(store, weights, has_masks, np.random.default_rng((seed, 2)))
    for index in range(count):
        rng = np.random.default_rng((seed, 0, index))
        subject = _draw_subject(store, weights, has_masks, rng)
        while subject.stem == before.stem and len(store) > 1:
            subject = _draw_subject(store, weights, has_masks, rng)
        yield subject, before
        before = subject


def make(subject: Subject, other: Subject, family: str, rng: np.random.Generator) -> Made:
    """Change a subject's foreground by a family; MIXED draws one, RECIPE is the training's own."""
    if family == RECIPE:
        return _by_recipe(subject, other, rng)
    names = list(_FAMILY_SHARES)
    method = str(rng.choice(names, p=list(_FAMILY_SHARES.values()))) if family == MIXED else family
    colors = subject.pixels[subject.inside] / 255
    palette = other.pixels[other.inside] / 255
    change = FAMILIES[method](colors, palette, rng) - colors
    target, is_near = draw_target(SIZES, rng)
    largest = SIZES.largest_transfer_scale if method in TRANSFERS else SIZES.largest_scale
    sized = size_change(colors, change, target, largest)
    composite = subject.pixels.copy()
    composite[subject.inside] = np.rint(np.clip(colors + sized, 0, 1) * 255)
    # A change that could not be made large enough belongs there too.
    actual = foreground_mse(composite, subject.pixels, subject.inside)
    kind = NEAR if is_near or actual < SIZES.limits[0] else method
    return Made(kind, method, composite, subject.pixels)


def draw_target(sizes: ChangeSizes, rng: np.random.Generator) -> tuple[float, bool]:
    """The fMSE to aim at, and whether it is to be nearly harmonious."""
    if rng.random() < sizes.near_share:
        return float(rng.uniform(*sizes.near_limits)), True
    return float(
        np.clip(np.exp(rng.normal(sizes.ln_mean, sizes.ln_deviation)), *sizes.limits)
    ), False


def size_change(colors: Colors, change: Colors, target: float, largest: float) -> Colors:
    """Scale (N, 3) changes to a mean square after clipping; made smaller while too much clips."""
    for limit in (largest, 1.2):
        actual = np.square(np.clip(colors + change, 0, 1) - colors).mean() * 255**2
        change = change * min((target / max(actual, 1e-3)) ** 0.5, limit)
    while _clipping(colors + change) > SIZES.clipped_share:
        change = change * 0.7
    return change


def _clipping(colors: Colors) -> float:
    """The share of colours that clip; those of a photograph are within, so shrinking ends it."""
    return float(((colors < -0.004) | (colors > 1.004)).any(axis=1).mean())


def foreground_mse(
    composite: NDArray[np.uint8], real: NDArray[np.uint8], inside: NDArray[np.bool_]
) -> float:
    """Mean squared error over the foreground on 0..255."""
    return float(np.square(composite[inside].astype(np.float64) - real[inside]).mean())


def _draw_subject(
    store: PhotoStore,
    weights: NDArray[np.float64],
    has_masks: NDArray[np.bool_],
    rng: np.random.Generator,
) -> Subject:
    """A photograph and a foreground of a drawn class of ratio, if that comes up early."""
    wanted_low, wanted_high = RATIO_CLASSES[rng.choice(3, p=_RATIO_SHARES)]
    is_object = bool(rng.random() < _OBJECT_SHARE and has_masks.any())
    chances = np.where(has_masks, weights, 0) if is_object else weights
    config = _OBJECTS if is_object else _NO_OBJECTS
    usable: Subject | None = None
    attempt = 0
    while usable is None or attempt < _ATTEMPTS:
        attempt += 1
        photo = store[int(rng.choice(len(store), p=chances / chances.sum()))]
        subject = _subject(photo, draw_mask(photo, config, rng), is_object=is_object)
        ratio = float(subject.inside.mean())
        if wanted_low <= ratio <= wanted_high:
            return subject
        if RATIO_CLASSES[0][0] <= ratio <= RATIO_CLASSES[-1][1]:
            usable = subject
    return usable


def _subject(photo: Photo, inside: NDArray[np.bool_], *, is_object: bool) -> Subject:
    return Subject(photo.entry.stem, np.asarray(photo.pixels), inside, is_object)


def _by_recipe(subject: Subject, other: Subject, rng: np.random.Generator) -> Made:
    """The recipe takes colours from the batch's other picture: here the subject before."""
    height, width = subject.inside.shape
    second = Image.fromarray(np.ascontiguousarray(other.pixels)).resize((width, height))
    second_inside = Image.fromarray(other.inside).resize((width, height))
    photos = np.stack([subject.pixels, np.asarray(second)]).astype(np.float32) / 255
    masks = np.stack([subject.inside, np.asarray(second_inside)]).astype(np.float32)
    draws = torch.Generator().manual_seed(int(rng.integers(2**62)))
    composite, real = synthesize(
        torch.tensor(photos).permute(0, 3, 1, 2),
        torch.tensor(masks)[:, None],
        SynthesisConfig(),
        draws,
    )
    return Made(RECIPE, RECIPE, _first(composite), _first(real))


def _first(pictures: Tensor) -> NDArray[np.uint8]:
    """The first of (B, 3, H, W) in [0, 1] as (H, W, 3) uint8."""
    return (pictures[0].permute(1, 2, 0) * 255).round().byte().numpy()
