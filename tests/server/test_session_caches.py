"""Only what depends on a changed setting is computed again: counted in runs of the network."""

from __future__ import annotations

import threading

import pytest
from made_layers import KEY, scene, unwatched

from engine.errors import CancelledError
from engine.network.config import NetworkConfig
from engine.runtime.backend import Backend, BaseResult, DeviceReport, Plane
from engine.server.opened import open_layer
from engine.server.session import LayerSession
from engine.server.watch import JobWatch
from frih_plugin.protocol.messages import MakePreview, Quality, RegionStrength, ResultSettings


class CountingBackend:
    """The real one, counted."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self.base_runs = 0
        self.refined: list[Plane] = []

    @property
    def report(self) -> DeviceReport:
        return self._backend.report

    @property
    def config(self) -> NetworkConfig:
        return self._backend.config

    @property
    def weights_sha256(self) -> str:
        return self._backend.weights_sha256

    def base(self, composite: Plane, mask: Plane) -> BaseResult:
        self.base_runs += 1
        return self._backend.base(composite, mask)

    def refine(self, coarse: Plane, submask: Plane, shared: object) -> Plane:
        self.refined.append(submask)
        return self._backend.refine(coarse, submask, shared)


@pytest.fixture
def counting(backend: Backend) -> CountingBackend:
    return CountingBackend(backend)


@pytest.fixture
def session(counting: CountingBackend) -> LayerSession:
    return LayerSession(open_layer(scene().request(), unwatched()), counting)


def preview(session: LayerSession, settings: ResultSettings, quality: Quality = "rest") -> None:
    session.preview(MakePreview(KEY, settings, quality), unwatched())


def test_strengths_never_run_a_network(session: LayerSession, counting: CountingBackend) -> None:
    preview(session, ResultSettings())
    runs = len(counting.refined)
    preview(session, ResultSettings(strength=0.3))
    preview(session, ResultSettings(regions=(RegionStrength(0, 0.0),)))
    session.harmonized(ResultSettings(strength=0.5), unwatched())
    assert counting.base_runs == 1
    assert len(counting.refined) == runs > 0


def test_finding_regions_runs_no_network(session: LayerSession, counting: CountingBackend) -> None:
    session.regions_found(0.1, unwatched())
    assert counting.base_runs == len(counting.refined) == 0


def test_a_moved_slider_refines_only_submasks_that_are_new(
    session: LayerSession, counting: CountingBackend
) -> None:
    seen: set[bytes] = set()
    for cutoff in (0.3, 0.1, 0.05, 0.1, 0.3):
        preview(session, ResultSettings(cutoff))
    for submask in counting.refined:
        assert submask.tobytes() not in seen
        seen.add(submask.tobytes())
    assert counting.base_runs == 1


def test_a_drag_refines_at_half_size_from_the_same_stage_1(
    session: LayerSession, counting: CountingBackend
) -> None:
    preview(session, ResultSettings(), "drag")
    assert {submask.shape for submask in counting.refined} == {(128, 128)}
    preview(session, ResultSettings(), "rest")
    assert counting.base_runs == 1


def test_forgotten_results_are_computed_again(
    session: LayerSession, counting: CountingBackend
) -> None:
    preview(session, ResultSettings())
    runs = len(counting.refined)
    session.forget_results()
    preview(session, ResultSettings())
    assert len(counting.refined) == 2 * runs


def test_a_cancel_stops_between_submasks_and_what_was_done_is_kept(
    session: LayerSession, counting: CountingBackend
) -> None:
    stop = threading.Event()

    def stop_in_the_middle(stage: str, _share: float) -> None:
        if stage == "refined" and len(counting.refined) == 1:
            stop.set()

    regions = session.regions_found(0.05, unwatched())
    assert len(regions.regions) > 2
    watch = JobWatch(stop, stop_in_the_middle, pause_s=0.0)
    with pytest.raises(CancelledError):
        session.harmonized(ResultSettings(0.05), watch)
    assert len(counting.refined) == 1
    session.harmonized(ResultSettings(0.05), unwatched())
    assert len(counting.refined) == len(regions.regions)


def test_a_cancel_stops_the_transfer_between_strips(session: LayerSession) -> None:
    stop = threading.Event()
    told: list[float] = []

    def tell(stage: str, share: float) -> None:
        if stage == "transfer":
            told.append(share)
            if len(told) == 4:
                stop.set()

    watch = JobWatch(stop, tell, pause_s=0.0)
    with pytest.raises(CancelledError):
        session.harmonized(ResultSettings(), watch)
    assert len(told) <= 5
    assert told == sorted(told)
    assert told[-1] < 1
