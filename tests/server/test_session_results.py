"""What a session answers is what the pipeline computes, in the form in which the layer came."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from made_confidence import hold_back
from made_layers import AT, gray_on_wire, in_bits, on_wire, samples_of, scene, unwatched

from engine.color.depth import luma
from engine.color.picture import Picture
from engine.confidence import UNKNOWN
from engine.document import placed_layer
from engine.errors import BadInputError
from engine.pipeline import Harmonization, Settings, harmonize
from engine.runtime.backend import Backend
from engine.server.opened import open_layer
from engine.server.pixels import picture_of
from engine.server.session import FullResult, LayerSession
from frih_plugin.protocol import pixels as wire
from frih_plugin.protocol.messages import MakePreview, OpenLayer, RegionStrength, ResultSettings

PLAIN = ResultSettings()
ORDERS: tuple[wire.Order, ...] = ("rgb", "rgba", "bgra")


def session_of(request: OpenLayer, backend: Backend) -> LayerSession:
    return LayerSession(open_layer(request, unwatched()), backend)


def result_of(request: OpenLayer, backend: Backend, settings: ResultSettings = PLAIN) -> FullResult:
    return session_of(request, backend).harmonized(settings, unwatched())


def three_channels(gray: wire.Pixels) -> Picture:
    """A grey picture as the pipeline takes it."""
    shown = picture_of(gray)
    return Picture(shown.pixels.copy(), shown.alpha, None)


def by_pipeline(backend: Backend, bits: int, settings: Settings) -> Harmonization:
    made = scene(bits)
    return harmonize(placed_layer(made.background, made.layer, AT), settings, backend)


@pytest.mark.parametrize("bits", [8, 16])
@pytest.mark.parametrize("order", ["rgba", "bgra"])
def test_the_result_is_the_pipelines_to_the_last_bit(
    backend: Backend, bits: int, order: wire.Order
) -> None:
    settings = ResultSettings(0.05, 0.7, (RegionStrength(1, 0.2),))
    found = result_of(scene(bits).request(order), backend, settings)
    expected = by_pipeline(backend, bits, Settings(0.05, 0.7, {1: 0.2}))
    samples = samples_of(found.layer)
    color = samples[..., 2::-1] if order == "bgra" else samples[..., :3]
    assert expected.layer is not None
    assert np.array_equal(color, expected.layer.pixels)
    assert samples[..., 3].tobytes() == samples_of(scene(bits).request().layer)[..., 3].tobytes()
    assert found.predicted_change == expected.predicted_change
    assert found.regions == expected.regions.submasks.count
    assert not np.array_equal(color, scene(bits).layer.pixels)


def test_kept_results_are_the_same_as_new_ones(backend: Backend) -> None:
    session = session_of(scene().request(), backend)
    for cutoff in (0.3, 0.05, 0.3, 0.1):
        session.harmonized(ResultSettings(cutoff), unwatched())
    kept = session.harmonized(ResultSettings(0.05), unwatched())
    new = result_of(scene().request(), backend, ResultSettings(0.05))
    assert np.array_equal(samples_of(kept.layer), samples_of(new.layer))


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("bits", [8, 16])
def test_the_layer_comes_back_as_it_came(backend: Backend, order: wire.Order, bits: int) -> None:
    request = scene(bits).request(order)
    before = samples_of(request.layer).copy()
    found = result_of(request, backend).layer
    assert (found.width, found.height, found.order) == (90, 80, order)
    assert found.depth == ("u8" if bits == 8 else "u16")
    assert found.icc == request.layer.icc
    assert np.array_equal(samples_of(request.layer), before)
    if order != "rgb":
        assert np.array_equal(samples_of(found)[..., 3], before[..., 3])


def test_a_layer_of_other_depth_than_the_picture_keeps_its_own(backend: Backend) -> None:
    request = OpenLayer(
        "k", on_wire(scene(16).layer, "rgba"), *AT, on_wire(scene(8).background, "rgb")
    )
    found = samples_of(result_of(request, backend).layer)
    expected = samples_of(result_of(scene(16).request(), backend).layer)
    assert found.dtype == np.uint16
    assert np.unique(found[..., 0]).size > 300
    # The network saw eight bits of both, rounded before and after the layer was pasted.
    assert np.abs(found.astype(np.int64) - expected).max() < 5 * 257


@pytest.mark.parametrize("order", ["gray", "graya"])
def test_a_grey_layer_stays_grey(backend: Backend, order: wire.Order) -> None:
    made = scene()
    request = OpenLayer("k", on_wire(made.layer, order), *AT, on_wire(made.background, "gray"))
    found = samples_of(result_of(request, backend).layer)
    level = made.layer.pixels[..., 1]
    gray, three = three_channels(request.layer), three_channels(request.background)
    expected = harmonize(placed_layer(three, gray, AT), Settings(), backend).layer
    assert expected is not None
    assert np.array_equal(found[..., 0], luma(expected.pixels))
    if order == "graya":
        assert made.layer.alpha is not None
        assert np.array_equal(found[..., 1], made.layer.alpha)
        assert np.array_equal(found[made.layer.alpha == 0, 0], level[made.layer.alpha == 0])


@pytest.mark.parametrize("bits", [8, 16])
def test_nothing_changes_outside_the_selection(backend: Backend, bits: int) -> None:
    made = scene()
    selected = np.zeros((80, 90), np.int64)
    selected[20:60, 30:70] = 255
    selection = gray_on_wire(in_bits(selected, bits, None))
    found = samples_of(result_of(replace(made.request(), selection=selection), backend).layer)
    changed = (found[..., :3] != made.layer.pixels).any(axis=2)
    assert changed[selected > 0].mean() > 0.9
    assert not changed[selected == 0].any()


def test_strength_0_gives_back_every_bit(backend: Backend) -> None:
    request = scene().request()
    found = result_of(request, backend, ResultSettings(strength=0.0))
    assert samples_of(found.layer).tobytes() == bytes(request.layer.data)
    assert found.estimate == UNKNOWN


def test_where_no_strength_is_asked_for_the_suggested_one_is_used(
    backend: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = scene().request()
    hold_back(monkeypatch, 1e6)
    suggested = result_of(request, backend, ResultSettings())
    assert suggested.estimate.strength == 0
    assert samples_of(suggested.layer).tobytes() == bytes(request.layer.data)
    asked = result_of(request, backend, ResultSettings(strength=1.0))
    assert asked.estimate == suggested.estimate
    assert samples_of(asked.layer).tobytes() != bytes(request.layer.data)


def test_a_preview_suggests_what_the_result_does(
    backend: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    hold_back(monkeypatch, 10.0)
    session = session_of(scene().request(), backend)
    result = session.harmonized(ResultSettings(), unwatched())
    for quality in ("drag", "rest"):
        preview = session.preview(MakePreview("k", ResultSettings(0.2), quality), unwatched())
        assert preview.estimate == result.estimate


def test_a_region_that_is_not_there_is_declined(backend: Backend) -> None:
    session = session_of(scene().request(), backend)
    with pytest.raises(BadInputError, match="no region 9"):
        session.harmonized(ResultSettings(regions=(RegionStrength(9, 0.5),)), unwatched())


def test_a_layer_beside_the_picture_is_declined(backend: Backend) -> None:
    request = replace(scene().request(), left=500)
    with pytest.raises(BadInputError, match="outside the picture"):
        session_of(request, backend)


def test_surroundings_widen_the_window(backend: Backend) -> None:
    request = scene(size=(600, 400)).request()
    narrow, wide = (
        session_of(replace(request, surroundings=s), backend).layer_opened() for s in (1.0, 3.0)
    )
    assert narrow.width < wide.width
    assert narrow.left <= AT[0]
    assert narrow.left + narrow.width >= AT[0] + 90
