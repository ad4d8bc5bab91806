"""Weights are found through plugin.json, and nothing runs on any bytes but the right ones."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save

from engine import manifest
from engine.errors import WeightsError
from engine.manifest import read_manifest
from engine.network.config import DEFAULT, PAPER
from engine.runtime.backend import BACKENDS, BackendName, open_backend
from engine.runtime.weights import LoadedWeights, load_weights, load_weights_file

NETWORK = {"network": json.dumps(asdict(PAPER))}
WEIGHTS = save({"bias": np.arange(64, dtype=np.float16)}, NETWORK)
CPU_BACKENDS = [name for name in BACKENDS if not name.endswith("cuda")]


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A project of its own, with a plugin.json and a small weights file that fits it."""
    weights_file(tmp_path).parent.mkdir(parents=True)
    weights_file(tmp_path).write_bytes(WEIGHTS)
    write_manifest(tmp_path, hashlib.sha256(WEIGHTS).hexdigest())
    monkeypatch.setattr(manifest, "_PACKAGE", tmp_path / "engine")
    read_manifest.cache_clear()
    yield tmp_path
    read_manifest.cache_clear()


def weights_file(checkout: Path) -> Path:
    return checkout / "engine" / "weights" / "frih.safetensors"


def write_manifest(checkout: Path, sha256: str, folder: str = ".") -> None:
    weights = {"file": "engine/weights/frih.safetensors", "sha256": sha256}
    content = {"version": "1", "protocol_version": 1, "weights": weights}
    (checkout / folder / "plugin.json").write_text(json.dumps(content))


def test_weights_are_found_through_plugin_json(checkout: Path) -> None:
    loaded = load_weights()
    assert loaded.sha256 == hashlib.sha256(WEIGHTS).hexdigest()
    assert loaded.config == PAPER
    assert loaded.arrays["bias"].dtype == np.float32
    assert loaded.arrays["bias"].tolist() == list(range(64))
    assert read_manifest().weights == weights_file(checkout)


def test_an_installed_plugin_json_goes_before_the_checkouts(checkout: Path) -> None:
    write_manifest(checkout, "0" * 64)
    write_manifest(checkout, hashlib.sha256(WEIGHTS).hexdigest(), "engine")
    assert load_weights().config == PAPER


def test_missing_weights_are_a_sentence(checkout: Path) -> None:
    weights_file(checkout).unlink()
    with pytest.raises(WeightsError, match=r"frih\.safetensors cannot be read: install"):
        load_weights()


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="empty"),
        pytest.param(WEIGHTS[:-1], id="truncated"),
        pytest.param(WEIGHTS[:4], id="truncated in its header"),
        pytest.param(WEIGHTS + b"\0", id="longer"),
        pytest.param(WEIGHTS[:-1] + bytes([WEIGHTS[-1] ^ 1]), id="one bit flipped"),
        pytest.param(save({"bias": np.ones(64, np.float16)}, NETWORK), id="other weights"),
    ],
)
def test_any_other_bytes_are_a_sentence_before_they_are_parsed(
    checkout: Path, content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    weights_file(checkout).write_bytes(content)
    monkeypatch.setattr("engine.runtime.weights.load", pytest.fail)
    with pytest.raises(WeightsError, match=r"cut off or not the one .*: install FRIH again"):
        load_weights()


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"\xff" * 8 + WEIGHTS[8:], id="length of the header"),
        pytest.param(WEIGHTS.replace(b'"dtype"', b'"dtypo"'), id="name in the header"),
        pytest.param(WEIGHTS[:-1], id="truncated"),
        pytest.param(save({"bias": np.zeros(2, np.float16)}), id="no network in it"),
        pytest.param(save({}, {"network": "[1]"}), id="network not an object"),
        pytest.param(save({}, {"network": '{"encoder": [1, 2]}'}), id="impossible widths"),
    ],
)
def test_a_damaged_file_without_a_hash_to_check_is_a_sentence(
    tmp_path: Path, content: bytes
) -> None:
    file = tmp_path / "other.safetensors"
    file.write_bytes(content)
    with pytest.raises(WeightsError, match=r"other\.safetensors is damaged"):
        load_weights_file(file)


@pytest.mark.parametrize("content", ["", "{", "[]", '{"version": "1"}', "\x00"])
def test_a_damaged_plugin_json_is_a_sentence(checkout: Path, content: str) -> None:
    (checkout / "plugin.json").write_text(content)
    with pytest.raises(WeightsError, match=r"plugin\.json is damaged: install FRIH again"):
        load_weights()


def test_a_missing_plugin_json_is_a_sentence(checkout: Path) -> None:
    (checkout / "plugin.json").unlink()
    with pytest.raises(WeightsError, match=r"plugin\.json is missing"):
        load_weights()


@pytest.mark.parametrize("name", CPU_BACKENDS)
@pytest.mark.usefixtures("checkout")
def test_no_backend_opens_on_weights_that_are_not_the_right_ones(
    name: BackendName, checkout: Path
) -> None:
    weights_file(checkout).write_bytes(WEIGHTS[:-1])
    with pytest.raises(WeightsError):
        open_backend(name)


@pytest.mark.parametrize("name", CPU_BACKENDS)
def test_weights_that_lack_an_array_are_a_sentence(
    name: BackendName, random_weights: LoadedWeights
) -> None:
    arrays = {n: a for n, a in random_weights.arrays.items() if n != "base.head.weight"}
    with pytest.raises(WeightsError, match="do not belong to this network"):
        open_backend(name, replace(random_weights, arrays=arrays))


def test_an_array_of_another_shape_is_a_sentence(random_weights: LoadedWeights) -> None:
    wrong = {"base.head.weight": np.zeros((3, 8, 1, 1), np.float32)}
    weights = replace(random_weights, arrays={**random_weights.arrays, **wrong})
    with pytest.raises(WeightsError, match=r"base\.onnx is damaged or does not fit"):
        open_backend("onnx", weights)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(None, "is missing"), (b"", "is damaged"), (b"\x08\x07\x12", "is damaged")],
)
def test_an_absent_or_damaged_graph_is_a_sentence(
    content: bytes | None,
    sentence: str,
    random_weights: LoadedWeights,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("engine.runtime.onnx_backend.GRAPHS", tmp_path)
    if content is not None:
        (tmp_path / "base.onnx").write_bytes(content)
    with pytest.raises(WeightsError, match=rf"base\.onnx {sentence}.*: install FRIH again"):
        open_backend("onnx", random_weights)


def test_shipped_weights_are_what_plugin_json_says() -> None:
    found = read_manifest()
    if not found.weights.is_file():
        pytest.skip("no weights are shipped yet")
    loaded = load_weights()
    assert loaded.config == DEFAULT
    assert loaded.sha256 == found.weights_sha256
