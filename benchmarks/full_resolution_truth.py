"""Known colour changes for full_resolution.py: the truth at full size, the network's view of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from engine.color.profiles import rgb_space
from engine.color.shrink import shrink_mask, shrink_rgb
from engine.view import VIEW_SIZE, whole

REGIONS = 4
_NOISE = 0.006
_BLUR_VIEW_PX = 0.8
_SOFTNESS = 800.0


@dataclass(frozen=True, slots=True)
class Kind:
    """What changes: colours per region (4), for all (1) or not (0); how much light; noise."""

    name: str
    regions: int
    relighting: float
    noise: bool


KINDS = (
    Kind("regions, relighting, noise", 4, 0.25, noise=True),
    Kind("one change, a little relighting, noise", 1, 0.08, noise=True),
    Kind("relighting only, no noise", 0, 0.25, noise=False),
    Kind("one curve for all, no noise", 1, 0.0, noise=False),
)


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """A photograph with a change that is known at every pixel.

    composite: (H, W, 3) uint8; mask: (H, W) uint8 soft; truth: (H, W, 3) uint8, the composite plus
    mask x change; view, view_mask: what the network sees, (256, 256, 3) uint8 and (256, 256)
    float32; harmonized: (256, 256, 3) float32, what it answers; borders, edge: (H, W) bool, the
    pixels near a border between regions and near the mask's edge.
    """

    composite: NDArray[np.uint8]
    mask: NDArray[np.uint8]
    truth: NDArray[np.uint8]
    view: NDArray[np.uint8]
    view_mask: NDArray[np.float32]
    harmonized: NDArray[np.float32]
    borders: NDArray[np.bool_]
    edge: NDArray[np.bool_]


def load_case(photo: Path, megapixels: float, seed: int, kind: Kind) -> Case:
    """Read a photograph, reduce it, lay a mask of 40 % on it and change the colours inside."""
    with Image.open(photo) as opened:
        scale = min(1.0, (megapixels * 1e6 / (opened.width * opened.height)) ** 0.5)
        size = round(opened.width * scale), round(opened.height * scale)
        composite = np.asarray(opened.convert("RGB").resize(size, Image.Resampling.BOX))
    rng = np.random.default_rng(seed)
    return _make_case(composite, _blob(composite.shape[:2], rng), rng, kind)


def _make_case(
    composite: NDArray[np.uint8], mask: NDArray[np.uint8], rng: np.random.Generator, kind: Kind
) -> Case:
    shares = _color_regions(composite, mask, rng)
    truth = _unit(composite)
    truth += _unit(mask)[..., None] * (_changed(composite, shares, rng, kind) - truth)
    window = whole(mask.shape[1], mask.shape[0])
    view = shrink_rgb(composite, window, rgb_space(None))
    view_mask = shrink_mask(mask, window)
    harmonized = np.stack([_shrunk(truth[..., channel]) for channel in range(3)], axis=-1)
    if kind.noise:
        harmonized = _as_a_network_would(harmonized, view, rng)
    return Case(
        composite,
        mask,
        np.rint(truth * 255).astype(np.uint8),
        view,
        view_mask,
        np.where(view_mask[..., None] >= 0.5, harmonized, _unit(view)),
        _near_borders(shares.argmax(axis=0).astype(np.uint8)) & (mask >= 128),
        _near_edge(view_mask, mask.shape) & (mask > 0),
    )


def _unit(pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
    return pixels.astype(np.float32) / np.float32(255)


def _blob(shape: tuple[int, ...], rng: np.random.Generator) -> NDArray[np.uint8]:
    """Rounded shapes over 40 % of the picture, their edges about 1.5 view pixels soft."""
    noise = blurred(rng.normal(0, 1, (64, 64)).astype(np.float32), 8)
    enlarged = np.asarray(Image.fromarray(noise).resize((shape[1], shape[0])))
    level = np.quantile(enlarged, 0.6)
    slope = np.abs(np.gradient(noise)).mean() * 64 / VIEW_SIZE
    return np.rint(255 * np.clip((enlarged - level) / (1.5 * slope) + 0.5, 0, 1)).astype(np.uint8)


def _color_regions(
    composite: NDArray[np.uint8], mask: NDArray[np.uint8], rng: np.random.Generator
) -> NDArray[np.float32]:
    """Four colour regions by k-means: (4, H, W), each pixel's share in each, soft between two."""
    inside = composite[mask >= 128].astype(np.float32)
    sample = inside[rng.integers(0, len(inside), 4000)]
    centers = sample[:REGIONS]
    for _ in range(12):
        nearest = ((sample[:, None] - centers) ** 2).sum(axis=-1).argmin(axis=1)
        means = [sample[nearest == k] for k in range(REGIONS)]
        centers = np.stack(
            [m.mean(axis=0) if len(m) else c for m, c in zip(means, centers, strict=True)]
        )
    smooth = np.asarray(Image.fromarray(composite).filter(ImageFilter.GaussianBlur(1)))
    shares = np.empty((REGIONS, *mask.shape), np.float32)
    for index, center in enumerate(centers):
        shares[index] = np.exp(-np.square(smooth - center).sum(axis=-1) / _SOFTNESS)
    return shares / (shares.sum(axis=0) + np.float32(1e-12))


