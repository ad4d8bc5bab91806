"""Forms of the network that experiments compare: each starts at the composite and learns."""

from __future__ import annotations

import json
from dataclasses import asdict, replace

import pytest
import torch
from torch import Tensor, nn

from engine.network.config import DEFAULT, NetworkConfig, network_config
from engine.network.frih import FRIH, Harmonized, rows_from_labels

SMALL = replace(
    DEFAULT, encoder=(16,) * 7, decoder=(16,) * 7, cascade_encoder=(16,) * 7, transfer=(4,) * 7,
    cascade_decoder=(16,) * 7, head=8,
)  # fmt: skip

FORMS = {
    "affine map": replace(SMALL, map_degree=1),
    "map alone": replace(SMALL, output="map"),
    "residual alone": replace(SMALL, color_map=False),
    "no statistics": replace(SMALL, statistics="none"),
    "histograms": replace(SMALL, statistics="histograms"),
    "quarter": replace(SMALL, head_level=3),
    "group norm": replace(SMALL, norm="group"),
    "no norm": replace(SMALL, norm="none"),
}


def inputs() -> tuple[Tensor, Tensor, Tensor]:
    """Two pictures, their masks, and labels of two submasks each."""
    rng = torch.Generator().manual_seed(1)
    mask = torch.zeros(2, 1, 128, 128)
    mask[:, :, 30:90, 40:100] = 1
    labels = torch.where(mask[:, 0] > 0, 0, -1).to(torch.int8)
    labels[:, 60:90, 40:100] = 1
    return torch.rand(2, 3, 128, 128, generator=rng), mask, labels


def run(network: FRIH) -> Harmonized:
    composite, mask, labels = inputs()
    found: Harmonized = network(composite, mask, rows_from_labels(labels))
    return found


@pytest.mark.parametrize("config", FORMS.values(), ids=FORMS)
def test_every_form_starts_at_the_untouched_composite(config: NetworkConfig) -> None:
    with torch.no_grad():
        assert torch.equal(run(FRIH(config)).final, inputs()[0])


@pytest.mark.parametrize("config", FORMS.values(), ids=FORMS)
def test_no_parameter_of_a_form_is_idle(config: NetworkConfig) -> None:
    """What nothing depends on would be trained, counted and shipped for nothing."""
    network = FRIH(config)
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.add_(0.02 * torch.randn_like(parameter))
    found = run(network)
    (found.final.square().mean() + found.coarse.image.square().mean()).backward()
    assert [name for name, p in network.named_parameters() if p.grad is None] == []


def test_an_affine_map_has_no_squares_and_no_products() -> None:
    network = FRIH(FORMS["affine map"])
    assert network.base.map_head is not None
    nn.init.ones_(network.base.map_head.coefficients.weight)
    color_map = run(network).coarse.color_map
    assert color_map.shape == (2, 3, 10)
    assert bool(color_map[:, :, :4].any())
    assert not color_map[:, :, 4:].any()


def test_a_map_alone_moves_equal_colours_equally() -> None:
    network = FRIH(FORMS["map alone"])
    assert network.base.map_head is not None
    nn.init.ones_(network.base.map_head.coefficients.weight)
    composite, mask, _ = inputs()
    composite[:] = composite[:, :, :1, :1]
    with torch.no_grad():
        image = network.base(composite, mask).image
    assert float((image - composite).abs().max()) > 1e-3
    torch.testing.assert_close(image, image[:, :, :1, :1].expand_as(image))


def test_a_residual_of_a_quarter_is_smooth() -> None:
    """Bilinear enlargement: second differences vanish but at the quarter's own pixels."""
    network = FRIH(FORMS["quarter"])
    assert network.base.head is not None
    nn.init.normal_(network.base.head.weight)
    composite, mask, _ = inputs()
    with torch.no_grad():
        residual = network.base(composite, mask).image - composite
    row = residual[0, 0, 64]
    bends = (row[2:] - 2 * row[1:-1] + row[:-2]).abs() > 1e-4
    assert 0 < int(bends.sum()) <= 2 * 32


def test_statistics_reach_the_map_only_where_they_are_an_input() -> None:
    names = [name for name, _ in FRIH(FORMS["no statistics"]).named_parameters()]
    assert not any("embed" in name for name in names)
    assert any("embed" in name for name, _ in FRIH(SMALL).named_parameters())


@pytest.mark.parametrize("norm", ["group", "none"])
def test_without_batch_norm_a_picture_does_not_depend_on_its_neighbours(norm: str) -> None:
    network = FRIH(FORMS[f"{norm} norm" if norm == "group" else "no norm"]).train()
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.add_(0.02 * torch.randn_like(parameter))
        composite, mask, _ = inputs()
        together = network.base(composite, mask).image[:1]
        alone = network.base(composite[:1], mask[:1]).image
    torch.testing.assert_close(alone, together, atol=1e-5, rtol=1e-4)


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"output": "map", "color_map": False}, "needs color_map"),
        ({"head_level": 0}, "head_level is 0"),
        ({"head_level": 8}, "from 1 to 7"),
        ({"head_level": 3, "output": "map"}, "Only a residual"),
    ],
)
def test_forms_that_make_no_sense_are_refused(changed: dict[str, object], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        replace(SMALL, **changed)  # pyright: ignore[reportArgumentType] - parametrized


def test_a_config_comes_back_from_json_as_it_was() -> None:
    other = replace(DEFAULT, statistics="histograms", head=8)
    assert network_config(json.loads(json.dumps(asdict(other)))) == other
    older = {"encoder": list(DEFAULT.encoder), "of another version": 1}
    assert network_config(older) == DEFAULT
