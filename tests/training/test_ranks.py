# pyright: reportPrivateUsage=false, reportUnknownMemberType=false, reportUnknownArgumentType=false, reportUnknownVariableType=false
# The loop is held to its single steps, and torch leaves much untyped.
"""Two ranks on gloo train as one does, share errors, and say which of them was lost."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from iharmony_folder import write_set
from rank_processes import run_on_two_ranks
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from torch.nn.parallel import DistributedDataParallel

from engine.errors import BadInputError
from engine.network.config import NetworkConfig
from training import pair_batches
from training.batches import Batch, BatchConfig, NumberedBatches
from training.config import CONFIGS, TrainingConfig
from training.iharmony import Triple
from training.iharmony_views import TriplePixels, read_triple
from training.loop import NonFiniteLossError, RunPlan, Trainer
from training.ranks import Ranks
from training.sources import PairSource
from training.torchrun import RankLostError

BATCH = 4
LOST = 1
"""The rank that does not go on, where a test has one."""


class OnProcessors(Ranks):
    """One alone, also where there is a GPU."""

    @property
    def device(self) -> torch.device:
        return torch.device("cpu")


def tiny_config(name: str = "photos", batch: int = BATCH) -> TrainingConfig:
    config = CONFIGS[name]
    network: NetworkConfig = replace(
        config.network, encoder=(4,) * 7, decoder=(4,) * 7, transfer=(2,) * 7,
        cascade_encoder=(4,) * 7, cascade_decoder=(4,) * 7, head=4,
    )  # fmt: skip
    batches = replace(config.batches, size=128, batch=batch)
    optimizer = replace(config.optimizer, bfloat16=False)
    return replace(config, network=network, batches=batches, optimizer=optimizer)


def write_pairs(folder: Path) -> Path:
    write_set(folder, {f"f{n}_1_1": 20 + 10 * n for n in range(8)}, "HFlickr_train.txt")
    return folder


def trainer_of(folder: Path, ranks: Ranks, *, batch: int = BATCH, steps: int = 3) -> Trainer:
    plan = RunPlan(folder / f"run{ranks.size}", PairSource(folder), steps=steps, workers=0)
    return Trainer(tiny_config(batch=batch), plan, ranks)


def first_batch(trainer: Trainer) -> Batch:
    batch = next(iter(trainer.loader()))
    assert isinstance(batch, Batch)
    return batch


def start_all_layers(network: nn.Module) -> None:
    """Ours start at zero where they come out, which would keep all gradients before at zero."""
    rng = torch.Generator().manual_seed(3)
    with torch.no_grad():
        for parameter in network.parameters():
            noise = torch.randn(parameter.shape, generator=rng)
            parameter.add_(noise.to(parameter.device), alpha=0.1)


def gradients(trainer: Trainer, batch: Batch) -> dict[str, Tensor]:
    """On processors with the norms in evaluation mode, in which pictures do not meet.

    In training mode a norm takes the bias before it away again: what is left of its gradient is
    noise, which is not compared.
    """
    is_training = trainer.device.type == "cuda"
    trainer.network.train(is_training)
    start_all_layers(trainer.network)
    trainer._losses(batch).total.backward()
    return {
        name: parameter.grad.cpu().contiguous()
        for name, parameter in trainer.network.named_parameters()
        if parameter.grad is not None and not (is_training and name.endswith("conv.bias"))
    }


def tensors_of(batch: Batch) -> dict[str, Tensor]:
    assert batch.labels is not None
    named = {"composite": batch.composite, "real": batch.real, "mask": batch.mask}
    return {n: t.contiguous() for n, t in (named | {"labels": batch.labels}).items()}


def batch_of(tensors: dict[str, Tensor]) -> Batch:
    return Batch(tensors["composite"], tensors["real"], tensors["mask"], tensors["labels"])


def save_gradients(ranks: Ranks, folder: Path) -> None:
    trainer = trainer_of(folder, ranks)
    assert isinstance(trainer.model, DistributedDataParallel)
    batch = first_batch(trainer)
    save_file(tensors_of(batch), folder / f"batch{ranks.rank}.safetensors")
    save_file(gradients(trainer, batch), folder / f"gradients{ranks.rank}.safetensors")


def check_gradients(folder: Path, alone: Ranks, tolerance: float) -> None:
    shares = [load_file(folder / f"batch{rank}.safetensors") for rank in range(2)]
    assert [len(share["real"]) for share in shares] == [BATCH // 2] * 2
    whole = batch_of({name: torch.cat([s[name] for s in shares]) for name in shares[0]})
    expected = gradients(trainer_of(folder, alone), whole)
    half = gradients(trainer_of(folder, alone), batch_of(shares[0]))
    for rank in range(2):
        found = load_file(folder / f"gradients{rank}.safetensors")
        assert found.keys() == expected.keys()
        for name, gradient in found.items():
            largest = float(expected[name].abs().max())
            assert largest > 0, name
            assert float((gradient - expected[name]).abs().max()) < tolerance * largest, name
            assert float((half[name] - expected[name]).abs().max()) > 1e-2 * largest, name


@pytest.mark.full
def test_two_ranks_give_the_gradients_of_one_with_twice_the_batch(tmp_path: Path) -> None:
    assert run_on_two_ranks(save_gradients, write_pairs(tmp_path)) == [0, 0]
    check_gradients(tmp_path, OnProcessors(), 1e-4)


@pytest.mark.full
@pytest.mark.gpu
@pytest.mark.skipif(torch.cuda.device_count() < 2, reason="needs two CUDA devices")
def test_two_gpus_norm_the_whole_batch_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SyncBatchNorm: the norms in training mode."""
    monkeypatch.setattr(torch.backends.cudnn, "allow_tf32", False)
    assert run_on_two_ranks(save_gradients, write_pairs(tmp_path), gpus="0,1") == [0, 0]
    check_gradients(tmp_path, Ranks(), 1e-2)


