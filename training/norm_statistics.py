"""Measures the batch norms' means and variances anew, on views of the size that the engine shows.

Statistics gathered on smaller training pictures do not fit 256 x 256 ones exactly; measuring them
again costs a minute and no training.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

import torch
from torch import nn

from engine.network.config import NetworkConfig
from engine.network.frih import FRIH, rows_from_labels
from engine.network.inference_weights import Array, Weights
from training.batches import Batch


def with_measured_statistics(
    weights: Weights, config: NetworkConfig, batches: Iterable[Batch], count: int
) -> dict[str, Array]:
    """The same weights, their running statistics the plain mean over `count` batches.

    The batches must carry labels. Nothing but running_mean and running_var changes.
    """
    network = FRIH(config)
    tensors = {name: torch.as_tensor(array) for name, array in weights.items()}
    network.load_state_dict(network.state_dict() | tensors)
    for module in network.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.reset_running_stats()
            module.momentum = None  # a cumulative mean
    network.train()
    with torch.no_grad():
        for batch in islice(batches, count):
            _see(network, batch)
    return {name: tensor.numpy() for name, tensor in network.state_dict().items()}


def _see(network: FRIH, batch: Batch) -> None:
    if batch.labels is None:
        raise ValueError("Stage 2 is measured on submasks: the batches need labels.")
    composite, mask = batch.composite.float() / 255, batch.mask.float() / 255
    network(composite, mask, rows_from_labels(batch.labels))
