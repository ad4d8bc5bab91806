"""Every exact rewrite equals the literal form of the paper's network."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import Tensor
from torch.nn import functional

from engine.network.config import ABLATIONS, DEFAULT, PAPER, NetworkConfig
from engine.network.folded_head import fold_first_layer
from engine.network.frih import FRIH, SubmaskRows, paste, rows_from_labels
from engine.network.inference import BaseInference, CascadeInference
from engine.network.inference_weights import Array, base_weights, cascade_weights


def randomized(config: NetworkConfig, seed: int = 0) -> FRIH:
    """A network whose every weight and statistic differs from its start, in evaluation mode."""
    rng = torch.Generator().manual_seed(seed)
    network = FRIH(config)
    for name, tensor in network.state_dict().items():
        if name.endswith("running_var"):
            tensor.uniform_(0.5, 2, generator=rng)
        elif tensor.is_floating_point():
            tensor.add_(torch.randn(tensor.shape, generator=rng) * 0.02)
    return network.eval()


def arrays_of(network: FRIH) -> dict[str, Array]:
    return {name: t.float().numpy() for name, t in network.state_dict().items()}


def inputs(size: int = 128) -> tuple[Tensor, Tensor, Tensor]:
    rng = torch.Generator().manual_seed(1)
    composite = torch.rand(1, 3, size, size, generator=rng)
    mask = (torch.rand(1, 1, size, size, generator=rng) > 0.5).float()
    submask = mask * (torch.rand(1, 1, size, size, generator=rng) > 0.5).float()
    return composite, mask, submask


def literal_refine(
    network: FRIH, coarse: Tensor, features: list[Tensor], submask: Tensor
) -> Tensor:
    """Eqs. 3-5 and Figure 4 as written, one picture and one submask."""
    cascade = network.cascade
    assert cascade is not None
    encoded: list[Tensor] = []
    x = torch.cat([coarse, submask], 1)
    for layer in cascade.encoder:
        x = layer(x)
        encoded.append(x)
    decoded: list[Tensor] = []
    for level in reversed(range(7)):
        transferred = cascade.transfer[level](features[level])
        sources = [*decoded[-1:], transferred, encoded[level]]
        decoded.append(cascade.decoder[level](cascade.fuse[level](torch.cat(sources, 1))))
    prediction: Tensor = cascade.fusion_prediction(decoded)
    return prediction


@pytest.mark.parametrize("config", [DEFAULT, PAPER], ids=["default", "paper"])
def test_inference_form_equals_the_literal_network(config: NetworkConfig) -> None:
    network = randomized(config)
    composite, mask, submask = inputs()
    arrays = arrays_of(network)
    base = BaseInference(base_weights(arrays, config), config)
    cascade = CascadeInference(cascade_weights(arrays, config), config)
    with torch.no_grad():
        coarse = network.base(composite, mask)
        image, color_map, *shared = base(composite, mask)
        expected = literal_refine(network, coarse.image, coarse.features, submask)
        refined = cascade(coarse.image, submask, *shared)
    torch.testing.assert_close(image, coarse.image, atol=2e-5, rtol=1e-4)
    torch.testing.assert_close(color_map, coarse.color_map, atol=2e-5, rtol=1e-4)
    assert float(expected.std()) > 1e-3
    torch.testing.assert_close(refined, expected, atol=2e-5, rtol=1e-4)


def test_folded_head_equals_concatenation_with_gradients() -> None:
    head = FRIH(DEFAULT).cascade
    assert head is not None
    fusion = head.fusion_prediction
    features = [torch.randn(2, c, 2 * 2**i, 2 * 2**i) for i, c in enumerate(fusion.inputs)]
    full = [functional.interpolate(f, size=128, mode="nearest") for f in features]
    literal = fusion.first(torch.cat(full, 1))
    folded = fold_first_layer(fusion.first, fusion.inputs, features)
    torch.testing.assert_close(folded, literal, atol=2e-5, rtol=1e-4)
    (of_literal,) = torch.autograd.grad(literal.square().mean(), fusion.first.weight)
    (of_folded,) = torch.autograd.grad(folded.square().mean(), fusion.first.weight)
    torch.testing.assert_close(of_folded, of_literal, atol=1e-5, rtol=1e-3)


@pytest.mark.parametrize("name", list(ABLATIONS))
def test_rows_of_table_3_train_and_keep_what_is_outside_the_mask(name: str) -> None:
    network = FRIH(ABLATIONS[name])
    composite, mask, _ = inputs()
    composite, mask = composite.repeat(2, 1, 1, 1), mask.repeat(2, 1, 1, 1)
    labels = torch.where(mask[:, 0] > 0, torch.tensor(0), torch.tensor(-1)).to(torch.int8)
    labels[0, :64] = torch.where(labels[0, :64] == 0, torch.tensor(1), torch.tensor(-1))
    output = network(composite, mask, rows_from_labels(labels))
    assert torch.equal(output.final * (1 - mask), composite * (1 - mask))
    output.final.square().mean().backward()
    assert all(bool(p.grad.isfinite().all()) for p in network.parameters() if p.grad is not None)
    assert (network.cascade is None) == (name == "baseline")


def test_default_network_starts_at_the_untouched_composite() -> None:
    composite, mask, _ = inputs()
    network = FRIH(DEFAULT).eval()
    rows = SubmaskRows(mask, torch.zeros(1, dtype=torch.int64))
    with torch.no_grad():
        output = network(composite, mask, rows)
    assert torch.equal(output.final, composite)


def test_batched_rows_equal_one_picture_at_a_time() -> None:
    network = randomized(DEFAULT)
    rng = torch.Generator().manual_seed(3)
    composite = torch.rand(2, 3, 128, 128, generator=rng)
    mask = torch.rand(2, 1, 128, 128, generator=rng)
    labels = torch.randint(-1, 3, (2, 128, 128), generator=rng, dtype=torch.int8)
    with torch.no_grad():
        together = network(composite, mask, rows_from_labels(labels)).final
        for index in range(2):
            one = slice(index, index + 1)
            alone = network(composite[one], mask[one], rows_from_labels(labels[one])).final
            torch.testing.assert_close(together[one], alone, atol=1e-5, rtol=1e-4)


def test_paste_leaves_what_is_outside() -> None:
    composite, mask, _ = inputs()
    pasted = paste(composite, torch.zeros_like(composite), mask)
    assert np.array_equal(pasted.numpy(), (composite * (1 - mask)).numpy())


def test_rows_cover_every_label_once() -> None:
    labels = torch.tensor([[[0, 1], [-1, 1]], [[-1, -1], [-1, 0]]], dtype=torch.int8)
    rows = rows_from_labels(labels)
    assert torch.equal(rows.image, torch.tensor([0, 0, 1]))
    assert torch.equal(rows.masks.flatten(1).sum(1), torch.tensor([1.0, 2.0, 1.0]))


def test_no_parameter_is_left_without_a_gradient() -> None:
    network = randomized(DEFAULT).train()
    _, mask, _ = inputs()
    pair = torch.rand(4, 3, 128, 128), mask.repeat(4, 1, 1, 1)
    labels = torch.where(pair[1][:, 0] > 0, 0, -1).to(torch.int8)
    output = network(*pair, rows_from_labels(labels))
    (output.final.square().mean() + output.coarse.image.square().mean()).backward()
    idle = [n for n, p in network.named_parameters() if p.grad is None or not p.grad.any()]
    assert [n for n in idle if not n.endswith("conv.bias")] == []  # a norm takes those out again
