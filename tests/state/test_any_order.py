"""Whatever a person, a host and an engine do in whatever order: in the end all agrees."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest
from fake_engine import LEFT_HALF, SIDE, TOP_HALF, changed
from fake_host import FakeEditor
from panel_bench import Bench, square, with_hat

from frih_plugin.state.granularity import STOPS, cutoff_distance

STEPS = 60


def act(bench: Bench, rng: random.Random) -> None:
    """One thing that happens."""
    state, editor, engine = bench.state, bench.editor, bench.engine
    shade = (rng.randrange(256), 40, 50, 255)
    actions: list[Callable[[], object]] = [
        lambda: state.set_stop(rng.randrange(STOPS), dragging=rng.random() < 0.7),
        lambda: state.set_strength(rng.random(), dragging=rng.random() < 0.7),
        lambda: state.switch_region(rng.randrange(2), rng.random() < 0.5),
        lambda: state.set_region_strength(rng.randrange(2), rng.random(), dragging=True),
        lambda: state.set_surroundings(rng.choice(("visible", "below", "surroundings"))),
        lambda: state.set_target(rng.choice(("layer", "background"))),
        lambda: state.set_output(rng.choice(("new", "into"))),
        lambda: state.set_overlay_shown(rng.random() < 0.5),
        lambda: state.hold_before(rng.random() < 0.3),
        state.prepare,
        state.harmonize,
        state.harmonize,
        state.cancel,
        state.reset,
        state.act_on_notice,
        lambda: editor.select_layers(rng.choice(("Hat", "Coat"))),
        lambda: editor.paint("Hat", shade),
        lambda: editor.undo() if editor.undo_steps() > 2 else None,
        engine.forget_layers,
        lambda: (engine.die(), engine.become("ready")),
        bench.settle,
        bench.settle,
        engine.answer_all,
        lambda: engine.answer(type(next(iter(engine.open.values())))) if engine.open else None,
    ]
    rng.choice(actions)()


@pytest.mark.parametrize("seed", range(40))
def test_all_agrees_in_the_end(make_bench: Callable[..., Bench], seed: int) -> None:
    rng = random.Random(seed)  # noqa: S311 - a choice of actions, to be repeated
    editor = with_hat(FakeEditor())
    editor.add_layer("Coat", square(), 0, 0)
    bench = make_bench(editor)
    maps = (LEFT_HALF * SIDE, TOP_HALF, bytes(SIDE * SIDE))
    bench.engine.labels = {cutoff_distance(stop): maps[stop % 3] for stop in range(STOPS)}
    for _ in range(STEPS):
        act(bench, rng)
    bench.finish()
    bench.state.set_strength(0.75, dragging=False)
    bench.finish()
    check_agreement(bench)
    puts = len(bench.puts())
    bench.state.harmonize()
    bench.finish()
    assert bench.state.job is None
    assert len(bench.puts()) == puts + 1
    assert bench.state.notice is None


def check_agreement(bench: Bench) -> None:
    state, host = bench.state, bench.editor.host
    assert state.job is None
    assert state.can_harmonize
    assert bench.engine.open == {}
    assert state.subject == host.subject()
    last = bench.previews()[-1]
    assert last.settings.strength == 0.75
    assert last.settings.cutoff_distance == cutoff_distance(state.settings.stop)
    assert last.quality == "rest"
    off = {region.index for region in last.settings.regions if region.strength == 0}
    views = () if state.region_map is None else state.region_map.regions
    assert {view.index for view in views if not view.on or view.strength == 0} == off
    opened = bench.engine.opened(last)
    assert opened.target == state.settings.target
    assert (opened.surroundings is not None) == (state.settings.surroundings == "surroundings")
    # A result that went into the layer is still made of what the layer was before.
    assert bench.editor.document.chosen()[0].pixels in (opened.layer, changed(opened.layer))
    state.hold_before(False)
    bench.settle()
    assert host.preview is not None
    assert host.preview.scale == 1
