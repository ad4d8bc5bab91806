"""A made model of confidence: one half of everything, whatever the weights."""

from __future__ import annotations

import pytest

from engine import pipeline
from engine.confidence import ConfidenceModel


def made_model(none_below: float, weights_sha256: str = "0" * 64) -> ConfidenceModel:
    """A change of mean square 2 x none_below is not made, one of 4 x none_below in full."""
    return ConfidenceModel(weights_sha256, 0.0, {}, none_below)


def hold_back(monkeypatch: pytest.MonkeyPatch, none_below: float) -> None:
    """Let the pipeline use `made_model` for any weights."""

    def load(weights_sha256: str) -> ConfidenceModel:
        return made_model(none_below, weights_sha256)

    monkeypatch.setattr(pipeline, "load_confidence", load)
