"""Runs planned steps one after another."""

from __future__ import annotations

from frih_plugin.install.errors import InstallError
from frih_plugin.install.explained import of_os_error
from frih_plugin.install.plan import Planned, Stage
from frih_plugin.install.record import Stamps
from frih_plugin.install.steps import Background, Step
from frih_plugin.qt.core import QObject, Signal


class PlanRun(QObject):
    """done(), failed(str) or stopped() at the end; changed(): stage or share is new.

    stamps: where finished steps are written down, None for nowhere.
    """

    done = Signal()
    failed = Signal(str)
    stopped = Signal()
    changed = Signal()
    said = Signal(str)

    def __init__(
        self, plan: list[Planned], stamps: Stamps | None, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._plan = plan
        self._stamps = stamps
        self._next = 0
        self._step: Step | None = None
        self._is_stopped = False
        self.stage: Stage = plan[0].stage if plan else "end"
        self.share = 0.0

    def start(self) -> None:
        """Begin with the first step that is not done."""
        try:
            while self._next < len(self._plan) and self._plan[self._next].is_done():
                self._next += 1
            if self._next == len(self._plan):
                self._end()
                return
            self._start_step(self._plan[self._next])
        except InstallError as error:
            self.failed.emit(str(error))
        except OSError as error:
            self.failed.emit(of_os_error(error))

    def stop(self) -> None:
        """End the step that runs."""
        self._is_stopped = True
        if self._step is not None:
            self._step.stop()

    def end_now(self) -> None:
        """End before this returns; only for the editor's end, which children hear of themselves."""
        if isinstance(self._step, Background):
            self._step.wait()

    def _start_step(self, planned: Planned) -> None:
        self.stage = planned.stage
        self._show(planned.begin)
        step = self._step = planned.make()
        step.setParent(self)
        step.said.connect(self.said)
        step.progressed.connect(self._on_progress)
        step.failed.connect(self.failed)
        step.stopped.connect(self.stopped)
        step.done.connect(self._on_done)
        step.start()

    def _on_progress(self, share: float) -> None:
        planned = self._plan[self._next]
        self._show(planned.begin + share * (planned.end - planned.begin))

    def _on_done(self) -> None:
        planned = self._plan[self._next]
        try:
            if planned.stamp and self._stamps is not None:
                self._stamps.add(planned.stamp)
        except OSError as error:
            self.failed.emit(of_os_error(error))
            return
        self._next += 1
        if self._is_stopped and self._next < len(self._plan):
            self.stopped.emit()
        else:
            self.start()

    def _end(self) -> None:
        self._show(1.0)
        self.done.emit()

    def _show(self, share: float) -> None:
        self.share = share
        self.changed.emit()
