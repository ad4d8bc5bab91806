"""What is wrong with data, disk or checkpoint is one sentence, and the last checkpoint stays."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from iharmony_folder import write_set
from made_photos import HEIGHT, WIDTH, encoded, smooth_picture, write_photos, write_tar
from safetensors.torch import load_file, save_file  # pyright: ignore[reportUnknownVariableType] - no types
from torch import Tensor
from torch.utils.tensorboard.writer import SummaryWriter

from engine.errors import BadInputError, OutputError
from training import checkpoint, loop
from training.__main__ import main
from training.checkpoint import AVERAGE, CONFIG, OPTIMIZER, STATE, WEIGHTS
from training.config import CONFIGS
from training.loop import NonFiniteLossError, RunPlan, Trainer
from training.photos import open_store
from training.progress import RunProgress
from training.sources import PairSource

WIDTHS = [
    f"network.{name}={','.join(['4'] * 7)}"
    for name in ("encoder", "decoder", "cascade_encoder", "transfer", "cascade_decoder")
]
SPLIT = "HFlickr_train.txt"
_LEAST = {"--minutes": "0.001", "--session-minutes": "0", "--workers": "0", "--threads": "1"}

Train = Callable[..., str]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    write_set(tmp_path / "set", {"f1_1_1": 30, "f2_1_1": 60}, SPLIT)
    return tmp_path / "set"


@pytest.fixture
def run(tmp_path: Path) -> Path:
    return tmp_path / "run"


@pytest.fixture
def train(data: Path, run: Path, capsys: pytest.CaptureFixture[str]) -> Train:
    """Trains by the paper's recipe, tiny, up to a step; gives what was said, empty if all is well.

    A failing command must leave with 2, in one sentence.
    """

    def by_command(steps: int, *more: str, workers: int = 0) -> str:
        code = main([
            "train", "--config", "paper", "--data", str(data), "--run", str(run),
            "--steps", str(steps), "--workers", str(workers), "--threads", "1", *more,
            "--set", "batches.batch=2", "batches.size=128", *WIDTHS,
        ])  # fmt: skip
        error = capsys.readouterr().err.strip().splitlines()
        assert code in {0, 2}
        assert not any("Traceback" in line for line in error)
        return error[-1] if code else ""

    return by_command


@pytest.fixture
def trained(train: Train, run: Path) -> dict[str, bytes]:
    """Files of a checkpoint at step 1."""
    assert train(1) == ""
    return files_of(run)


def files_of(run: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in run.iterdir() if path.is_file()}


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def test_a_missing_split_file_is_named(data: Path, train: Train) -> None:
    (data / SPLIT).unlink()
    sentence = train(1)
    assert str(data) in sentence
    assert "no split file such as IHD_train.txt" in sentence


@pytest.mark.parametrize(
    "file", ["composite_images/f2_1_1.jpg", "masks/f2_1.png", "real_images/f2.jpg"]
)
def test_a_mask_or_photo_without_its_other_half_is_named(
    data: Path, train: Train, file: str
) -> None:
    (data / file).unlink()
    sentence = train(1)
    assert str(data / file) in sentence
    assert "missing" in sentence


@pytest.mark.parametrize("workers", [0, 1])
@pytest.mark.parametrize("file", ["composite_images/f2_1_1.jpg", "real_images/f2.jpg"])
def test_a_truncated_jpeg_is_named_and_the_checkpoint_stays(
    data: Path, train: Train, run: Path, trained: dict[str, bytes], file: str, workers: int
) -> None:
    cut(data / file)
    assert str(data / file) in train(9, workers=workers)
    assert files_of(run) == trained


def test_a_truncated_photograph_in_a_tar_is_named(tmp_path: Path) -> None:
    photos = write_photos(tmp_path / "photos", count=2)
    whole = encoded(smooth_picture(1), "JPEG")
    write_tar(photos / "plain.tar", {"photo1.jpg": whole[: len(whole) // 2]})
    with pytest.raises(BadInputError, match=r"photo1\.jpg in plain\.tar cannot be decoded"):
        open_store(photos, "train", tmp_path / "cache")


def test_a_photograph_whose_mask_is_gone_is_named(tmp_path: Path) -> None:
    photos = write_photos(tmp_path / "photos", count=2)
    write_tar(photos / "objects.tar", {"photo0.jpg": encoded(smooth_picture(0), "JPEG")})
    with pytest.raises(BadInputError, match=r"objects\.tar has 0 masks of photo0\.jpg"):
        open_store(photos, "train", tmp_path / "cache")
    assert list((tmp_path / "cache").iterdir()) == []


def test_photographs_without_any_mask_are_a_collection(tmp_path: Path) -> None:
    photos = write_photos(tmp_path / "photos", count=4)
    (photos / "train.txt").write_text("plain/photo1.jpg\nplain/photo3.jpg\n")
    store = open_store(photos, "train", tmp_path / "cache")
    assert [store[at].masks.shape for at in range(2)] == [(0, HEIGHT, WIDTH)] * 2


@pytest.mark.parametrize("file", ["index.json", "pixels.bin", "masks.bin", "segments.bin"])
def test_a_damaged_cache_is_named(tmp_path: Path, file: str) -> None:
    photos, cache = write_photos(tmp_path / "photos", count=4), tmp_path / "cache"
    assert len(open_store(photos, "train", cache)) == 4
    (folder,) = cache.iterdir()
    cut(folder / file)
    with pytest.raises(BadInputError, match=f"The cache {folder} is damaged"):
        open_store(photos, "train", cache)
    (folder / file).unlink()
    if file != "index.json":  # without it there is no cache
        with pytest.raises(BadInputError, match=f"The cache {folder} is damaged"):
            open_store(photos, "train", cache)


@pytest.mark.parametrize("option", ["--minutes", "--session-minutes", "--workers", "--threads"])
def test_an_impossible_number_is_named_before_any_work(
    train: Train, run: Path, option: str
) -> None:
    assert train(1, f"{option}=-1") == f"{option} is -1; it must be {_LEAST[option]} or more."
    assert not run.exists()


def test_no_steps_are_no_endless_run(train: Train) -> None:
    assert train(0) == "--steps is 0; it must be 1 or more."


@pytest.mark.parametrize("file", [WEIGHTS, AVERAGE, OPTIMIZER, STATE])
def test_a_full_disk_keeps_the_last_checkpoint(
    train: Train, run: Path, trained: dict[str, bytes], monkeypatch: pytest.MonkeyPatch, file: str
) -> None:
    write_text = Path.write_text

    def full(tensors: dict[str, Tensor], path: Path, metadata: dict[str, str]) -> None:
        if path.name.startswith(file):
            path.write_bytes(b"half")
            raise OSError(28, "No space left on device")
        save_file(tensors, path, metadata)

    def full_text(path: Path, text: str) -> int:
        if path.name.startswith(file):
            raise OSError(28, "No space left on device")
        return write_text(path, text)

    monkeypatch.setattr(checkpoint, "save_file", full)
    monkeypatch.setattr(Path, "write_text", full_text)
    sentence = train(2)
    assert str(run) in sentence
    assert "make room" in sentence
    assert files_of(run) == trained


def test_curves_on_a_full_disk_are_a_sentence(
    train: Train, run: Path, trained: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(loop, "_REPORT_EVERY", 1)
    monkeypatch.setattr(SummaryWriter, "add_scalar", full)
    sentence = train(2)
    assert str(run / "curves") in sentence
    assert "make room" in sentence
    assert files_of(run) == trained


def test_curves_that_fail_at_the_end_come_after_the_checkpoint(
    train: Train, run: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    close = SummaryWriter.close

    def full(writer: SummaryWriter) -> None:
        close(writer)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(SummaryWriter, "close", full)
    assert "curves" in train(2)
    assert json.loads((run / STATE).read_text())["step"] == 2


def test_curves_do_not_hide_the_error_that_ended_the_run(
    run: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    close = SummaryWriter.close

    def full(writer: SummaryWriter) -> None:
        close(writer)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(SummaryWriter, "close", full)
    with pytest.raises(BadInputError, match="the first one"), RunProgress(run, 0, 1):
        raise BadInputError("the first one")
    with pytest.raises(OutputError, match="curves"), RunProgress(run, 0, 1):
        pass


@pytest.mark.parametrize("file", [WEIGHTS, AVERAGE, OPTIMIZER, STATE, CONFIG])
def test_a_damaged_file_of_a_checkpoint_is_named_and_nothing_is_written(
    train: Train, run: Path, trained: dict[str, bytes], file: str
) -> None:
    cut(run / file)
    sentence = train(2)
    assert str(run / file) in sentence
    assert "damaged" in sentence
    assert {n: b for n, b in files_of(run).items() if n != file} == {
        n: b for n, b in trained.items() if n != file
    }


@pytest.mark.parametrize("file", [WEIGHTS, AVERAGE, OPTIMIZER])
@pytest.mark.usefixtures("trained")
def test_a_file_of_another_run_is_named(train: Train, run: Path, file: str) -> None:
    tensors = load_file(run / file)
    name = next(n for n in sorted(tensors) if "exp_avg" in n or "conv.weight" in n)
    save_file(tensors | {name: torch.zeros(3)}, run / file)
    sentence = train(2)
    assert str(run / file) in sentence
    assert "does not belong to this run" in sentence


@pytest.mark.usefixtures("trained")
def test_a_tensor_too_few_is_named(train: Train, run: Path) -> None:
    tensors = load_file(run / WEIGHTS)
    del tensors["base.head.bias"]
    save_file(tensors, run / WEIGHTS)
    assert "base.head.bias" in train(2)


def test_state_without_a_step_is_damaged(
    train: Train, run: Path, trained: dict[str, bytes]
) -> None:
    assert trained
    for content in ("{}", "[]", "3"):
        (run / STATE).write_text(content)
        assert f"{run / STATE} is missing or damaged" in train(2)


def test_weights_to_start_from_are_named(tmp_path: Path, train: Train) -> None:
    other, gone = tmp_path / "other.safetensors", tmp_path / "gone.safetensors"
    save_file({"other": torch.zeros(2)}, other)
    assert f"The weights {other} fit no layer" in train(1, "--from", str(other))
    assert str(gone) in train(1, "--from", str(gone))
    other.write_bytes(b"no weights")
    assert f"{other} is missing or damaged" in train(1, "--from", str(other))


def test_a_loss_that_is_no_number_names_step_and_picture(data: Path, run: Path) -> None:
    paper = CONFIGS["paper"]
    config = replace(paper, batches=replace(paper.batches, batch=2, size=128, submasks=False),
                     base_only=True)  # fmt: skip
    trainer = Trainer(config, RunPlan(run, PairSource(data), steps=1))
    batch = PairSource(data).batches(config.batches, 1, 0).maker()(0)
    assert {Path(name).name for name in batch.names} == {"f1_1_1.jpg", "f2_1_1.jpg"}

    def spoiled(_: object) -> loop.Losses:
        return loop.Losses(torch.tensor([1.0, float("nan")]), torch.zeros(2))

    trainer._losses = spoiled  # pyright: ignore[reportPrivateUsage, reportAttributeAccessIssue] - one picture of two
    with pytest.raises(NonFiniteLossError, match="not finite at step 0") as caught:
        trainer.train_step(batch)
    assert batch.names[1] in caught.value.sentence
    assert batch.names[0] not in caught.value.sentence
