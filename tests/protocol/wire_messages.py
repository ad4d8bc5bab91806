"""Every message of the protocol, for hypothesis."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from frih_plugin.protocol import pixels as wire
from frih_plugin.protocol.codec import Call, Reply
from frih_plugin.protocol.messages import (
    REQUESTS,
    Answer,
    Backend,
    Cancel,
    Closed,
    CloseLayer,
    Failure,
    FindRegions,
    Harmonize,
    Harmonized,
    Hello,
    LayerOpened,
    MakePreview,
    OpenLayer,
    Preview,
    Progress,
    Region,
    RegionsFound,
    RegionStrength,
    Request,
    ResultSettings,
    Timing,
    Welcome,
)

TEXT = st.text(max_size=20)
SHARE = st.floats(0, 1)
NUMBER = st.integers(-(2**40), 2**40)
ID = st.integers(0, 2**53 - 1)
SECONDS = st.floats(0, 1e6)


@st.composite
def pictures(draw: st.DrawFn) -> wire.Pixels:
    width, height = draw(st.integers(1, 5)), draw(st.integers(1, 5))
    order: wire.Order = draw(st.sampled_from(list(wire.CHANNELS)))
    depth: wire.Depth = draw(st.sampled_from(list(wire.SAMPLE_BYTES)))
    size = width * height * wire.CHANNELS[order] * wire.SAMPLE_BYTES[depth]
    data = bytearray(draw(st.binary(min_size=size, max_size=size)))
    return wire.Pixels(width, height, order, depth, data, draw(st.none() | st.binary(max_size=9)))


PICTURE = pictures()
SETTINGS = st.builds(
    ResultSettings,
    SHARE,
    st.none() | SHARE,
    st.lists(st.builds(RegionStrength, NUMBER, SHARE), max_size=3).map(tuple),
)
STAGE = st.sampled_from(["open", "view", "coarse", "submasks", "refined", "transfer"])

OF_REQUEST: dict[type[Request], st.SearchStrategy[Request]] = {
    Hello: st.builds(Hello, NUMBER, TEXT, TEXT),
    OpenLayer: st.builds(
        OpenLayer, TEXT, PICTURE, NUMBER, NUMBER, PICTURE, st.none() | PICTURE, SHARE, TEXT,
        st.sampled_from(["layer", "background"]), st.none() | st.floats(1, 1000),
    ),
    FindRegions: st.builds(FindRegions, TEXT, SHARE),
    MakePreview: st.builds(
        MakePreview, TEXT, SETTINGS, st.sampled_from(["drag", "rest"]),
        st.sampled_from([None, 1, 2, 64]),
    ),
    Harmonize: st.builds(Harmonize, TEXT, SETTINGS),
    CloseLayer: st.builds(CloseLayer, TEXT),
}  # fmt: skip
REQUEST: st.SearchStrategy[Request] = st.one_of(*(OF_REQUEST[kind] for kind in REQUESTS))

OF_ANSWER: dict[type[Answer], st.SearchStrategy[Answer]] = {
    Welcome: st.builds(
        Welcome, NUMBER, TEXT, TEXT, TEXT, TEXT,
        st.lists(st.builds(Backend, TEXT, st.booleans(), TEXT), max_size=3).map(tuple),
    ),
    LayerOpened: st.builds(LayerOpened, NUMBER, NUMBER, NUMBER, NUMBER, PICTURE),
    RegionsFound: st.builds(
        RegionsFound, PICTURE,
        st.lists(st.builds(Region, *[NUMBER] * 5), max_size=3).map(tuple), NUMBER,
    ),
    Preview: st.builds(
        Preview, PICTURE, st.none() | PICTURE, st.none() | SHARE, SHARE, SECONDS
    ),
    Harmonized: st.builds(
        Harmonized, PICTURE, st.none() | SHARE, SHARE, SECONDS, NUMBER, TEXT,
        st.lists(st.builds(Timing, TEXT, SECONDS), max_size=3).map(tuple),
    ),
    Closed: st.builds(Closed),
}  # fmt: skip
OUTCOME: st.SearchStrategy[Answer | Failure] = st.one_of(
    *OF_ANSWER.values(), st.builds(Failure, TEXT, TEXT)
)

TO_ENGINE: st.SearchStrategy[Call | Cancel] = st.builds(Call, ID, REQUEST) | st.builds(Cancel, ID)
TO_EDITOR: st.SearchStrategy[Reply | Progress] = st.builds(Reply, ID, OUTCOME) | st.builds(
    Progress, ID, STAGE, SHARE
)

JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)
