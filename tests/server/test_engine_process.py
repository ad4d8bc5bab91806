"""The engine as a real process: from hello to the end of a day's work."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from engine_process import EngineProcess, engine
from made_layers import AT, KEY, Scene, samples_of, scene

from engine.document import placed_layer
from engine.manifest import read_manifest
from engine.pipeline import Settings, harmonize
from engine.runtime.backend import Backend
from engine.server.exit_codes import ExitCode
from frih_plugin.protocol import PROTOCOL_VERSION
from frih_plugin.protocol.codec import Reply
from frih_plugin.protocol.messages import (
    BACKEND_UNAVAILABLE,
    BROKEN_REQUEST,
    CANCELLED,
    UNKNOWN_LAYER,
    WRONG_VERSION,
    Answer,
    Closed,
    CloseLayer,
    Failure,
    FindRegions,
    Harmonize,
    Harmonized,
    Hello,
    LayerOpened,
    MakePreview,
    Preview,
    Progress,
    RegionsFound,
    ResultSettings,
    Welcome,
)

SETTINGS = ResultSettings()


def large() -> Scene:
    """So large that its transfer takes a while: some 100 strips."""
    return scene(size=(3000, 2400), layer_size=(2500, 2000))


def code_of(outcome: Answer | Failure) -> str:
    assert isinstance(outcome, Failure)
    return outcome.code


def test_a_layer_is_opened_looked_at_harmonized_and_closed(
    options: tuple[str, ...], backend: Backend
) -> None:
    made = scene()
    expected = harmonize(placed_layer(made.background, made.layer, AT), Settings(), backend).layer
    assert expected is not None
    with engine(*options) as running:
        welcome = running.greet()
        opened = running.ask(made.request(), LayerOpened)
        regions = running.ask(FindRegions(KEY, 0.1), RegionsFound)
        preview = running.ask(MakePreview(KEY, SETTINGS, "drag", 2), Preview)
        result = running.ask(Harmonize(KEY, SETTINGS), Harmonized)
        running.ask(CloseLayer(KEY), Closed)
        assert code_of(running.outcome(running.send(Harmonize(KEY, SETTINGS)))) == UNKNOWN_LAYER
        assert running.end() == (ExitCode.DONE, "")
    assert welcome.protocol_version == PROTOCOL_VERSION == read_manifest().protocol_version
    assert (welcome.backend, welcome.device) == ("onnx", "CPU")
    assert [b.name for b in welcome.backends if b.available or b.why_not]
    labels = samples_of(regions.labels)[..., 0]
    areas = np.bincount(labels[labels < 255])
    assert [r.area_px for r in regions.regions] == areas.tolist()
    assert (preview.after.width, preview.after.height) == (
        opened.before.width,
        opened.before.height,
    )
    assert np.array_equal(samples_of(result.layer)[..., :3], expected.pixels)
    assert {timing.stage for timing in result.timings} >= {"transfer"}


def test_progress_comes_by_stage_and_never_falls(options: tuple[str, ...]) -> None:
    with engine(*options) as running:
        running.greet()
        running.ask(large().request(), LayerOpened)
        asked = running.send(Harmonize(KEY, SETTINGS))
        assert isinstance(running.outcome(asked), Harmonized)
    told = [m for m in running.said if isinstance(m, Progress) and m.id == asked]
    stages = list(dict.fromkeys(m.stage for m in told))
    assert stages == ["coarse", "submasks", "refined", "transfer"]
    assert [m.share for m in told] == sorted(m.share for m in told)
    assert sum(m.stage == "transfer" for m in told) > 1


def test_a_cancel_is_answered_while_the_work_still_goes_on(options: tuple[str, ...]) -> None:
    """By order, not by the clock: what was asked for later is worked on only after it."""
    with engine(*options) as running:
        running.greet()
        running.ask(large().request(), LayerOpened)
        asked = running.send(Harmonize(KEY, SETTINGS))
        running.wait_for(lambda m: isinstance(m, Progress) and m.stage == "transfer")
        running.cancel(asked)
        assert code_of(running.outcome(asked)) == CANCELLED
        again = running.ask(Harmonize(KEY, SETTINGS), Harmonized)
        assert not any(isinstance(m, Progress) and m.id == asked for m in after(running, asked))
    assert again.layer.width == 2500


def after(running: EngineProcess, call_id: int) -> list[Reply | Progress]:
    """All that was said after a request's answer."""
    answered = [isinstance(m, Reply) and m.id == call_id for m in running.said].index(True)
    return running.said[answered + 1 :]


