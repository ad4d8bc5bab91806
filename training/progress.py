"""What a run shows while it goes on: a bar on standard error and curves for TensorBoard."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import NoReturn

from torch.utils.tensorboard.writer import SummaryWriter
from tqdm import tqdm

from engine.errors import OutputError
from training.losses import Losses


class RunProgress:
    """Curves in FOLDER/curves and a progress bar; both are closed at the end of a `with`.

    Raises OutputError where the curves cannot be written.
    """

    def __init__(self, folder: Path, step: int, steps: int | None) -> None:
        self._curves = folder / "curves"
        with self._written():
            self._writer = SummaryWriter(str(self._curves))
        self._bar: tqdm[NoReturn] = tqdm(initial=step, total=steps, unit="step", mininterval=10)

    def __enter__(self) -> RunProgress:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._bar.close()
        with suppress(OSError) if error is not None else self._written():
            self._writer.close()

    def report(self, step: int, found: Losses, rate: float) -> None:
        """Show the losses of a step, means over its batch, and the learning rate."""
        coarse, refined = float(found.coarse.mean()), float(found.refined.mean())
        curves = {"loss/coarse": coarse, "loss/refined": refined, "learning rate": rate}
        with self._written():
            for name, value in curves.items():
                self._writer.add_scalar(name, value, step)  # pyright: ignore[reportUnknownMemberType] - their stubs are partial
        self._bar.set_postfix_str(f"coarse {coarse:.4f}, refined {refined:.4f}")
        self._bar.update(step - self._bar.n)

    @contextmanager
    def _written(self) -> Generator[None]:
        try:
            yield
        except OSError as error:
            raise OutputError(
                f"The curves in {self._curves} cannot be written: make room there and run the same "
                "command again; the last checkpoint is whole."
            ) from error
