"""Where a composite's foreground lies: objects, colour regions and blobs, and the view of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from engine.view import Box, bounding_box, choose_window, whole
from training.limits import check_shares, within
from training.photos import Photo

RATIO_CLASSES = ((0.003, 0.05), (0.05, 0.15), (0.15, 0.75))
"""The paper's foreground ratios, cut off where a picture shows too little of one side."""

_BLOB_SIDE = 96


@dataclass(frozen=True, slots=True)
class ForegroundConfig:
    """Shares of the kinds of foreground and view."""

    objects: float = 0.35
    color_regions: float = 0.45
    ratio_shares: tuple[float, float, float] = (0.3, 0.35, 0.35)
    pipeline_views: float = 0.55
    """Views chosen as engine.view does; the others are random crops and squeezed whole pictures."""
    whole_views: float = 0.2
    attempts: int = 8

    def __post_init__(self) -> None:
        check_shares("foregrounds.objects and color_regions", self.objects, self.color_regions)
        check_shares("foregrounds.pipeline_views and whole_views", self.pipeline_views,
                     self.whole_views)  # fmt: skip
        check_shares("foregrounds.ratio_shares", *self.ratio_shares)
        within("the sum of foregrounds.ratio_shares", round(sum(self.ratio_shares), 6), 1, 1)
        within("foregrounds.attempts", self.attempts, 1)


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """One training picture before recolouring: real (S, S, 3) uint8; the others (S, S) uint8 soft.

    opacity says how far the changed colours will show, mask is what the network will see.
    """

    real: NDArray[np.uint8]
    opacity: NDArray[np.uint8]
    mask: NDArray[np.uint8]


def draw_view(
    photo: Photo, size: int, config: ForegroundConfig, rng: np.random.Generator
) -> View | None:
    """Draw a foreground and a view of it; None when no draw has a usable foreground ratio."""
    drawn = _draw_foreground(photo, size, config, rng)
    if drawn is None:
        return None
    box, mask = drawn
    picture = Image.fromarray(photo.pixels[box.top : box.bottom, box.left : box.right])
    real = np.asarray(picture.resize((size, size), Image.Resampling.BICUBIC))
    if rng.random() < 0.5:
        real, mask = real[:, ::-1], np.ascontiguousarray(mask[:, ::-1])
    return View(real, mask, mask)


def _draw_foreground(
    photo: Photo, size: int, config: ForegroundConfig, rng: np.random.Generator
) -> tuple[Box, NDArray[np.uint8]] | None:
    """A box and its soft mask, of a drawn class of foreground ratio if that comes up early."""
    wanted_low, wanted_high = RATIO_CLASSES[rng.choice(3, p=config.ratio_shares)]
    low, high = RATIO_CLASSES[0][0], RATIO_CLASSES[-1][1]
    usable: tuple[Box, NDArray[np.uint8]] | None = None
    for attempt in range(config.attempts):
        inside = draw_mask(photo, config, rng)
        foreground = bounding_box(inside)
        if foreground is None:
            continue
        box = _draw_box(photo, foreground, config, rng)
        mask = _cut_mask(inside, box, size)
        ratio = float((mask >= 128).mean())
        if wanted_low <= ratio <= wanted_high:
            return box, mask
        if low <= ratio <= high:
            usable = box, mask
        if usable is not None and attempt >= config.attempts // 2:
            break
    return usable


def draw_mask(
    photo: Photo, config: ForegroundConfig, rng: np.random.Generator
) -> NDArray[np.bool_]:
    """(H, W) foreground of the photograph's size: one of its objects, colour regions or a blob."""
    kind = rng.random()
    if kind < config.objects and len(photo.masks):
        return photo.masks[rng.integers(len(photo.masks))] >= 128
    if kind < config.objects + config.color_regions:
        return _color_region(photo, rng)
    return _blob(photo.entry.height, photo.entry.width, rng)


def _color_region(photo: Photo, rng: np.random.Generator) -> NDArray[np.bool_]:
    """One to three neighbouring Felzenszwalb regions, grown from a random pixel."""
    segments = photo.segments
    height, width = len(segments), len(segments[0])
    y, x = int(rng.integers(height)), int(rng.integers(width))
    chosen = {int(segments[y, x])}
    reach = max(height, width) // 6
    for _ in range(rng.integers(3)):
        y = _moved(y, reach, height, rng)
        x = _moved(x, reach, width, rng)
        chosen.add(int(segments[y, x]))
    half = np.isin(segments, list(chosen))
    full = Image.fromarray(half.astype(np.uint8) * 255).resize(
        (photo.entry.width, photo.entry.height), Image.Resampling.BILINEAR
    )
    return np.asarray(full) >= 128


def _moved(place: int, reach: int, limit: int, rng: np.random.Generator) -> int:
    return min(max(place + int(rng.integers(-reach, reach + 1)), 0), limit - 1)


def _blob(height: int, width: int, rng: np.random.Generator) -> NDArray[np.bool_]:
    """A smooth random shape: coarse noise, enlarged, cut at a level; drawn small, it is smooth."""
    scale = max(1, min(height, width) // _BLOB_SIDE)
    level = _blob_level(height // scale, width // scale, rng)
    field = Image.fromarray(level).resize((width, height), Image.Resampling.BILINEAR)
    inside: NDArray[np.bool_] = np.asarray(field) > 0
    return inside


def _blob_level(height: int, width: int, rng: np.random.Generator) -> NDArray[np.float32]:
    """(H, W) above 0 inside the shape."""
    grid = rng.standard_normal((rng.integers(3, 7), rng.integers(3, 7))).astype(np.float32)
    field = np.asarray(
        Image.fromarray(grid).resize((width, height), Image.Resampling.BICUBIC), np.float32
    )
    y, x = np.ogrid[:height, :width]
    center_y, center_x = rng.uniform(0.2, 0.8) * height, rng.uniform(0.2, 0.8) * width
    spread = rng.uniform(0.1, 0.45) * min(height, width)
    distance = np.hypot(y - center_y, x - center_x) / spread
    return (field * 0.5 + 1 - distance).astype(np.float32)


def _draw_box(
    photo: Photo, foreground: Box, config: ForegroundConfig, rng: np.random.Generator
) -> Box:
    width, height = photo.entry.width, photo.entry.height
    kind = rng.random()
    if kind < config.pipeline_views:
        return choose_window(foreground, width, height)
    if kind < config.pipeline_views + config.whole_views:
        return whole(width, height)
    side = rng.uniform(0.5, 1) * min(width, height)
    stretch = rng.uniform(0.8, 1.25)
    side_x, side_y = min(round(side * stretch), width), min(round(side / stretch), height)
    left = _start_near((foreground.left + foreground.right) / 2, side_x, width, rng)
    top = _start_near((foreground.top + foreground.bottom) / 2, side_y, height, rng)
    return Box(left, top, left + side_x, top + side_y)


def _start_near(center: float, side: int, limit: int, rng: np.random.Generator) -> int:
    """Where a random crop starts so that the foreground's centre is usually inside."""
    return int(np.clip(round(center - rng.uniform(0.1, 0.9) * side), 0, limit - side))


def _cut_mask(inside: NDArray[np.bool_], box: Box, size: int) -> NDArray[np.uint8]:
    soft = Image.fromarray(inside.astype(np.uint8) * 255)
    return np.asarray(soft.resize((size, size), Image.Resampling.BILINEAR, box.corners))
