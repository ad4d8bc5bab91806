# pyright: reportPrivateUsage=false, reportUnknownMemberType=false, reportUnknownArgumentType=false, reportUnknownVariableType=false
# The loop is held to its single steps, and torch leaves much untyped.
"""Runs end, resume, stop and fail in order; a tiny network on a made collection."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from iharmony_folder import write_set
from made_photos import write_photos
from safetensors.torch import load_file, save_file
from torch import Tensor

from engine.errors import BackendUnavailableError, BadInputError, OutputError
from engine.network.config import NetworkConfig
from training import checkpoint, loop
from training.__main__ import main
from training.batches import Batch, BatchConfig, NumberedBatches
from training.checkpoint import AVERAGE, OPTIMIZER, STATE, WEIGHTS
from training.config import CONFIGS, TrainingConfig
from training.loop import NonFiniteLossError, RunPlan, Trainer
from training.losses import Losses
from training.progress import RunProgress
from training.sources import PairSource, PhotoSource

TINY = NetworkConfig(
    encoder=(4,) * 7,
    decoder=(4,) * 7,
    cascade_encoder=(4,) * 7,
    transfer=(2,) * 7,
    cascade_decoder=(4,) * 7,
    head=4,
)


@pytest.fixture
def config() -> TrainingConfig:
    batches = BatchConfig(size=128, batch=2)
    tiny = replace(CONFIGS["photos"], name="tiny", network=TINY, batches=batches)
    return replace(tiny, optimizer=replace(tiny.optimizer, warmup_steps=2, bfloat16=False))


@pytest.fixture
def plan(tmp_path: Path) -> RunPlan:
    source = PhotoSource(write_photos(tmp_path / "photos"), tmp_path / "cache")
    return RunPlan(tmp_path / "run", source, steps=4, workers=0)


def train(config: TrainingConfig, plan: RunPlan) -> Trainer:
    trainer = Trainer(config, plan)
    trainer.run()
    return trainer


def state_of(plan: RunPlan) -> dict[str, float]:
    state: dict[str, float] = json.loads((plan.folder / STATE).read_text())
    return state


def files_of(plan: RunPlan) -> dict[str, dict[str, Tensor]]:
    return {name: load_file(plan.folder / name) for name in (WEIGHTS, AVERAGE, OPTIMIZER)}


def doing(step: int, action: Callable[[], None], trainer: Trainer) -> Trainer:
    """Let `action` happen when so many steps are done, as if from outside."""
    batches = trainer.plan.source.batches(trainer.config.batches, trainer.config.seed, 0)

    class Acting(NumberedBatches):
        def maker(self) -> Callable[[int], Batch]:
            make = batches.maker()

            def acting(number: int) -> Batch:
                if number == step:
                    action()
                return make(number)

            return acting

    class Source:
        def size(self, config: BatchConfig) -> int:
            return trainer.plan.source.size(config)

        def batches(self, config: BatchConfig, seed: int, first: int) -> NumberedBatches:
            return Acting(config, seed, first)

    return Trainer(trainer.config, replace(trainer.plan, source=Source()))


def test_training_lowers_the_loss(config: TrainingConfig, plan: RunPlan) -> None:
    """Ten steps on one and the same batch."""
    trainer = Trainer(replace(config, optimizer=replace(config.optimizer, flat=0.9)), plan)
    batch = plan.source.batches(config.batches, 1, 0).maker()(0)
    losses = [float(trainer.train_step(batch).total) for _ in range(10)]
    assert losses[-1] < 0.9 * losses[0]


def test_restored_moments_lie_in_memory_like_their_weights(
    config: TrainingConfig, plan: RunPlan
) -> None:
    """Fused Adam takes what it is given, and on a processor does not notice another order."""
    train(config, replace(plan, steps=2))
    trainer = Trainer(config, plan)
    trainer.begin()
    for weight, moments in trainer.optimizer.state.items():
        assert moments["exp_avg"].stride() == moments["exp_avg_sq"].stride() == weight.stride()


# torch's compiler imports what torch itself has deprecated.
COMPILING = pytest.mark.filterwarnings("ignore:`torch:DeprecationWarning")


@COMPILING
@pytest.mark.gpu
def test_compiled_network_takes_the_same_steps(config: TrainingConfig, plan: RunPlan) -> None:
    """Of batches with different numbers of submasks; on processors compiling takes minutes."""
    make = plan.source.batches(config.batches, 1, 0).maker()
    compiling = replace(config, optimizer=replace(config.optimizer, compile=True))
    plain, compiled = Trainer(config, plan), Trainer(compiling, plan)
    for number in range(3):
        batch = make(number)
        expected, found = plain.train_step(batch), compiled.train_step(batch)
        torch.testing.assert_close(found.total, expected.total, atol=1e-4, rtol=1e-3)
    assert compiled.network.state_dict().keys() == plain.network.state_dict().keys()


@COMPILING
def test_network_that_cannot_be_compiled_says_so(
    config: TrainingConfig, plan: RunPlan, monkeypatch: pytest.MonkeyPatch
) -> None:
    compiling = replace(config, optimizer=replace(config.optimizer, compile=True))
    monkeypatch.setattr("torch._inductor.config.cpp.cxx", ("no-such-compiler",))
    with pytest.raises(BackendUnavailableError, match=r"without optimizer\.compile=true"):
        train(compiling, plan)


def test_losses_are_shown_without_a_warning(
    config: TrainingConfig, plan: RunPlan, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Warnings are errors here; torch gives some once a process unless told otherwise."""
    shown: list[int] = []
    report = RunProgress.report

    def noted(progress: RunProgress, step: int, found: Losses, rate: float) -> None:
        report(progress, step, found, rate)
        shown.append(step)

    monkeypatch.setattr(loop, "_REPORT_EVERY", 1)
    monkeypatch.setattr(RunProgress, "report", noted)
    torch.set_warn_always(True)
    try:
        train(config, plan)
    finally:
        torch.set_warn_always(False)
    assert shown == [1, 2, 3, 4]


