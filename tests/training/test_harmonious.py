"""The threshold below which a composite is left alone keeps what it promises."""

from __future__ import annotations

import numpy as np
import pytest

from engine.errors import BadInputError
from training.harmonious import largest_threshold


def test_at_most_two_percent_of_wrong_composites_fall_below() -> None:
    rng = np.random.default_rng(0)
    change, before = rng.gamma(2, 60, 500), rng.gamma(2, 400, 500)
    threshold = largest_threshold(change, before)
    wrong = change[before > 500]
    assert (wrong < threshold).mean() <= 0.02
    assert (wrong < threshold + 5).mean() > 0.02


def test_without_wrong_composites_there_is_nothing_to_choose_by() -> None:
    with pytest.raises(BadInputError, match="evaluate more"):
        largest_threshold(np.ones(3), np.full(3, 100.0))
