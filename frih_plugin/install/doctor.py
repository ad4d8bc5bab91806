"""Says what is wrong and how to mend it, as lines "ok: sentence" or "wrong: sentence".

In the panel, or by `python -m frih_plugin.install.doctor`.
"""

from __future__ import annotations

import sys
from pathlib import Path

from frih_plugin.install.findings import Finding, file_findings
from frih_plugin.install.places import Places, default_places
from frih_plugin.install.record import read_installed
from frih_plugin.install.release import PLUGIN_FOLDER
from frih_plugin.install.steps import Background
from frih_plugin.install.trial import Trial
from frih_plugin.protocol.messages import Welcome
from frih_plugin.qt.core import QCoreApplication, QObject, Signal
from frih_plugin.texts import text


class Doctor(QObject):
    """changed(): there are other findings; finished(): these are all."""

    changed = Signal()
    finished = Signal()

    def __init__(
        self, places: Places, plugin_folder: Path = PLUGIN_FOLDER, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._places = places
        self._plugin_folder = plugin_folder
        self._found: list[Finding] = []
        self._background: Background | None = None
        self._trial: Trial | None = None
        application = QCoreApplication.instance()
        if application is not None:
            application.aboutToQuit.connect(self._end_with_application)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What was found so far."""
        return () if self._background is not None else tuple(self._found)

    @property
    def is_busy(self) -> bool:
        """Whether there is more to come."""
        return self._background is not None or self._trial is not None

    @property
    def can_repair(self) -> bool:
        """Whether installing the engine again would mend something."""
        return any(finding.mends and not finding.is_ok for finding in self.findings)

    @property
    def report(self) -> str:
        """All lines, to be copied."""
        return "\n".join(finding.line for finding in self.findings)

    def examine(self) -> None:
        """Look at everything anew; returns at once."""
        if self.is_busy:
            return
        self._found = []
        background = self._background = Background(self._look, self)
        background.done.connect(self._on_looked)
        background.failed.connect(self._on_look_failed)
        background.start()
        self.changed.emit()

    def _look(self, step: Background) -> None:
        """In a thread: hashes of large files among it."""
        for find in file_findings(self._places, self._plugin_folder):
            step.check()
            finding = find()
            if finding is not None:
                self._found.append(finding)

    def _on_look_failed(self, sentence: str) -> None:
        self._found.append(Finding(is_ok=False, sentence=sentence))
        self._on_looked()

    def _on_looked(self) -> None:
        if self._background is not None:
            self._background.deleteLater()
            self._background = None
        installed = read_installed(self._places.settings_file)
        if installed is None:
            self._finish()
            return
        trial = self._trial = Trial(lambda: installed.python, self._on_welcome, parent=self)
        trial.failed.connect(self._on_trial_failed)
        trial.done.connect(self._on_trial_done)
        trial.start()
        self.changed.emit()

    def _on_welcome(self, welcome: Welcome) -> None:
        self._found.append(
            Finding(
                is_ok=True,
                sentence=text("The engine starts and runs on {device}.", device=welcome.device),
            )
        )

    def _on_trial_failed(self, sentence: str) -> None:
        self._found.append(Finding(is_ok=False, sentence=sentence, mends=True))
        self._on_trial_done()

    def _on_trial_done(self) -> None:
        if self._trial is not None:
            self._trial.deleteLater()
            self._trial = None
        self._finish()

    def _finish(self) -> None:
        self.changed.emit()
        self.finished.emit()

    def _end_with_application(self) -> None:
        if self._background is not None:
            self._background.wait()


def main() -> int:
    """Print the findings; 1 where something is wrong."""
    application = QCoreApplication.instance() or QCoreApplication(sys.argv)
    doctor = Doctor(default_places())
    doctor.finished.connect(application.quit)
    doctor.examine()
    application.exec()
    sys.stdout.write(doctor.report + "\n")
    return int(any(not finding.is_ok for finding in doctor.findings))


if __name__ == "__main__":
    sys.exit(main())