def test_resumed_run_ends_like_one_that_was_not_interrupted(
    config: TrainingConfig, plan: RunPlan, tmp_path: Path
) -> None:
    whole = replace(plan, folder=tmp_path / "whole")
    train(config, whole)
    first = doing(2, lambda: os.kill(os.getpid(), signal.SIGTERM), Trainer(config, plan))
    first.run()
    assert state_of(plan)["step"] == 3
    assert not first.is_finished
    assert train(config, plan).step == 4
    for name, tensors in files_of(whole).items():
        for key, tensor in files_of(plan)[name].items():
            torch.testing.assert_close(tensor, tensors[key], atol=1e-7, rtol=1e-5, msg=key)
    assert train(config, plan).step == 4, "a run that is over trains no more"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_signal_saves_and_gives_the_usual_handlers_back(
    config: TrainingConfig, plan: RunPlan, number: signal.Signals
) -> None:
    before = signal.getsignal(number)
    doing(1, lambda: os.kill(os.getpid(), number), Trainer(config, plan)).run()
    assert state_of(plan)["step"] == 2
    assert signal.getsignal(number) == before


def test_loss_that_is_no_number_stops_and_keeps_the_last_checkpoint(
    config: TrainingConfig, plan: RunPlan
) -> None:
    train(config, replace(plan, steps=2))
    before = files_of(plan)
    trainer = Trainer(config, plan)

    def spoil() -> None:
        with torch.no_grad():
            next(acting.network.parameters()).fill_(float("nan"))

    acting = doing(3, spoil, trainer)
    with pytest.raises(NonFiniteLossError, match="step 3: go on from the last checkpoint"):
        acting.run()
    assert state_of(plan)["step"] == 2
    for name, tensors in files_of(plan).items():
        assert all(torch.equal(tensors[key], before[name][key]) for key in tensors)


def test_full_disk_keeps_the_last_checkpoint_whole(
    config: TrainingConfig, plan: RunPlan, monkeypatch: pytest.MonkeyPatch
) -> None:
    train(config, replace(plan, steps=2))
    before = {path.name: path.read_bytes() for path in plan.folder.glob("*.safetensors")}

    def full(tensors: dict[str, Tensor], path: Path, metadata: dict[str, str]) -> None:
        if OPTIMIZER in path.name:
            path.write_bytes(b"half")
            raise OSError(28, "No space left on device")
        save_file(tensors, path, metadata)

    monkeypatch.setattr(checkpoint, "save_file", full)
    with pytest.raises(OutputError, match="make room"):
        train(config, plan)
    assert state_of(plan)["step"] == 2
    assert {p.name: p.read_bytes() for p in plan.folder.glob("*.safetensors")} == before
    assert not list(plan.folder.glob("*.part"))


def test_time_limits_end_a_session_or_the_run(config: TrainingConfig, plan: RunPlan) -> None:
    session = replace(plan, steps=10**6, session_minutes=0.5 / 60)
    trainer = train(config, session)
    assert 0 < trainer.step < 10**6
    assert not trainer.is_finished
    timed = replace(plan, folder=plan.folder.with_name("timed"), steps=None, minutes=0.5 / 60)
    assert train(config, timed).is_finished


def test_run_without_a_length_is_refused(plan: RunPlan) -> None:
    with pytest.raises(ValueError, match="steps or of minutes"):
        RunPlan(plan.folder, plan.source)


def test_start_from_takes_what_fits_of_other_weights(
    config: TrainingConfig, plan: RunPlan, tmp_path: Path
) -> None:
    base_only = replace(config, base_only=True, batches=replace(config.batches, submasks=False))
    train(base_only, plan)
    weights = plan.folder / WEIGHTS
    other = replace(plan, folder=tmp_path / "other", start_from=weights, steps=1)
    trainer = Trainer(config, other)
    fresh = trainer.network.state_dict()["cascade.encoder.0.conv.weight"].clone()
    trainer.begin()
    given, own = load_file(weights), trainer.network.state_dict()
    assert all(torch.equal(own[name], tensor) for name, tensor in given.items())
    assert torch.equal(own["cascade.encoder.0.conv.weight"], fresh)


