"""The installer as the panel sees it: what is installed, what is being done, what went wrong."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path
from typing import Literal

from frih_plugin.install.errors import InstallError
from frih_plugin.install.explained import of_os_error
from frih_plugin.install.install_log import InstallLog
from frih_plugin.install.places import Places, default_places
from frih_plugin.install.plan import (
    Order,
    Planned,
    Stage,
    plan_existing,
    plan_installation,
    plan_removal,
    plan_repair,
)
from frih_plugin.install.pythons import python_in
from frih_plugin.install.record import Installed, Stamps, read_installed
from frih_plugin.install.release import PLUGIN_FOLDER, Release, read_release
from frih_plugin.install.run_plan import PlanRun
from frih_plugin.qt.core import QCoreApplication, QLockFile, QObject, Signal
from frih_plugin.texts import text

Phase = Literal["idle", "working", "stopping", "failed"]
Job = Literal["install", "existing", "remove"]


class Installer(QObject):
    """One for a process. Nothing it does blocks: steps are child processes and threads.

    changed(): anything below may be new; engine_changed(): another engine is settled on, or none
    any more (it was just removed).
    """

    changed = Signal()
    engine_changed = Signal()

    def __init__(
        self,
        places: Places | None = None,
        plugin_folder: Path = PLUGIN_FOLDER,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.places = places or default_places()
        self._log = InstallLog(self.places.log_file)
        self._phase: Phase = "idle"
        self._sentence = ""
        self._job: Job = "install"
        self._run: PlanRun | None = None
        self._held_lock: QLockFile | None = None
        self._release: Release | None = None
        try:
            self._release = read_release(plugin_folder)
        except InstallError as error:
            self._phase, self._sentence = "failed", str(error)
        application = QCoreApplication.instance()
        if application is not None:
            application.aboutToQuit.connect(self._end_with_application)

    @property
    def phase(self) -> Phase:
        """Whether there is work, or why the last one failed (`sentence`)."""
        return self._phase

    @property
    def job(self) -> Job:
        """What the work is, or the last one was."""
        return self._job

    @property
    def stage(self) -> Stage:
        """Which part of the work is done now."""
        return "check" if self._run is None else self._run.stage

    @property
    def share(self) -> float:
        """How much of the work is done, 0 to 1."""
        return 0.0 if self._run is None else self._run.share

    @property
    def sentence(self) -> str:
        """What went wrong and what to do, or another thing to know; "" for nothing."""
        return self._sentence

    @property
    def release(self) -> Release | None:
        """What can be installed; None where this copy of the plug-in brings nothing."""
        return self._release

    @property
    def log_text(self) -> str:
        """The log, to be copied."""
        return self._log.text

    @property
    def is_busy(self) -> bool:
        """Whether there is work."""
        return self._phase in ("working", "stopping")

    @property
    def installed(self) -> Installed | None:
        """The engine that editors start."""
        return read_installed(self.places.settings_file)

    @property
    def offered_version(self) -> str:
        """The version that an engine of ours can be updated to; "" for none. Never by itself."""
        installed, release = self.installed, self._release
        if installed is None or release is None or not installed.is_own:
            return ""
        return "" if installed.fingerprint == release.fingerprint else release.version

    @property
    def can_go_on(self) -> bool:
        """Whether an earlier installation was left half-done."""
        return self.installed is None and self.places.stamp_file.is_file()

    def install(self, folder: Path | None = None, python: Path | None = None) -> None:
        """Install, update or go on with what was left; what is up to date stays as it is.

        folder: with all that is needed, for a machine without a network; python: the one to use.
        """
        if self.is_busy or self._release is None:
            return
        installed = self.installed
        if installed is not None and installed.fingerprint == self._release.fingerprint:
            self._sentence = text("The engine is installed already.")
            self._phase = "idle"
            self.changed.emit()
            self.engine_changed.emit()
            return
        self._begin("install")
        order = Order(self.places, self._release, folder, python)
        self._start(lambda: plan_installation(order), order.stamps)

    def repair(self) -> None:
        """Install the same engine anew."""
        if self.is_busy or self._release is None:
            return
        order = Order(self.places, self._release)
        self._begin("install")
        self._start(lambda: plan_repair(order), order.stamps)

    def use_existing(self, chosen: Path) -> None:
        """Use an engine that is there: its Python, or the folder of its environment."""
        if self.is_busy:
            return
        self._begin("existing")
        python = python_in(chosen) if chosen.is_dir() else chosen
        if python is None or not python.is_file():
            self._finish("failed", _no_environment(chosen))
            return
        self._start(lambda: plan_existing(self.places, python))

    def remove(self) -> None:
        """Remove what the installer made; an engine that was pointed to is only let go of."""
        if self.is_busy:
            return
        self._begin("remove")
        self._start(lambda: plan_removal(self.places))

    def cancel(self) -> None:
        """Stop the work; what is done of it is kept for the next time."""
        if self._phase == "working" and self._run is not None:
            self._phase = "stopping"
            self._run.stop()
            self.changed.emit()

    def _begin(self, job: Job) -> None:
        self._job = job
        self._sentence = ""
        self._log.clear()

    def _start(self, make: Callable[[], list[Planned]], stamps: Stamps | None = None) -> None:
        try:
            plan = make()
        except InstallError as error:
            self._finish("failed", str(error))
            return
        except OSError as error:
            self._finish("failed", of_os_error(error))
            return
        if not self._lock():
            self._finish("failed", _other_editor())
            return
        run = self._run = PlanRun(plan, stamps, self)
        run.said.connect(self._log.add)
        run.changed.connect(self.changed)
        run.done.connect(self._on_done)
        run.failed.connect(self._on_failed)
        run.stopped.connect(self._on_stopped)
        self._phase = "working"
        self.changed.emit()
        run.start()

    def _lock(self) -> bool:
        """Keep other editors' installers out; a lock whose process is gone holds nobody up."""
        with contextlib.suppress(OSError):
            self.places.root.mkdir(parents=True, exist_ok=True)
        lock = QLockFile(str(self.places.root / "lock"))
        lock.setStaleLockTime(0)
        is_free = lock.tryLock(0) or lock.error() != QLockFile.LockError.LockFailedError
        self._held_lock = lock if is_free else None
        return is_free

    def _on_done(self) -> None:
        words = text("The engine was removed.") if self._job == "remove" else ""
        self._finish("idle", words)
        self.engine_changed.emit()

    def _on_failed(self, sentence: str) -> None:
        self._log.add(sentence)
        self._finish("failed", sentence)

    def _on_stopped(self) -> None:
        self._finish("idle", text("Stopped. What is done so far is kept for the next time."))

    def _finish(self, phase: Phase, sentence: str) -> None:
        if self._run is not None:
            self._run.deleteLater()
            self._run = None
        if self._held_lock is not None:
            self._held_lock.unlock()
            self._held_lock = None
        self._phase, self._sentence = phase, sentence
        if self._job != "remove" or phase == "failed":
            self._log.save()
        self.changed.emit()

    def _end_with_application(self) -> None:
        if self._run is not None:
            self._run.end_now()


def _other_editor() -> str:
    return text(
        "Another editor is installing the engine right now: wait until it is done, then try again."
    )


def _no_environment(chosen: Path) -> str:
    return text(
        "There is no Python in {folder}: choose the folder of an environment in which FRIH is "
        "installed, or its Python.",
        folder=chosen,
    )
