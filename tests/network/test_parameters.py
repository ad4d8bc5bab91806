"""The network has the paper's size (FRIH, "Comparison of Model Size"): each part within 1 %."""

from __future__ import annotations

import pytest
from torch import nn

from engine.network.config import ABLATIONS, DEFAULT, PAPER, NetworkConfig
from engine.network.frih import FRIH

STAGE_1, STAGE_2, WHOLE = 9_300_000, 2_680_000, 11_980_000


def parameters(module: nn.Module | None) -> int:
    return 0 if module is None else sum(p.numel() for p in module.parameters())


@pytest.mark.parametrize("config", [DEFAULT, PAPER], ids=["default", "paper"])
def test_each_stage_has_the_papers_size_within_one_percent(config: NetworkConfig) -> None:
    network = FRIH(config)
    assert parameters(network.base) == pytest.approx(STAGE_1, rel=0.01)
    assert parameters(network.cascade) == pytest.approx(STAGE_2, rel=0.01)
    assert parameters(network) == pytest.approx(WHOLE, rel=0.01)


def test_rows_of_table_3_add_their_modules_one_by_one() -> None:
    sizes = {name: parameters(FRIH(config)) for name, config in ABLATIONS.items()}
    assert sizes["baseline"] == parameters(FRIH(PAPER).base)
    assert sizes["cascade-global-mask"] == sizes["cascade-submasks"] > sizes["baseline"]
    assert sizes["frih"] > sizes["cascade-submasks"]


def test_a_config_needs_a_width_for_every_level() -> None:
    with pytest.raises(ValueError, match="encoder needs 7 widths"):
        NetworkConfig(encoder=(1, 2, 3))


def test_a_color_map_needs_the_residual_form() -> None:
    with pytest.raises(ValueError, match="colour map"):
        NetworkConfig(output="rgb", color_map=True)