def test_the_latest_request_wins(options: tuple[str, ...]) -> None:
    with engine(*options) as running:
        running.greet()
        running.ask(scene().request(), LayerOpened)
        cutoffs = (0.3, 0.2, 0.1, 0.05, 0.03)
        asked = [running.send(MakePreview(KEY, ResultSettings(c), "drag")) for c in cutoffs]
        outcomes = [running.outcome(call_id) for call_id in asked]
    assert isinstance(outcomes[-1], Preview)
    assert all(isinstance(o, Preview) or code_of(o) == CANCELLED for o in outcomes)
    assert any(isinstance(o, Failure) for o in outcomes)


def test_hello_comes_first(options: tuple[str, ...]) -> None:
    with engine(*options) as running:
        assert code_of(running.outcome(running.send(scene().request()))) == BROKEN_REQUEST
        assert isinstance(running.outcome(running.send(hello())), Welcome)


def hello(version: int = PROTOCOL_VERSION, backend: str = "auto") -> Hello:
    return Hello(version, "tests", backend)


def test_another_version_is_refused_and_the_engine_ends(options: tuple[str, ...]) -> None:
    with engine(*options) as running:
        refused = running.outcome(running.send(hello(PROTOCOL_VERSION + 1)))
        assert code_of(refused) == WRONG_VERSION
        assert running.ended() == (ExitCode.WRONG_VERSION, "")


@pytest.mark.parametrize("backend", ["onnx-cuda", "abacus"])
def test_a_backend_that_is_not_there_is_said_and_another_may_be_asked_for(
    options: tuple[str, ...], backend: str
) -> None:
    with engine(*options) as running:
        outcome = running.outcome(running.send(hello(backend=backend)))
        if isinstance(outcome, Welcome):
            pytest.skip("this machine has the device")
        assert code_of(outcome) == BACKEND_UNAVAILABLE
        assert isinstance(running.outcome(running.send(hello())), Welcome)
        running.ask(scene().request(), LayerOpened)


def test_bad_input_is_a_sentence_and_the_engine_goes_on(options: tuple[str, ...]) -> None:
    with engine(*options) as running:
        running.greet()
        beside = running.outcome(running.send(replace(scene().request(), left=5000)))
        assert isinstance(beside, Failure)
        assert beside.code == "bad-input"
        assert beside.sentence.endswith(": move it onto the picture.")
        running.ask(scene().request(), LayerOpened)
        bad_cutoff = running.outcome(running.send(FindRegions(KEY, 7.0)))
        assert code_of(bad_cutoff) == "bad-cutoff-distance"
        running.ask(FindRegions(KEY, 0.1), RegionsFound)


def test_weights_that_are_cut_off_are_said_at_hello(tmp_path: Path) -> None:
    missing = tmp_path / "nothing.safetensors"
    with engine("--weights", str(missing), "--log-folder", str(tmp_path)) as running:
        assert code_of(running.outcome(running.send(hello()))) == "weights"


def test_the_log_names_versions_and_device_and_no_layer(
    options: tuple[str, ...], tmp_path: Path
) -> None:
    with engine(*options) as running:
        running.greet()
        request = replace(scene().request(), key="a person's secret name")
        running.ask(request, LayerOpened)
        assert running.end() == (ExitCode.DONE, "")
    log = (tmp_path / "engine.log").read_text(encoding="utf-8")
    assert "Python 3." in log
    assert "onnxruntime" in log
    assert "secret" not in log


def test_only_the_layers_asked_for_last_stay_open(options: tuple[str, ...]) -> None:
    with engine(*options) as running:
        running.greet()
        for key in "abcde":
            running.ask(replace(scene().request(), key=key), LayerOpened)
        oldest = running.outcome(running.send(FindRegions("a", 0.1)))
        assert code_of(oldest) == UNKNOWN_LAYER
        running.ask(FindRegions("b", 0.1), RegionsFound)
