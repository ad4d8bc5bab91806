"""The steps of an installation in their order, for one order of the person."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from frih_plugin.install.carried_python import (
    carried_python,
    place_python,
    remove_tree,
    wheels_in,
)
from frih_plugin.install.checks import check_path, check_release, check_space, check_writable
from frih_plugin.install.child import ChildStep
from frih_plugin.install.commands import (
    PipPlaces,
    download,
    install_engine,
    install_libraries,
    make_environment,
)
from frih_plugin.install.errors import InstallError
from frih_plugin.install.places import Places, environment_python
from frih_plugin.install.pythons import FindPython, FoundPython, candidates, python_in
from frih_plugin.install.record import Installed, Stamps, write_installed
from frih_plugin.install.release import Release
from frih_plugin.install.removal import remove_all, remove_others
from frih_plugin.install.requirements import Requirement, split_requirements
from frih_plugin.install.steps import Background, Step
from frih_plugin.install.trial import Trial
from frih_plugin.protocol.messages import Welcome
from frih_plugin.texts import text

Stage = Literal["check", "python", "environment", "download", "libraries", "engine", "try", "end"]

CARRIED_PYTHON_MB = 150
"""What an unpacked Python takes, rounded up."""

PASSING_MB = 30
"""The unpacked pip, and what it writes on the way."""

_INSTALLED = "installed"
_PYTHON = "python"
_SHARES: dict[Stage, float] = {
    "check": 0.02,
    "python": 0.06,
    "environment": 0.1,
    "download": 0.65,
    "libraries": 0.85,
    "engine": 0.92,
    "try": 0.99,
    "end": 1.0,
}


@dataclass(frozen=True, slots=True)
class Planned:
    """A step to be made when its turn comes. begin, end: its part of the whole, 0 to 1.

    stamp: what is written down when it is done, "" for nothing; is_done: whether to leave it out.
    """

    stage: Stage
    begin: float
    end: float
    make: Callable[[], Step]
    stamp: str = ""
    is_done: Callable[[], bool] = lambda: False


@dataclass(slots=True)
class Order:
    """What was asked for, and what has been found on the way.

    folder: with libraries, and perhaps a Python, for a machine without a network; named: the
    Python that the person chose.
    """

    places: Places
    release: Release
    folder: Path | None = None
    named: Path | None = None
    python: FoundPython | None = None
    stamps: Stamps = field(init=False)

    def __post_init__(self) -> None:
        self.stamps = Stamps(self.places.stamp_file, self.release.fingerprint)

    @property
    def environment(self) -> Path:
        """The folder that is made."""
        return self.places.environment(self.release.environment_name)

    @property
    def carried(self) -> Path | None:
        """A Python that came along: in the folder, or in the release. Not where one was named."""
        if self.named is not None:
            return None
        in_folder = None if self.folder is None else carried_python(self.folder)
        in_release = None if self.release.python is None else self.release.python.path
        return in_folder or in_release

    @property
    def engine_python(self) -> Path:
        """The Python inside it."""
        return environment_python(self.environment)

    def is_installed(self) -> bool:
        """Whether all libraries and the engine are in it, from an earlier run."""
        return _INSTALLED in self.stamps and self.engine_python.is_file()


def plan_installation(order: Order) -> list[Planned]:
    """All steps, from the checks to the settings file. Raises InstallError for a wrong folder."""
    made = order.is_installed
    return [
        _planned("check", lambda: Background(lambda _: _check(order))),
        *_python_steps(order),
        _planned("environment", lambda: Background(lambda _: _clear(order)), is_done=made),
        _planned("environment", lambda: _environment_step(order), is_done=made),
        _planned("environment", lambda: Background(lambda _: _unpack_pip(order)), is_done=made),
        *_download_steps(order),
        _planned("libraries", lambda: _libraries_step(order), is_done=made),
        _planned("engine", lambda: _engine_step(order), stamp=_INSTALLED, is_done=made),
        _planned("try", lambda: _trial(order)),
        _planned("end", lambda: Background(lambda _: _settle(order))),
    ]


def plan_existing(places: Places, python: Path) -> list[Planned]:
    """Try an engine that is there already, and settle on it."""
    welcomes: list[Welcome] = []

    def settle(_: Background) -> None:
        check_writable(places.root)
        version = welcomes[-1].engine_version
        write_installed(places.settings_file, Installed(python, version, is_own=False))

    return [
        _planned("try", lambda: Trial(lambda: python, welcomes.append)),
        _planned("end", lambda: Background(settle)),
    ]


def plan_repair(order: Order) -> list[Planned]:
    """The same engine anew. Raises InstallError for a wrong folder."""

    def forget(_: Background) -> None:
        order.places.settings_file.unlink(missing_ok=True)
        order.stamps.remove(_INSTALLED)

    return [_planned("check", lambda: Background(forget)), *plan_installation(order)]


def plan_removal(places: Places) -> list[Planned]:
    """All that was made goes."""
    return [_planned("end", lambda: Background(lambda step: remove_all(places, step.check)))]


def _planned(
    stage: Stage,
    make: Callable[[], Step],
    *,
    stamp: str = "",
    is_done: Callable[[], bool] = lambda: False,
) -> Planned:
    stages = list(_SHARES)
    place = stages.index(stage)
    begin = _SHARES[stages[place - 1]] if place else 0.0
    return Planned(stage, begin, _SHARES[stage], make, stamp, is_done)


def _check(order: Order) -> None:
    check_release(order.release)
    check_path(order.places.root)
    check_writable(order.places.root)
    if not order.is_installed():
        needed = order.release.installed_mb + PASSING_MB
        needed += 0 if order.folder else order.release.download_mb
        needed += 0 if order.carried is None else CARRIED_PYTHON_MB
        check_space(order.places.root, needed)


def _python_steps(order: Order) -> Iterator[Planned]:
    carried = order.carried
    if carried is not None:
        place = _placing(carried, order.places.python)
        yield _planned("python", place, stamp=_PYTHON, is_done=lambda: _has_python(order))
    yield _planned("python", lambda: _find_step(order), is_done=order.is_installed)


def _has_python(order: Order) -> bool:
    return _PYTHON in order.stamps and python_in(order.places.python) is not None


def _placing(carried: Path, target: Path) -> Callable[[], Step]:
    return lambda: Background(lambda step: place_python(carried, target, step.check))


def _find_step(order: Order) -> Step:
    def take(found: FoundPython) -> None:
        order.python = found

    if order.named is not None:
        return FindPython(take, [[str(order.named)]], is_named=True)
    own = python_in(order.places.python)
    commands = [*([] if own is None else [[str(own)]]), *candidates()]
    return FindPython(take, commands, is_named=False)


def _clear(order: Order) -> None:
    """A half-made environment is not mended but made again."""
    order.stamps.remove(_INSTALLED)
    remove_tree(order.environment)


def _environment_step(order: Order) -> Step:
    return ChildStep(lambda: make_environment(_python(order).path, order.environment))


def _unpack_pip(order: Order) -> None:
    remove_tree(order.places.pip)
    with zipfile.ZipFile(order.release.pip.path) as wheel:
        wheel.extractall(order.places.pip)


def _download_steps(order: Order) -> Iterator[Planned]:
    if order.folder is not None:
        if wheels_in(order.folder) is None:
            raise InstallError(_no_libraries(order.folder))
        return
    requirements = split_requirements(order.release.requirements.path.read_text(encoding="utf-8"))
    yield _planned(
        "download",
        lambda: Background(lambda _: _write_requirements(order, requirements)),
        is_done=order.is_installed,
    )
    begin, end = _SHARES["environment"], _SHARES["download"]
    part = (end - begin) / max(len(requirements), 1)
    for index, requirement in enumerate(requirements):
        yield Planned(
            "download",
            begin + index * part,
            begin + (index + 1) * part,
            _downloading(order, requirement),
            requirement.pin,
            _is_downloaded(order, requirement),
        )


def _write_requirements(order: Order, requirements: tuple[Requirement, ...]) -> None:
    folder = order.places.downloads
    if not folder.is_dir():
        # What was downloaded once has gone with the folder.
        order.stamps.remove(*(requirement.pin for requirement in requirements))
        folder.mkdir(parents=True)
    for requirement in requirements:
        _requirement_file(order, requirement).write_text(requirement.lines, encoding="utf-8")


def _requirement_file(order: Order, requirement: Requirement) -> Path:
    return order.places.downloads / f"{requirement.name}-{requirement.version}.txt"


def _downloading(order: Order, requirement: Requirement) -> Callable[[], Step]:
    file = _requirement_file(order, requirement)
    return lambda: ChildStep(lambda: download(_pip_places(order), file))


def _is_downloaded(order: Order, requirement: Requirement) -> Callable[[], bool]:
    return lambda: requirement.pin in order.stamps or order.is_installed()


def _libraries_step(order: Order) -> Step:
    return ChildStep(
        lambda: install_libraries(order.release, _pip_places(order)),
        from_folder=order.folder is not None,
    )


def _engine_step(order: Order) -> Step:
    return ChildStep(lambda: install_engine(order.release, _pip_places(order)))


def _pip_places(order: Order) -> PipPlaces:
    brought = None if order.folder is None else wheels_in(order.folder)
    return PipPlaces(
        order.engine_python,
        order.places.pip,
        brought or order.places.downloads,
        order.places.cache,
    )


def _trial(order: Order) -> Step:
    return Trial(
        lambda: order.engine_python,
        lambda _: None,
        weights_sha256=order.release.weights_sha256,
    )


def _settle(order: Order) -> None:
    """From here on editors start this engine; what only the installation needed goes."""
    release = order.release
    installed = Installed(order.engine_python, release.version, release.fingerprint)
    write_installed(order.places.settings_file, installed)
    for leftover in order.places.passing:
        remove_tree(leftover)
    remove_others(order.places, order.environment)


def _python(order: Order) -> FoundPython:
    if order.python is None:
        raise InstallError(_no_python())
    return order.python


def _no_python() -> str:
    return text("No Python was found: install again.")


def _no_libraries(folder: Path) -> str:
    return text(
        "The folder {folder} holds no libraries (files that end in .whl): choose the folder that "
        "was made for installing without a network.",
        folder=folder,
    )
