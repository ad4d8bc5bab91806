"""Undo and redo: the very documents come back, gestures are one step, memory is bounded."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from engine.color.picture import Picture
from frih_plugin.hosts.standalone.document import (
    Document,
    History,
    Placement,
    add_picture,
    new_document,
    place_layer,
    set_opacity,
    set_picture,
)

PICTURE = Picture(np.zeros((100, 100, 3), np.uint8))
SIZE = PICTURE.pixels.nbytes


def start() -> Document:
    return new_document(PICTURE, "a")


def painted(document: Document) -> Document:
    """Other pixels: one more array of SIZE bytes."""
    return set_picture(document, document.layers[0].id, Picture(np.ones_like(PICTURE.pixels)))


def test_undo_and_redo_give_back_the_very_documents() -> None:
    first = start()
    second, _ = add_picture(first, PICTURE, "b")
    history = History(first)
    assert (history.undo_name, history.redo_name) == (None, None)
    history.push(second, "Place")
    assert (history.undo_name, history.redo_name) == ("Place", None)
    assert history.undo() is first
    assert (history.undo_name, history.redo_name) == (None, "Place")
    assert history.redo() is second


def test_undo_at_the_start_and_redo_at_the_end_stay_there() -> None:
    document = start()
    history = History(document)
    assert history.undo() is document
    assert history.redo() is document


def test_a_drag_is_one_step_and_the_next_one_another() -> None:
    first = start()
    key, history = first.layers[0].id, History(first)
    for gesture in (object(), object()):
        for step in range(5):
            moved = place_layer(history.document, key, Placement(step + 1, 0))
            history.push(moved, "Move", gesture)
    history.undo()
    assert history.document.layers[0].placement.left == 5
    assert history.undo() is first


def test_a_new_step_drops_what_was_undone() -> None:
    history = History(start())
    history.push(painted(history.document), "Paint")
    history.undo()
    history.push(set_opacity(history.document, history.document.layers[0].id, 0.5), "Opacity")
    assert history.redo_name is None
    assert history.undo_name == "Opacity"


def test_a_document_that_did_not_change_is_no_step() -> None:
    history = History(start())
    history.push(history.document, "Nothing")
    assert history.undo_name is None


def test_dirty_follows_undo_and_saving() -> None:
    history = History(start())
    assert not history.is_dirty
    history.push(painted(history.document), "Paint")
    assert history.is_dirty
    history.undo()
    assert not history.is_dirty
    history.redo()
    history.mark_saved()
    assert not history.is_dirty
    history.undo()
    assert history.is_dirty


def test_a_drag_after_saving_is_dirty() -> None:
    history, gesture = History(start()), object()
    key = history.document.layers[0].id
    history.push(place_layer(history.document, key, Placement(1, 0)), "Move", gesture)
    history.mark_saved()
    history.push(place_layer(history.document, key, Placement(2, 0)), "Move", gesture)
    assert history.is_dirty


def test_old_steps_are_forgotten_when_their_arrays_need_too_much() -> None:
    history = History(start(), max_bytes=3 * SIZE)
    for _ in range(10):
        history.push(painted(history.document), "Paint")
    assert history.extra_bytes() == 3 * SIZE
    for _ in range(3):
        assert history.undo_name == "Paint"
        history.undo()
    assert history.undo_name is None


def test_steps_that_share_their_arrays_cost_nothing() -> None:
    history = History(start(), max_bytes=0)
    key = history.document.layers[0].id
    for step in range(50):
        history.push(set_opacity(history.document, key, step / 50), "Opacity")
    assert history.extra_bytes() == 0
    for _ in range(50):
        history.undo()
    assert history.document.layers[0].opacity == 1


def test_an_amendment_survives_undo_and_is_no_step() -> None:
    history = History(start())
    history.push(painted(history.document), "Paint")
    history.mark_saved()
    history.amend(lambda document: replace(document, settings="kept"))
    assert history.is_dirty
    assert history.undo().settings == "kept"
    assert history.redo().settings == "kept"


@given(st.lists(st.sampled_from(["push", "undo", "redo"]), max_size=30))
def test_the_history_follows_a_plain_list_of_documents(actions: list[str]) -> None:
    document = start()
    history, documents, at = History(document), [document], 0
    for action in actions:
        if action == "push":
            document = painted(document)
            history.push(document, "Paint")
            documents[at + 1 :] = [document]
            at += 1
        else:
            at = max(at - 1, 0) if action == "undo" else min(at + 1, len(documents) - 1)
            document = history.undo() if action == "undo" else history.redo()
        assert history.document is documents[at]
        assert (history.undo_name is None) == (at == 0)
        assert (history.redo_name is None) == (at == len(documents) - 1)
