"""The text that is kept with a document."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from frih_plugin.state.document_settings import MAX_LAYERS, MAX_TEXT, DocumentSettings
from frih_plugin.state.values import PanelSettings, RegionView

OTHER = PanelSettings(3, 0.5, "below", "background", "into")
OFF = RegionView(-1, (1, 2, 3), 0.0, on=False, strength=0.25)

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


def test_text_brings_everything_back() -> None:
    kept = DocumentSettings(OTHER).with_regions("layer 1", (OFF,))
    assert DocumentSettings.from_text(kept.to_text()) == kept


@pytest.mark.parametrize(
    "foreign", ["", "<xml/>", "{}", "[]", '"text"', "null", "[" * 100_000, '{"for": "someone"}']
)
def test_foreign_text_is_no_settings(foreign: str) -> None:
    assert DocumentSettings.from_text(foreign) is None


def test_text_beyond_all_measure_is_not_read() -> None:
    kept = DocumentSettings(OTHER).to_text()
    assert DocumentSettings.from_text(kept + " " * MAX_TEXT) is None


@given(content=anything)
def test_damaged_text_never_fails(content: object) -> None:
    text = json.dumps({"for": "frih-harmonize", "settings": content, "regions": {"a": content}})
    found = DocumentSettings.from_text(text)
    assert found is not None
    assert all(0 <= view.strength <= 1 for view in found.regions.get("a", ()))


def test_regions_that_are_as_ever_are_not_kept() -> None:
    kept = DocumentSettings().with_regions("layer 1", (OFF,))
    assert kept.with_regions("layer 1", (RegionView(0, (1, 2, 3), 1.0),)).regions == {}


def test_layers_set_longest_ago_go_first() -> None:
    kept = DocumentSettings()
    for number in range(MAX_LAYERS + 1):
        kept = kept.with_regions(f"layer {number}", (OFF,))
    assert len(kept.regions) == MAX_LAYERS
    assert "layer 0" not in kept.regions
