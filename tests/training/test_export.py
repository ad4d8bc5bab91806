"""What is exported runs alike in every form, and takes its place only then."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors import safe_open
from safetensors.torch import save_file  # pyright: ignore[reportUnknownVariableType] - no types

from engine.errors import BadInputError, WeightsError
from engine.network.config import ABLATIONS, DEFAULT, NetworkConfig
from engine.network.frih import FRIH, Harmonized, SubmaskRows
from engine.runtime.weights import load_weights_file
from training import model_card, parity
from training.__main__ import main
from training.checkpoint import AVERAGE, CONFIG, SETTINGS
from training.export import export_weights
from training.model_card import print_settings
from training.parity import check_parity
from training.run_folder import read_run


def write_run(folder: Path, network: NetworkConfig = DEFAULT, *, base_only: bool = False) -> Path:
    """A run whose weights all differ from their start."""
    torch.manual_seed(0)  # pyright: ignore[reportUnknownMemberType] - torch leaves it untyped
    trained = FRIH(replace(network, stage2="none") if base_only else network)
    tensors = {
        name: tensor + 0.02 * torch.randn_like(tensor) if tensor.is_floating_point() else tensor
        for name, tensor in trained.state_dict().items()
    }
    folder.mkdir(parents=True)
    save_file({n: t.abs() if "var" in n else t for n, t in tensors.items()}, folder / AVERAGE)
    config = {"name": "made", "network": asdict(network), "base_only": base_only}
    (folder / CONFIG).write_text(json.dumps(config))
    return folder


def test_exported_weights_run_alike_and_are_recorded(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run, out = write_run(tmp_path / "run"), tmp_path / "out" / "w.safetensors"
    manifest = tmp_path / "plugin.json"
    manifest.write_text('{\n  "weights": {"sha256": "00"}\n}\n')
    assert main(["export", "--run", str(run), "--out", str(out), "--record", str(manifest)]) == 0
    recorded = json.loads(manifest.read_text())["weights"]["sha256"]
    loaded = load_weights_file(out, recorded)
    assert loaded.config == DEFAULT
    for name, array in read_run(run).weights.items():
        if not name.endswith("num_batches_tracked"):
            np.testing.assert_allclose(loaded.arrays[name], array, rtol=1e-3, atol=1e-6)
    found = check_parity(out)
    assert 0 < found.torch < 1 / 255
    assert found.onnx is not None
    assert 0 < found.onnx < 1 / 255
    printed = capsys.readouterr().out
    assert recorded in printed
    assert "Largest difference from the network as trained: ONNX" in printed


def test_nothing_is_replaced_or_recorded_when_the_forms_differ(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run, out, manifest = write_run(tmp_path / "run"), tmp_path / "w", tmp_path / "plugin.json"
    out.write_text("the weights before")
    manifest.write_text('{"sha256": "00"}')
    monkeypatch.setattr(parity, "LARGEST_DIFFERENCE", 1e-12)
    assert main(["export", "--run", str(run), "--out", str(out), "--record", str(manifest)]) == 2
    assert "do not run alike" in capsys.readouterr().err
    assert out.read_text() == "the weights before"
    assert manifest.read_text() == '{"sha256": "00"}'
    assert sorted(path.name for path in tmp_path.iterdir()) == ["plugin.json", "run", "w"]


def test_stage_one_alone_gets_a_cascade_that_changes_nothing(tmp_path: Path) -> None:
    trained = read_run(write_run(tmp_path / "run", base_only=True))
    assert not trained.is_stage2_trained
    network = FRIH(DEFAULT)
    network.load_state_dict({n: torch.as_tensor(a) for n, a in trained.weights.items()})
    network.eval()
    rng = torch.Generator().manual_seed(1)
    composite = torch.rand(1, 3, 128, 128, generator=rng)
    mask = torch.ones(1, 1, 128, 128)
    with torch.no_grad():
        found: Harmonized = network(composite, mask, SubmaskRows(mask, torch.tensor([0])))
    assert float((found.coarse.image - composite).abs().max()) > 1e-3
    assert torch.equal(found.refined, found.coarse.image)


@pytest.mark.parametrize("row", ["baseline", "cascade-global-mask", "cascade-submasks"])
def test_ablations_are_refused(
    tmp_path: Path, row: str, capsys: pytest.CaptureFixture[str]
) -> None:
    run = write_run(tmp_path / "run", ABLATIONS[row])
    assert main(["export", "--run", str(run), "--out", str(tmp_path / "w")]) == 2
    assert "is an ablation of the paper" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (replace(DEFAULT, norm="group"), "network.norm=group"),
        (replace(DEFAULT, map_degree=1), "network.map_degree=1"),
        (replace(DEFAULT, statistics="histograms"), "network.statistics=histograms"),
        (replace(DEFAULT, head_level=2), "network.head_level=2"),
        (replace(DEFAULT, output="map"), "a colour map alone"),
    ],
)
def test_forms_for_experiments_are_refused(
    tmp_path: Path, changed: NetworkConfig, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    run = write_run(tmp_path / "run", changed)
    assert main(["export", "--run", str(run), "--out", str(tmp_path / "w")]) == 2
    assert said in capsys.readouterr().err
    assert not (tmp_path / "w").exists()


def test_the_configuration_goes_into_the_file_and_the_card(tmp_path: Path) -> None:
    run, card, out = write_run(tmp_path / "run"), tmp_path / "CARD.md", tmp_path / "w"
    card.write_text(f"# Card\n\n{model_card.BEGIN}\nold\n{model_card.END}\n\nThe rest.\n")
    assert main(["export", "--run", str(run), "--out", str(out), "--card", str(card)]) == 0
    text = card.read_text()
    assert "    network.encoder=32,64,128,192,256,256,256\n" in text
    assert "    base_only=false\n" in text
    assert "old" not in text
    assert text.startswith("# Card\n")
    assert text.endswith("The rest.\n")
    print_settings(card, ["seed=1"])
    assert "    seed=1\n" in card.read_text(), "what was printed can be printed over"
    with safe_open(out, "np") as opened:  # pyright: ignore[reportUnknownVariableType] - it has no types
        metadata: dict[str, str] = opened.metadata()  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
    assert "network.color_map=true" in metadata[SETTINGS].splitlines()


def test_a_card_without_a_place_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match=r"CARD\.md cannot be read"):
        print_settings(tmp_path / "CARD.md", [])
    (tmp_path / "CARD.md").write_text("# Card\n")
    with pytest.raises(BadInputError, match=r"CARD\.md has no place for settings"):
        print_settings(tmp_path / "CARD.md", [])


def test_run_from_before_an_option_has_its_default(tmp_path: Path) -> None:
    run = write_run(tmp_path / "run")
    config = json.loads((run / CONFIG).read_text())
    for name in ("norm", "map_degree", "statistics", "head_level"):
        del config["network"][name]
    (run / CONFIG).write_text(json.dumps(config))
    assert read_run(run).network == DEFAULT


def test_folder_without_a_run_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="holds no training run"):
        read_run(tmp_path)


def test_missing_tensor_and_value_beyond_fp16_are_named(tmp_path: Path) -> None:
    weights = {name: t.float().numpy() for name, t in FRIH(DEFAULT).state_dict().items()}
    large = weights | {"base.head.bias": np.array([1e6, 0, 0], np.float32)}
    with pytest.raises(WeightsError, match=r"base\.head\.bias does not fit 16-bit"):
        export_weights(large, DEFAULT, tmp_path / "w")
    del weights["base.head.bias"]
    with pytest.raises(WeightsError, match=r"no base\.head\.bias"):
        export_weights(weights, DEFAULT, tmp_path / "w")
    assert not (tmp_path / "w").exists()
