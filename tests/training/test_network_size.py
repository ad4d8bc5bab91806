"""Multiplications are counted as one does by hand, and as torch's own counter does."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn
from torch.utils.flop_counter import FlopCounterMode

from engine.network.config import ABLATIONS, DEFAULT, PAPER, NetworkConfig
from engine.network.frih import FRIH, SubmaskRows
from training.network_size import count_operations, multiplications


def counted(layer: nn.Module, taken: Tensor) -> int:
    return multiplications(layer, taken, layer(taken))


def test_a_convolution_multiplies_each_output_by_its_kernel() -> None:
    """The base network's first layer: 4 channels to 32, 4 x 4, from 256 to 128 pixels."""
    layer = nn.Conv2d(4, 32, 4, stride=2, padding=1)
    assert counted(layer, torch.zeros(1, 4, 256, 256)) == 128 * 128 * 32 * (4 * 4 * 4)


def test_a_transposed_convolution_multiplies_each_input_by_its_kernel() -> None:
    layer = nn.ConvTranspose2d(8, 3, 4, stride=2, padding=1)
    assert counted(layer, torch.zeros(1, 8, 10, 12)) == 10 * 12 * 8 * (3 * 4 * 4)


def test_a_linear_layer_multiplies_its_whole_matrix() -> None:
    assert counted(nn.Linear(5, 7), torch.zeros(2, 5)) == 2 * 5 * 7


def test_a_layer_without_weights_multiplies_nothing() -> None:
    assert counted(nn.LeakyReLU(), torch.zeros(1, 3, 4, 4)) == 0


def test_the_baselines_count_is_that_of_torchs_counter() -> None:
    network = FRIH(ABLATIONS["baseline"]).eval()
    picture, mask = torch.zeros(1, 3, 256, 256), torch.zeros(1, 1, 256, 256)
    with torch.inference_mode(), FlopCounterMode(display=False) as counter:
        network(picture, mask, SubmaskRows(mask, torch.zeros(1, dtype=torch.int64)))
    found = count_operations(ABLATIONS["baseline"])
    assert 2 * found.base == counter.get_total_flops()
    assert found.of_picture(5) == found.base


@pytest.mark.parametrize("config", [DEFAULT, PAPER], ids=["default", "paper"])
def test_each_submask_adds_the_same(config: NetworkConfig) -> None:
    found = count_operations(config)
    each = found.cascade + found.fusion_folded
    assert found.of_picture(4) - found.of_picture(1) == 3 * each
    assert found.fusion_folded < found.fusion
