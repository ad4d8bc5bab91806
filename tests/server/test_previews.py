"""A preview shows what the document will show."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from made_layers import KEY, Scene, on_wire, samples_of, scene, unwatched
from numpy.typing import NDArray

from engine.cli.examples import example_names, example_source
from engine.color.area_average import PictureSource, shrink_to
from engine.color.blending import BlendMode, blend_over
from engine.color.picture import Picture
from engine.files import read_picture
from engine.runtime.backend import Backend, open_backend
from engine.server.opened import open_layer
from engine.server.pixels import picture_of
from engine.server.session import LayerSession
from engine.view import Box
from frih_plugin.protocol.messages import (
    LayerOpened,
    MakePreview,
    OpenLayer,
    Quality,
    ResultSettings,
)

PLAIN = ResultSettings()
MODES = [(1.0, BlendMode.NORMAL), (0.6, BlendMode.NORMAL), (0.8, BlendMode.MULTIPLY)]


def large(bits: int = 8) -> Scene:
    return scene(bits, (1500, 1100), (700, 600))


def session_of(request: OpenLayer, backend: Backend) -> LayerSession:
    return LayerSession(open_layer(request, unwatched()), backend)


def preview(
    session: LayerSession,
    settings: ResultSettings = PLAIN,
    quality: Quality = "rest",
    scale: int | None = None,
) -> tuple[NDArray[np.uint8], NDArray[np.uint8 | np.uint16] | None]:
    found = session.preview(MakePreview(KEY, settings, quality, scale), unwatched())
    layer = None if found.layer is None else samples_of(found.layer)
    return samples_of(found.after).astype(np.uint8), layer


def shown_small(
    made: Scene, layer: NDArray[np.generic], opened: LayerOpened, opacity: float, mode: BlendMode
) -> NDArray[np.float32]:
    """What an editor shows with a layer, (h, w, 3) in levels of 255, made small."""
    below = planes(made.background.pixels)
    assert made.layer.alpha is not None
    share = np.zeros(below.shape[1:], np.float32)
    above = np.zeros_like(below)
    (x, y), (height, width) = made.at, layer.shape[:2]
    share[y : y + height, x : x + width] = made.layer.alpha / np.float32(255) * opacity
    above[:, y : y + height, x : x + width] = planes(layer[..., :3])
    shown, _ = blend_over(below, None, above, share, mode)
    pixels = np.rint(shown.transpose(1, 2, 0) * 255).astype(np.uint8)
    window = Box(opened.left, opened.top, opened.left + opened.width, opened.top + opened.height)
    small = shrink_to(
        PictureSource(Picture(pixels)), window, (opened.before.width, opened.before.height)
    )
    return small.color.transpose(1, 2, 0) * np.float32(255)


def planes(pixels: NDArray[np.generic]) -> NDArray[np.float32]:
    return pixels.transpose(2, 0, 1).astype(np.float32) / np.float32(255)


@pytest.mark.parametrize(("opacity", "mode"), MODES)
def test_before_and_after_are_what_the_document_shows(
    backend: Backend, opacity: float, mode: BlendMode
) -> None:
    made = large()
    request = replace(made.request(), opacity=opacity, blend_mode=str(mode))
    session = session_of(request, backend)
    opened = session.layer_opened()
    before = shown_small(made, made.layer.pixels, opened, opacity, mode)
    assert np.abs(samples_of(opened.before) - before).max() <= 2
    # At full strength random weights change colours several times as far as trained ones.
    settings = ResultSettings(strength=0.4)
    full = samples_of(session.harmonized(settings, unwatched()).layer)
    after = shown_small(made, full, opened, opacity, mode)
    assert np.abs(preview(session, settings)[0] - after).max() <= 2
    assert np.abs(after - before).max() > 10


@pytest.mark.full
@pytest.mark.parametrize(("opacity", "mode"), MODES)
@pytest.mark.parametrize("name", example_names())
def test_shipped_weights_on_photographs_show_what_the_document_shows(
    name: str, opacity: float, mode: BlendMode
) -> None:
    example = example_source(name)
    layer, background = (read_picture(p).picture for p in (example.layer, example.background))
    # In sRGB, as the words of this test know no profile.
    made = Scene(Picture(layer.pixels, layer.alpha), Picture(background.pixels), example.at)
    request = replace(made.request(), opacity=opacity, blend_mode=str(mode))
    session = session_of(request, open_backend("onnx"))
    opened = session.layer_opened()
    full = samples_of(session.harmonized(PLAIN, unwatched()).layer)
    after = shown_small(made, full, opened, opacity, mode)
    assert np.abs(preview(session)[0] - after).max() <= 2
    drag = np.abs(preview(session, PLAIN, "drag")[0] - after)
    assert np.quantile(drag, 0.999) <= 2


def test_a_window_of_a_large_picture_has_512_pixels_at_its_longer_side(backend: Backend) -> None:
    opened = session_of(large().request(), backend).layer_opened()
    assert (opened.width, opened.height) == (1500, 1100)
    assert (opened.before.width, opened.before.height) == (512, 375)


def test_strength_0_shows_before_to_the_last_bit(backend: Backend) -> None:
    session = session_of(large().request(), backend)
    after, _ = preview(session, ResultSettings(strength=0.0))
    assert np.array_equal(after, samples_of(session.layer_opened().before))


def test_a_drag_shows_nearly_what_rest_shows(backend: Backend) -> None:
    session = session_of(scene().request(), backend)
    drag, rest = (preview(session, PLAIN, q)[0].astype(np.int64) for q in ("drag", "rest"))
    before = samples_of(session.layer_opened().before).astype(np.int64)
    changed = np.abs(rest - before).max(axis=2) > 0
    assert np.abs(drag - rest)[changed].mean() < 0.5 * np.abs(rest - before)[changed].mean()


@pytest.mark.parametrize("scale", [2, 8])
@pytest.mark.parametrize("bits", [8, 16])
def test_changed_pixels_come_shrunk(backend: Backend, scale: int, bits: int) -> None:
    made = large(bits)
    session = session_of(made.request(), backend)
    layer = preview(session, scale=scale)[1]
    found = session.harmonized(PLAIN, unwatched()).layer
    full = samples_of(found)
    whole = Box(0, 0, 700, 600)
    source = PictureSource(picture_of(found))
    small = shrink_to(source, whole, (700 // scale, 600 // scale))
    white = made.layer.white
    assert layer is not None
    if scale == 2:
        visible = small.alpha > 0.5
        difference = layer[..., :3] - small.straight().transpose(1, 2, 0) * white
        assert np.abs(difference[visible]).max() <= 2 * white / 255
        assert np.abs(layer[..., 3] - small.alpha * white).max() <= 1
    else:
        assert layer.shape == (75, 88, 4)  # 700 is no multiple of 8
    assert layer.dtype == full.dtype


def test_scale_1_is_the_full_result(backend: Backend) -> None:
    session = session_of(scene().request("bgra"), backend)
    full = samples_of(session.harmonized(PLAIN, unwatched()).layer)
    layer = preview(session, scale=1)[1]
    assert layer is not None
    assert np.array_equal(layer, full)


def test_a_transparent_picture_shows_white(backend: Backend) -> None:
    made = scene()
    alpha = np.full((160, 220), 255, np.uint8)
    alpha[:, 200:] = 0
    clear = on_wire(Picture(made.background.pixels, alpha), "rgba")
    session = session_of(replace(made.request(), background=clear), backend)
    before = samples_of(session.layer_opened().before)
    assert (before[:, 202:] == 255).all()
    after, _ = preview(session)
    assert (after[:, 202:] == 255).all()
    assert np.abs(after.astype(np.int64) - before).max() > 10


def test_an_unknown_blend_mode_is_shown_as_normal(backend: Backend) -> None:
    made = scene()
    normal = session_of(made.request(), backend).layer_opened()
    other = session_of(replace(made.request(), blend_mode="glow"), backend).layer_opened()
    assert bytes(other.before.data) == bytes(normal.before.data)


def test_a_layer_that_hangs_over_the_edge_is_previewed(backend: Backend) -> None:
    made = scene()
    session = session_of(replace(made, at=(-30, 120)).request(), backend)
    opened = session.layer_opened()
    full = samples_of(session.harmonized(PLAIN, unwatched()).layer)
    assert full.shape[:2] == (80, 90)
    after, _ = preview(session)
    changed = (after != samples_of(opened.before)).any(axis=2)
    assert changed.any()