def test_weights_of_no_such_network_are_refused(
    config: TrainingConfig, plan: RunPlan, tmp_path: Path
) -> None:
    save_file({"other": torch.zeros(2)}, tmp_path / "other.safetensors")
    with pytest.raises(BadInputError, match="fit no layer"):
        train(config, replace(plan, start_from=tmp_path / "other.safetensors"))


def test_folder_of_another_network_is_refused(config: TrainingConfig, plan: RunPlan) -> None:
    train(config, replace(plan, steps=1))
    wider = replace(config, network=replace(TINY, head=8))
    with pytest.raises(BadInputError, match="another network"):
        train(wider, plan)


def test_batches_are_the_same_with_loader_processes(config: TrainingConfig, plan: RunPlan) -> None:
    alone = iter(Trainer(config, plan).loader())
    shared = iter(Trainer(config, replace(plan, workers=2)).loader())
    for _ in range(3):
        first, second = next(alone), next(shared)
        assert isinstance(first, Batch)
        assert isinstance(second, Batch)
        assert torch.equal(first.composite, second.composite)


def test_error_in_a_loader_process_keeps_its_sentence(
    config: TrainingConfig, plan: RunPlan, tmp_path: Path
) -> None:
    missing = replace(plan, source=PhotoSource(tmp_path / "gone", tmp_path / "cache"), workers=1)
    with pytest.raises(
        BadInputError, match=r"^\S*train\.txt is missing: give the folder"
    ) as caught:
        train(config, missing)
    assert "Traceback" not in caught.value.sentence


@pytest.mark.full
@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_signal_to_the_whole_process_group_saves(tmp_path: Path) -> None:
    """As `timeout` sends it: the loader process gets it too, and must not die before the run."""
    run = tmp_path / "run"
    command = [
        sys.executable, "-m", "training", "train", "--config", "photos-128-base", "--minutes", "9",
        "--photos", str(write_photos(tmp_path / "photos")), "--cache", str(tmp_path / "cache"),
        "--run", str(run), "--workers", "1", "--threads", "1", "--set", "batches.batch=2",
    ]  # fmt: skip
    root = Path(__file__).resolve().parents[2]
    with subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, start_new_session=True) as p:
        deadline = time.monotonic() + 120
        while not list(run.glob("curves/*")) and time.monotonic() < deadline:
            time.sleep(0.1)
        os.killpg(p.pid, signal.SIGTERM)
        out, _ = p.communicate(timeout=120)
    assert p.returncode == 0
    assert b"saved, not finished" in out
    assert json.loads((run / STATE).read_text())["step"] >= 1


@pytest.mark.parametrize("name", [n for n in CONFIGS if n.startswith("paper")])
def test_paper_trains_on_pairs_by_every_row_of_table_3(name: str, tmp_path: Path) -> None:
    write_set(tmp_path, {"f1_1_1": 30, "f2_1_2": 60}, "HFlickr_train.txt")
    paper = CONFIGS[name]
    network = replace(
        paper.network, encoder=TINY.encoder, decoder=TINY.decoder, transfer=TINY.transfer,
        cascade_encoder=TINY.cascade_encoder, cascade_decoder=TINY.cascade_decoder, head=4,
    )  # fmt: skip
    tiny = replace(paper, network=network, batches=replace(paper.batches, size=128, batch=3))
    trainer = Trainer(tiny, RunPlan(tmp_path / "run", PairSource(tmp_path), steps=1, workers=0))
    batch = PairSource(tmp_path).batches(tiny.batches, 1, 0).maker()(0)
    assert set(batch.mask.unique().tolist()) == {0, 255}
    found = trainer.train_step(batch)
    assert bool((found.coarse > 0).all())
    assert bool((found.refined > 0).all()) == (name != "paper-baseline")


def test_pairs_come_all_once_an_epoch(tmp_path: Path) -> None:
    write_set(tmp_path, {f"f{n}_1_1": 30 for n in range(5)}, "HFlickr_train.txt")
    config = BatchConfig(size=128, batch=5, submasks=False)
    make = PairSource(tmp_path).batches(config, 1, 0).maker()
    for number in range(2):
        means = make(number).real.float().mean((1, 2, 3))
        assert len(set(means.round().tolist())) == 5


def test_command_trains_and_says_where_it_stands(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    photos = write_photos(tmp_path / "photos")
    tiny = ",".join(["4"] * 7)
    widths = [f"network.{n}={tiny}" for n in (
        "encoder", "decoder", "cascade_encoder", "transfer", "cascade_decoder")]  # fmt: skip
    arguments = [
        "train", "--config", "photos-128", "--photos", str(photos), "--run", str(tmp_path / "run"),
        "--cache", str(tmp_path / "cache"), "--steps", "1", "--workers", "0", "--threads", "1",
        "--no-share-alike", "--set", "batches.batch=2", *widths,
    ]  # fmt: skip
    assert main(arguments) == 0
    assert "step 1, finished" in capsys.readouterr().out
    arguments[arguments.index("--steps") : arguments.index("--steps") + 2] = []
    assert main(arguments) == 2
    error = capsys.readouterr().err.strip().splitlines()[-1]
    assert error == "How long shall it train? Give --minutes or --steps."