def train_and_resume(ranks: Ranks, folder: Path) -> None:
    trainer = trainer_of(folder, ranks)
    trainer.run()
    resumed = trainer_of(folder, ranks, steps=5)
    resumed.run()
    assert (resumed.step, resumed.drawn) == (5, 10)
    own = {name: p.detach().contiguous() for name, p in resumed.network.named_parameters()}
    save_file(own, folder / f"weights{ranks.rank}.safetensors")


@pytest.mark.full
def test_ranks_hold_the_same_weights_and_the_first_alone_writes(tmp_path: Path) -> None:
    assert run_on_two_ranks(train_and_resume, write_pairs(tmp_path)) == [0, 0]
    first, second = (load_file(tmp_path / f"weights{rank}.safetensors") for rank in range(2))
    assert all(torch.equal(second[name], tensor) for name, tensor in first.items())
    saved = load_file(tmp_path / "run2" / "weights.safetensors")
    assert all(torch.equal(saved[name], tensor) for name, tensor in first.items())
    sessions = 2
    assert len(list((tmp_path / "run2" / "curves").iterdir())) == sessions

    goes_on = trainer_of(tmp_path, OnProcessors(), steps=6)
    goes_on.plan = replace(goes_on.plan, folder=tmp_path / "run2")
    goes_on.begin()
    batches = goes_on.loader().dataset
    assert isinstance(batches, NumberedBatches)
    assert batches.first == 10, "one rank draws none again of what two have drawn"


def fail_on_one(ranks: Ranks, folder: Path) -> None:
    trainer = trainer_of(folder, ranks)
    batch = first_batch(trainer)
    before = [p.detach().clone() for p in trainer.network.parameters()]
    if ranks.rank == LOST:
        batch.real.zero_()
        nn.init.constant_(next(trainer.network.parameters()), float("nan"))
    with pytest.raises(NonFiniteLossError, match="at step 0"):
        trainer.train_step(batch)
    unchanged = zip(trainer.network.parameters(), before, strict=True)
    assert ranks.rank == LOST or all(torch.equal(p, b) for p, b in unchanged)

    order = folder / "order"

    def note() -> int:
        with order.open("a") as file:
            file.write(str(ranks.rank))
        time.sleep(0.2 * (1 - ranks.rank))
        return ranks.rank

    assert ranks.first_on_host(note) == ranks.rank
    assert order.read_text() == "01"
    assert ranks.from_first(lambda: ranks.rank + 5) == 5
    try:
        ranks.unless_failed(BadInputError("photo7 is damaged.") if ranks.rank == LOST else 1)
    except BadInputError as error:
        (folder / f"sentence{ranks.rank}").write_text(error.sentence)
        raise


