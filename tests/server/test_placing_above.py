"""Results that are to lie above their source, and pixels in floating point."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from made_layers import AT, Scene, samples_of, scene, unwatched
from numpy.typing import NDArray

from engine.runtime.backend import Backend
from engine.server.opened import open_layer
from engine.server.session import LayerSession
from frih_plugin.protocol import pixels as wire
from frih_plugin.protocol.messages import MakePreview, OpenLayer, ResultSettings

PLAIN = ResultSettings()


def result_of(request: OpenLayer, backend: Backend, *, covers: bool = False) -> wire.Pixels:
    session = LayerSession(open_layer(request, unwatched()), backend)
    return session.harmonized(PLAIN, unwatched(), covers=covers).layer


def floats(pixels: wire.Pixels) -> NDArray[np.float32]:
    """(H, W, channels) from 0 to 1, of any depth."""
    if pixels.depth in ("u8", "u16"):
        samples = samples_of(pixels)
        return samples.astype(np.float32) / np.float32(np.iinfo(samples.dtype).max)
    kind = "<f2" if pixels.depth == "f16" else "<f4"
    flat = np.frombuffer(pixels.data, kind).astype(np.float32)
    return flat.reshape(pixels.height, pixels.width, -1)


def in_floats(pixels: wire.Pixels, depth: wire.Depth) -> wire.Pixels:
    kind = "<f2" if depth == "f16" else "<f4"
    data = bytearray(floats(pixels).astype(kind).tobytes())
    return replace(pixels, depth=depth, data=data)


def covered(made: Scene, background: NDArray[np.float32]) -> NDArray[np.float32]:
    left, top = AT
    return background[top : top + made.layer.height, left : left + made.layer.width, :3]


def shown(below: NDArray[np.float32], layer: NDArray[np.float32]) -> NDArray[np.float32]:
    change = layer[..., 3:] * (layer[..., :3] - below)
    return (below + change).astype(np.float32)


@pytest.mark.parametrize("bits", [8, 16])
@pytest.mark.parametrize("opacity", [1.0, 0.6])
def test_above_its_source_it_shows_what_it_would_show_instead(
    backend: Backend, bits: int, opacity: float
) -> None:
    made = scene(bits)
    request = replace(made.request(), opacity=opacity)
    instead = floats(result_of(request, backend))
    above = floats(result_of(replace(request, placing="above"), backend))
    below = covered(made, floats(request.background))
    faded = np.array([1, 1, 1, opacity], np.float32)
    now = shown(below, floats(request.layer) * faded)
    expected = shown(below, instead * faded)
    assert not np.allclose(now, expected, atol=0.02)
    assert np.abs(shown(now, above) - expected).max() <= 0.51 / (255 if bits == 8 else 65_535)


def test_below_may_be_given(backend: Backend) -> None:
    made = scene()
    request = replace(made.request(), placing="above")
    left, top = AT
    box = request.background
    rows = samples_of(box)[top : top + made.layer.height, left : left + made.layer.width]
    below = wire.Pixels(made.layer.width, made.layer.height, "rgb", "u8", rows.tobytes())
    with_below = result_of(replace(request, below=below), backend)
    assert bytes(with_below.data) == bytes(result_of(request, backend).data)


def test_covering_is_opaque_where_anything_shows(backend: Backend) -> None:
    request = replace(scene().request(), placing="above")
    alpha = samples_of(result_of(request, backend, covers=True))[..., 3]
    assert set(alpha.ravel().tolist()) == {0, 255}
    assert np.array_equal(alpha == 0, samples_of(request.layer)[..., 3] == 0)


def test_a_background_above_itself_needs_no_more(backend: Backend) -> None:
    made = scene()
    request = replace(made.request(background_order="rgba"), target="background")
    instead = samples_of(result_of(request, backend))
    above = samples_of(result_of(replace(request, placing="above"), backend))
    assert np.array_equal(above, instead)


def test_without_alpha_nothing_can_lie_above() -> None:
    with pytest.raises(ValueError, match="needs alpha"):
        replace(scene().request("rgb"), placing="above")


def test_what_lies_below_has_the_layers_size() -> None:
    request = scene().request()
    with pytest.raises(ValueError, match="layer's size"):
        replace(request, placing="above", below=request.background)


@pytest.mark.parametrize(("depth", "step"), [("f16", 0.01), ("f32", 1e-6)])
def test_floats_change_as_16_bits_do(backend: Backend, depth: wire.Depth, step: float) -> None:
    request = scene(16).request()
    layer = in_floats(request.layer, depth)
    background = in_floats(request.background, depth)
    of_floats = result_of(replace(request, layer=layer, background=background), backend)
    expected = floats(result_of(request, backend))
    assert (of_floats.depth, of_floats.order) == (depth, "rgba")
    difference = np.abs(floats(of_floats).clip(0, 1) - expected)
    assert difference.max() <= step + 2 / 65_535


def test_colours_beyond_white_move_along(backend: Backend) -> None:
    request = scene(16).request()
    values = floats(request.layer)
    bright = values.copy()
    bright[30:40, 30:40, :3] += 4
    bright[50:60, 30:40, :3] -= 2
    layers = [
        replace(request.layer, depth="f32", data=bytearray(colors.astype("<f4").tobytes()))
        for colors in (values, bright)
    ]
    changed = floats(result_of(replace(request, layer=layers[1]), backend))
    assert (changed[30:40, 30:40, :3] > 3.5).all()
    assert (changed[50:60, 30:40, :3] < -0.5).all()
    assert (changed[30:40, 30:40, :3] != bright[30:40, 30:40, :3]).any()


def test_what_is_no_number_stays_so_and_harms_nothing(backend: Backend) -> None:
    request = scene(16).request()
    values = floats(request.layer)
    values[40, 40, :3] = np.nan
    data = bytearray(values.astype("<f4").tobytes())
    changed = floats(
        result_of(replace(request, layer=replace(request.layer, depth="f32", data=data)), backend)
    )
    assert np.isnan(changed[40, 40, :3]).all()
    assert np.isfinite(np.delete(changed.reshape(-1, 4), 40 * 90 + 40, axis=0)).all()


def test_a_small_preview_of_floats_has_their_depth(backend: Backend) -> None:
    request = scene(16).request()
    layer = in_floats(request.layer, "f32")
    session = LayerSession(open_layer(replace(request, layer=layer), unwatched()), backend)
    small = session.preview(MakePreview(request.key, PLAIN, "rest", 4), unwatched()).layer
    assert small is not None
    assert small.depth == "f32"
    assert floats(small).max() <= 1
