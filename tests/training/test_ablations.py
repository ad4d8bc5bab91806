"""Networks as they were trained: the rows of Tables 3 and 4, by their configs' names."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest
import torch
from iharmony_folder import write_set
from safetensors.torch import save_file  # pyright: ignore[reportUnknownVariableType] - no types
from torch import Tensor

from engine.errors import BadInputError, WeightsError
from engine.network.config import ABLATIONS, DEFAULT, PAPER, NetworkConfig
from engine.network.frih import FRIH
from engine.pipeline import PAPER_SETTINGS
from engine.runtime.backend import open_backend
from engine.runtime.weights import LoadedWeights
from training.ablations import as_trained, measure_ablations, open_ablations
from training.checkpoint import AVERAGE, CONFIG
from training.config import CONFIGS
from training.export import export_weights
from training.iharmony import Triple, load_triples
from training.iharmony_views import TripleView, read_triple, view_triple
from training.through_engine import OnePassBackend, Way, outcomes


@pytest.fixture
def triples(tmp_path: Path) -> list[Triple]:
    write_set(tmp_path / "set", {"f1_1_1": 40})
    return load_triples(tmp_path / "set")


@pytest.fixture
def view(triples: list[Triple]) -> TripleView:
    return view_triple(read_triple(triples[0]))


def made(config: NetworkConfig) -> FRIH:
    with torch.random.fork_rng():
        torch.manual_seed(3)  # pyright: ignore[reportUnknownMemberType] - torch leaves it untyped
        return FRIH(config).eval()


def write_run(folder: Path, name: str, tensors: dict[str, Tensor] | None = None) -> Path:
    network = CONFIGS[name].network
    folder.mkdir()
    save_file(tensors or made(network).state_dict(), folder / AVERAGE)
    config = {"name": name, "network": asdict(network), "base_only": False}
    (folder / CONFIG).write_text(json.dumps(config))
    return folder


def test_the_whole_method_comes_out_as_through_the_engine(
    triples: list[Triple], view: TripleView
) -> None:
    network = made(PAPER)
    arrays = {name: tensor.numpy() for name, tensor in network.state_dict().items()}
    backend = OnePassBackend(open_backend("torch", LoadedWeights(arrays, PAPER, "made")))
    way = Way((1.0,), PAPER_SETTINGS, paper=True)
    through_engine = outcomes(read_triple(triples[0]), way, backend)[0].pixels
    found = as_trained(network, view, PAPER_SETTINGS.cutoff_distance)
    assert np.abs(found.astype(int) - through_engine).max() <= 1
    assert (found != view.composite).any()


@pytest.mark.parametrize("row", ABLATIONS)
def test_every_row_leaves_what_is_outside_the_mask(row: str, view: TripleView) -> None:
    found = as_trained(made(ABLATIONS[row]), view, 0.1)
    np.testing.assert_array_equal(found[~view.inside], view.composite[~view.inside])
    assert (found[view.inside] != view.composite[view.inside]).any()


def test_the_baseline_is_its_coarse_picture(view: TripleView) -> None:
    network = made(ABLATIONS["baseline"])
    composite = torch.as_tensor(view.composite / np.float32(255)).permute(2, 0, 1)[None]
    mask = torch.as_tensor(view.inside, dtype=torch.float32)[None, None]
    with torch.no_grad():
        coarse: Tensor = network.base(composite, mask).image[0]
    expected = (coarse * 255).round().clamp(0, 255).permute(1, 2, 0).numpy()
    found = as_trained(network, view, 0.1)
    np.testing.assert_array_equal(found[view.inside], expected[view.inside])


def test_runs_and_weights_files_are_rows_by_their_configs_names(
    tmp_path: Path, triples: list[Triple]
) -> None:
    run = write_run(tmp_path / "run", "paper-baseline")
    file = tmp_path / "mine.safetensors"
    export_weights({n: t.numpy() for n, t in made(DEFAULT).state_dict().items()}, DEFAULT, file)
    ablations = open_ablations([run, file])
    found = measure_ablations(triples, ablations, 0.1)
    assert list(found) == ["paper-baseline", "photos"]
    assert found["paper-baseline"][0].name == "f1_1_1"
    assert found["paper-baseline"][0].result != found["paper-baseline"][0].composite


def test_two_of_one_name_are_refused(tmp_path: Path) -> None:
    runs = [write_run(tmp_path / name, "paper-baseline") for name in ("one", "two")]
    with pytest.raises(BadInputError, match="paper-baseline"):
        open_ablations(runs)


def test_what_is_no_run_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="no training run"):
        open_ablations([tmp_path])


def test_a_checkpoint_that_lacks_a_tensor_is_named(tmp_path: Path) -> None:
    tensors = made(ABLATIONS["baseline"]).state_dict()
    del tensors["base.head.weight"]
    run = write_run(tmp_path / "run", "paper-baseline", tensors)
    with pytest.raises(WeightsError, match=r"run lacks base\.head\.weight"):
        open_ablations([run])


def test_weights_that_give_no_numbers_are_refused(view: TripleView) -> None:
    network = made(ABLATIONS["baseline"])
    with torch.no_grad():
        assert network.base.head is not None
        network.base.head.weight.fill_(float("nan"))
    with pytest.raises(WeightsError, match="no number"):
        as_trained(network, view, 0.1)