@pytest.mark.full
def test_error_of_one_rank_ends_all_and_is_told_once(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    codes = run_on_two_ranks(fail_on_one, write_pairs(tmp_path))
    assert codes == [1, 2], "the first raises it, to be told; the other ends in silence"
    for rank in range(2):
        assert (tmp_path / f"sentence{rank}").read_text() == "photo7 is damaged."
    assert capfd.readouterr().err.count("BadInputError: photo7 is damaged.") == 1


def lose_a_rank(ranks: Ranks, folder: Path, loss: Callable[[], None]) -> None:
    trainer = trainer_of(folder, ranks, steps=1)
    trainer.run()
    if ranks.rank == LOST:
        loss()
    with pytest.raises(RankLostError) as caught, ranks.in_touch():
        trainer.train_step(first_batch(trainer))
    (folder / f"sentence{ranks.rank}").write_text(caught.value.sentence)


def die(ranks: Ranks, folder: Path) -> None:
    lose_a_rank(ranks, folder, lambda: os._exit(9))


def hang(ranks: Ranks, folder: Path) -> None:
    lose_a_rank(ranks, folder, lambda: (time.sleep(8), os._exit(9))[1])


@pytest.mark.full
@pytest.mark.parametrize(
    ("task", "expected"),
    [
        (die, "Of 2 ranks, rank 1 is gone: run the same command again"),
        (hang, "rank 1 was silent for 0.05 minutes: run"),
    ],
)
def test_lost_rank_is_named_and_the_checkpoint_is_whole(
    task: Callable[[Ranks, Path], None], expected: str, tmp_path: Path
) -> None:
    assert run_on_two_ranks(task, write_pairs(tmp_path)) == [0, 9]
    assert expected in (tmp_path / "sentence0").read_text()
    goes_on = trainer_of(tmp_path, OnProcessors())
    goes_on.plan = replace(goes_on.plan, folder=tmp_path / "run2")
    goes_on.begin()
    assert goes_on.step == 1


def test_batch_that_the_ranks_cannot_share_is_refused() -> None:
    ranks = Ranks()
    ranks.size = 3
    assert ranks.share_of(12) == 4
    with pytest.raises(BadInputError, match=r"^3 ranks cannot share a batch of 16 .*batch=15\.$"):
        ranks.share_of(16)
    with pytest.raises(BadInputError, match="batch=3"):
        ranks.share_of(2)


class NumbersAlone(NumberedBatches):
    """Batches that hold their number."""

    def maker(self) -> Callable[[int], Batch]:
        return lambda number: Batch(*[torch.tensor(number)] * 3, labels=None)


@pytest.mark.parametrize("workers", [0, 2])
def test_ranks_share_the_numbers_that_one_has(workers: int) -> None:
    drawn: list[int] = []
    for rank in range(3):
        batches = NumbersAlone(BatchConfig(), 1, 12 + rank)
        batches.stride = 3
        loader = torch.utils.data.DataLoader(batches, batch_size=None, num_workers=workers)
        iterator = iter(loader)
        numbers = [int(batch.real) for batch in (next(iterator) for _ in range(4))]
        assert numbers == [12 + rank, 15 + rank, 18 + rank, 21 + rank]
        drawn += numbers
        del iterator
    assert sorted(drawn) == list(range(12, 24))


def test_ranks_draw_the_pictures_of_a_whole_batch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The crops differ; the order of the pictures over an epoch does not."""
    source = PairSource(write_pairs(tmp_path))
    drawn: list[str] = []

    def noted(triple: Triple) -> TriplePixels:
        drawn.append(triple.name)
        return read_triple(triple)

    monkeypatch.setattr(pair_batches, "read_triple", noted)
    for batch in (4, 2):
        make = source.batches(BatchConfig(size=128, batch=batch, submasks=False), 1, 0).maker()
        for number in range(8 // batch):
            make(number)
    assert drawn[:8] == drawn[8:]
    assert len(set(drawn)) == 8


@pytest.mark.parametrize("name", ["photos", *(n for n in CONFIGS if n.startswith("paper"))])
def test_every_parameter_has_a_gradient_in_every_step(name: str, tmp_path: Path) -> None:
    """DistributedDataParallel would wait for one that has none."""
    config = tiny_config(name, batch=2)
    plan = RunPlan(tmp_path / "run", PairSource(write_pairs(tmp_path)), steps=1, workers=0)
    trainer = Trainer(config, plan)
    trainer.train_step(first_batch(trainer))
    assert [n for n, p in trainer.network.named_parameters() if p.grad is None] == []
