"""Statistics measured anew fit the pictures they were measured on, and change nothing else."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from engine.network.blocks import Down
from engine.network.config import DEFAULT
from engine.network.frih import FRIH
from training.batches import Batch
from training.norm_statistics import with_measured_statistics


def bright_batch(labels: torch.Tensor | None) -> Batch:
    rng = torch.Generator().manual_seed(0)
    picture = torch.randint(128, 256, (2, 3, 128, 128), generator=rng, dtype=torch.uint8)
    mask = torch.full((2, 1, 128, 128), 255, dtype=torch.uint8)
    return Batch(picture, picture, mask, labels)


def test_only_running_statistics_change_and_fit_what_was_seen() -> None:
    network = FRIH(DEFAULT)
    weights = {name: t.float().numpy() for name, t in network.state_dict().items()}
    labels = torch.zeros(2, 128, 128, dtype=torch.int8)
    measured = with_measured_statistics(weights, DEFAULT, [bright_batch(labels)] * 3, 2)
    changed = {name for name in weights if not np.array_equal(weights[name], measured[name])}
    assert changed
    assert all(name.endswith(("running_mean", "running_var", "tracked")) for name in changed)
    first, second = network.base.encoder[0], network.base.encoder[1]
    assert isinstance(first, Down)
    assert isinstance(second, Down)
    seen = torch.cat([bright_batch(labels).composite / 255, torch.ones(2, 1, 128, 128)], 1)
    convolved: torch.Tensor = second.conv(first(seen))
    mean = convolved.detach().mean((0, 2, 3)).numpy()
    np.testing.assert_allclose(measured["base.encoder.1.norm.running_mean"], mean, atol=1e-5)


def test_batches_without_labels_are_refused() -> None:
    weights = {name: t.float().numpy() for name, t in FRIH(DEFAULT).state_dict().items()}
    with pytest.raises(ValueError, match="labels"):
        with_measured_statistics(weights, DEFAULT, [bright_batch(None)], 1)