def _changed(
    composite: NDArray[np.uint8], shares: NDArray[np.float32], rng: np.random.Generator, kind: Kind
) -> NDArray[np.float32]:
    """Gain, gamma and temperature per region or for all, then a smooth relighting."""
    rgb = _unit(composite)
    changed = rgb if kind.regions == 0 else np.zeros_like(rgb)
    for region in range(kind.regions):
        warm = rng.normal(0, 0.08)
        gain = np.exp(rng.normal(0, 0.15) + warm * np.array([1, 0, -1], np.float32))
        share = shares[region][..., None] if kind.regions > 1 else np.float32(1)
        changed += share * gain.astype(np.float32) * rgb ** np.float32(np.exp(rng.normal(0, 0.2)))
    changed *= _light(composite.shape[:2], rng, kind.relighting)[..., None]
    return np.clip(changed, 0, 1, out=changed)


def _light(shape: tuple[int, ...], rng: np.random.Generator, amount: float) -> NDArray[np.float32]:
    y = np.linspace(0, np.pi, shape[0], dtype=np.float32)[:, None]
    x = np.linspace(0, np.pi, shape[1], dtype=np.float32)[None]
    a, b = rng.uniform(0.6, 2.0, 2).astype(np.float32)
    c, d = rng.uniform(0, 6, 2).astype(np.float32)
    waves: NDArray[np.float32] = np.sin(a * x + c) * np.cos(b * y + d)
    return waves * np.float32(amount) + np.float32(1)


def _shrunk(plane: NDArray[np.float32]) -> NDArray[np.float32]:
    image = Image.fromarray(np.ascontiguousarray(plane))
    return np.asarray(image.resize((VIEW_SIZE, VIEW_SIZE), Image.Resampling.BICUBIC))


def _as_a_network_would(
    harmonized: NDArray[np.float32],
    view: NDArray[np.uint8],
    rng: np.random.Generator,
) -> NDArray[np.float32]:
    """Blur the change, add white and as much smooth noise."""
    composite = _unit(view)
    change = np.stack(
        [blurred(plane, _BLUR_VIEW_PX) for plane in np.moveaxis(harmonized - composite, -1, 0)],
        axis=-1,
    )
    white, grain = rng.normal(0, 1, (2, *view.shape)).astype(np.float32)
    smooth = np.stack([blurred(plane, 4) for plane in np.moveaxis(grain, -1, 0)], axis=-1)
    change += np.float32(_NOISE) * (white + smooth / smooth.std())
    return np.clip(composite + change, 0, 1)


def blurred(plane: NDArray[np.float32], sigma: float) -> NDArray[np.float32]:
    """Gaussian blur of a float plane, the border reflected."""
    reach = int(np.ceil(3 * sigma))
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / sigma) ** 2)
    kernel /= kernel.sum()
    for axis in (0, 1):
        padding = [(reach, reach) if side == axis else (0, 0) for side in (0, 1)]
        padded = np.pad(plane, padding, mode="reflect")
        plane = np.zeros_like(plane)
        for start, share in enumerate(kernel.astype(np.float32)):
            plane += share * padded.take(range(start, start + plane.shape[axis]), axis)
    return plane


def _near_borders(labels: NDArray[np.uint8]) -> NDArray[np.bool_]:
    size = VIEW_SIZE, VIEW_SIZE
    small = np.asarray(Image.fromarray(labels).resize(size, Image.Resampling.NEAREST))
    mixed = _differs_nearby(small)
    return _enlarge(mixed, labels.shape)


def _near_edge(view_mask: NDArray[np.float32], shape: tuple[int, ...]) -> NDArray[np.bool_]:
    inside = (view_mask >= 0.5).astype(np.uint8)
    return _enlarge(_differs_nearby(inside), shape)


def _differs_nearby(small: NDArray[np.uint8]) -> NDArray[np.bool_]:
    image = Image.fromarray(small)
    highest = np.asarray(image.filter(ImageFilter.MaxFilter(3)))
    return highest != np.asarray(image.filter(ImageFilter.MinFilter(3)))


def _enlarge(small: NDArray[np.bool_], shape: tuple[int, ...]) -> NDArray[np.bool_]:
    image = Image.fromarray(small.astype(np.uint8))
    return np.asarray(image.resize((shape[1], shape[0]), Image.Resampling.NEAREST)) > 0
