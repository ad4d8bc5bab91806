"""What the panel previews is what the document shows afterwards, in every mode and direction."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from pytestqt.qtbot import QtBot

from engine.color.area_average import PictureSource, in_16_bits, shrink_to
from engine.color.blending import BlendMode
from engine.color.conversion import converted
from engine.color.profiles import rgb_space, view_rgb8
from frih_plugin.client.engine_client import EngineClient
from frih_plugin.client.engine_command import find_engine
from frih_plugin.hosts.standalone.document import Document, Layer, set_mode, set_opacity
from frih_plugin.hosts.standalone.document.compositor import composite
from frih_plugin.hosts.standalone.example import open_example
from frih_plugin.hosts.standalone.host import StandaloneHost
from frih_plugin.hosts.standalone.session import EditorSession
from frih_plugin.protocol.messages import Target
from frih_plugin.state.panel_state import PanelState
from frih_plugin.state.settings_store import SettingsStore
from frih_plugin.state.values import PanelSettings

pytestmark = pytest.mark.full
WAIT_MS = 120_000
TOLERANCE, LARGEST = 2, 4
"""Of 255, on pictures shrunk to the preview's size."""

BEYOND = 2e-4
"""Share of values beyond the tolerance, all at hard edges: a change of an average is not quite the
average of changes."""


@dataclass(frozen=True, slots=True)
class Bench:
    """The editor without its window: session, host, engine and the panel's state."""

    session: EditorSession
    state: PanelState


@pytest.fixture
def bench(qtbot: QtBot, tmp_path: Path) -> Iterator[Bench]:
    session = EditorSession()
    host = StandaloneHost(session)
    engine = EngineClient(find_engine(own_python=True, variables={}), "tests")
    state = PanelState(host, engine, SettingsStore(tmp_path))
    state.start()
    qtbot.waitUntil(lambda: engine.phase == "ready", timeout=WAIT_MS)
    yield Bench(session, state)
    with qtbot.waitSignal(engine.stopped, timeout=WAIT_MS):
        state.close()
    host.close()


def cake() -> Document:
    return open_example("cake")


def cake_in_16_bits() -> Document:
    document = open_example("cake")
    white = np.iinfo(np.uint16).max
    layers = tuple(deepened(layer, white) for layer in document.layers)
    return replace(document, depth=16, layers=layers)


def deepened(layer: Layer, white: int) -> Layer:
    return replace(layer, picture=converted(layer.picture, layer.picture.icc, white))


def park() -> Document:
    """In Display P3."""
    return open_example("park")


def faint(mode: BlendMode, opacity: float) -> Callable[[], Document]:
    def make() -> Document:
        document = open_example("cake")
        top = document.layers[1].id
        return set_mode(set_opacity(document, top, opacity), top, mode)

    return make


@pytest.mark.parametrize("target", ["layer", "background"])
@pytest.mark.parametrize(
    "make",
    [
        pytest.param(cake, id="plain"),
        pytest.param(cake_in_16_bits, id="16 bit"),
        pytest.param(park, id="Display P3"),
        pytest.param(faint(BlendMode.NORMAL, 0.5), id="opacity"),
        pytest.param(faint(BlendMode.MULTIPLY, 0.7), id="multiply"),
        pytest.param(faint(BlendMode.SOFT_LIGHT, 1.0), id="soft light"),
        pytest.param(faint(BlendMode.LUMINOSITY, 0.8), id="luminosity"),
    ],
)
def test_document_shows_what_was_previewed(
    bench: Bench, qtbot: QtBot, make: Callable[[], Document], target: Target
) -> None:
    session, state = bench.session, bench.state
    session.open(make())
    qtbot.waitUntil(lambda: state.can_harmonize, timeout=WAIT_MS)
    state.set_target(target)
    qtbot.waitUntil(
        lambda: state.pictures is not None and state.pictures.after is not None, timeout=WAIT_MS
    )
    qtbot.wait(600)  # the preview at rest
    assert state.pictures is not None
    assert state.pictures.after is not None
    previewed = np.frombuffer(state.pictures.after.data, np.uint8)
    shape = state.pictures.after.height, state.pictures.after.width, 3
    before = session.document
    state.harmonize()
    qtbot.waitUntil(lambda: session.document is not before and state.job is None, timeout=WAIT_MS)
    shown = shrunk(session.document, shape)
    difference = np.abs(shown - previewed.reshape(shape).astype(np.float32))
    assert difference.max() <= LARGEST
    assert (difference > TOLERANCE).mean() <= BEYOND
    changed = np.abs(shown - shrunk(before, shape))
    assert changed.max() > 5 * TOLERANCE, "nothing was harmonized"
    state.set_target(PanelSettings().target)


def shrunk(document: Document | None, shape: tuple[int, ...]) -> NDArray[np.float32]:
    """What a document shows, averaged to the preview's size, in sRGB; the window is all of it."""
    assert document is not None
    picture = composite(document)
    small = shrink_to(PictureSource(picture), document.canvas, (shape[1], shape[0]))
    values = in_16_bits(small.straight().transpose(1, 2, 0))
    return view_rgb8(values, rgb_space(picture.icc)).astype(np.float32)
