"""The whole of FRIH: base network, cascaded module for every submask, results merged (Figure 2)."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor, nn

from engine.network.base_network import BaseNetwork, Coarse
from engine.network.cascaded_module import CascadedModule
from engine.network.config import NetworkConfig


class SubmaskRows(NamedTuple):
    """All submasks of a batch, flattened: masks (R, 1, H, W) of 0 and 1; image (R,) int64."""

    masks: Tensor
    image: Tensor


class Harmonized(NamedTuple):
    """The results of both stages, not clipped.

    coarse: stage 1; refined: (R, 3, H, W), one a submask; final: (B, 3, H, W), merged.
    """

    coarse: Coarse
    refined: Tensor
    final: Tensor


def rows_from_labels(labels: Tensor) -> SubmaskRows:
    """(B, H, W) int8 labels, -1 outside, to one row for every submask that has a pixel."""
    count = int(labels.max().item()) + 1
    wanted = torch.arange(max(count, 0), device=labels.device, dtype=labels.dtype)
    masks = labels[:, None] == wanted.view(1, -1, 1, 1)
    image, index = masks.any(3).any(2).nonzero(as_tuple=True)
    return SubmaskRows(masks[image, index][:, None].float(), image)


def paste(composite: Tensor, image: Tensor, mask: Tensor) -> Tensor:
    """The image inside the (soft) mask, the composite's own pixels outside."""
    return composite + mask * (image - composite)


class FRIH(nn.Module):
    """The two-stage network; `config.stage2` chooses the rows of the paper's Table 3."""

    def __init__(self, config: NetworkConfig) -> None:
        super().__init__()
        self.config = config
        self.base = BaseNetwork(config)
        self.cascade = None if config.stage2 == "none" else CascadedModule(config)

    def forward(self, composite: Tensor, mask: Tensor, rows: SubmaskRows) -> Harmonized:
        """Harmonize a batch.

        composite: (B, 3, H, W) in [0, 1]; mask: (B, 1, H, W), soft or of 0 and 1; rows: the
        submasks, ignored by the baseline and by the cascade with the global mask.
        """
        coarse: Coarse = self.base(composite, mask)
        if self.cascade is None:
            return Harmonized(coarse, coarse.image[:0], paste(composite, coarse.image, mask))
        if self.config.stage2 == "global mask":
            everything = torch.arange(composite.shape[0], device=composite.device)
            rows = SubmaskRows((mask >= 0.5).float(), everything)
        refined = self._refine(composite, mask, coarse, rows)
        return Harmonized(coarse, refined, merge(composite, mask, refined, rows))

    def _refine(self, composite: Tensor, mask: Tensor, coarse: Coarse, rows: SubmaskRows) -> Tensor:
        if self.cascade is None:
            raise ValueError("The baseline has no cascaded module.")
        residual = self.config.output != "rgb"
        seen = paste(composite, coarse.image, mask) if residual else coarse.image
        refined: Tensor = self.cascade(seen, coarse.features, rows.masks, rows.image)
        return refined.float() + coarse.image[rows.image] if residual else refined


def merge(composite: Tensor, mask: Tensor, refined: Tensor, rows: SubmaskRows) -> Tensor:
    """Combine the refined images by their submasks; outside all of them the composite stays."""
    change = rows.masks * (refined - composite[rows.image])
    return composite + mask * torch.zeros_like(composite).index_add(0, rows.image, change)
