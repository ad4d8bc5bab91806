"""The other way round: the picture is made to fit the layer."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from made_layers import AT, Scene, on_wire, samples_of, scene, unwatched

from engine.color.picture import Picture
from engine.runtime.backend import Backend
from engine.server.opened import open_layer
from engine.server.session import LayerSession
from frih_plugin.protocol.messages import MakePreview, OpenLayer, ResultSettings

PLAIN = ResultSettings()


def around(made: Scene) -> OpenLayer:
    return replace(made.request(), target="background")


def session_of(request: OpenLayer, backend: Backend) -> LayerSession:
    return LayerSession(open_layer(request, unwatched()), backend)


@pytest.mark.parametrize("bits", [8, 16])
def test_the_background_comes_back_changed_and_with_its_own_size(
    backend: Backend, bits: int
) -> None:
    request = around(scene(bits))
    before = samples_of(request.background).copy()
    found = session_of(request, backend).harmonized(PLAIN, unwatched()).layer
    assert (found.width, found.height, found.order) == (220, 160, "rgb")
    changed = (samples_of(found) != before).any(axis=2)
    assert changed.mean() > 0.8


def test_soft_edges_change_fully_and_what_is_hidden_not_at_all(backend: Backend) -> None:
    made = scene()
    flat = Picture(np.full((160, 220, 3), 120, np.uint8))
    session = session_of(around(Scene(made.layer, flat)), backend)
    found = samples_of(session.harmonized(PLAIN, unwatched()).layer).astype(np.int64) - 120
    alpha = np.zeros((160, 220), np.int64)
    assert made.layer.alpha is not None
    alpha[AT[1] : AT[1] + 80, AT[0] : AT[0] + 90] = made.layer.alpha
    assert (found[alpha == 255] == 0).all()
    size = np.abs(found).max(axis=2)
    edge, beyond = (alpha > 100) & (alpha < 255), alpha == 0
    assert np.median(size[edge]) > 0.5 * np.median(size[beyond])
    assert np.median(size[beyond]) > 3


def test_the_bytes_of_the_background_are_what_they_were(backend: Backend) -> None:
    made = scene()
    request = around(made)
    session_of(request, backend)
    assert bytes(request.background.data) == made.background.pixels.tobytes()


def test_transparent_background_is_not_touched(backend: Backend) -> None:
    made = scene()
    alpha = np.full((160, 220), 255, np.uint8)
    alpha[:, :30] = 0
    background = Picture(made.background.pixels, alpha)
    request = replace(made.request(), background=on_wire(background, "rgba"), target="background")
    found = samples_of(session_of(request, backend).harmonized(PLAIN, unwatched()).layer)
    assert np.array_equal(found[:, :30, :3], made.background.pixels[:, :30])
    assert np.array_equal(found[..., 3], alpha)


def test_the_preview_shows_the_background_change(backend: Backend) -> None:
    session = session_of(around(scene()), backend)
    before = samples_of(session.layer_opened().before)
    preview = session.preview(MakePreview("k", PLAIN, "rest", 4), unwatched())
    assert preview.layer is not None
    assert (preview.layer.width, preview.layer.height) == (55, 40)
    after = samples_of(preview.after)
    inner = slice(AT[1] + 10, AT[1] + 70), slice(AT[0] + 10, AT[0] + 80)
    assert np.array_equal(before[inner], after[inner])
    assert (before != after).any(axis=2).mean() > 0.5
