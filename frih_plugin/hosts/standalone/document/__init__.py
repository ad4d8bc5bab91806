"""The editor's picture with layers, without any user interface. One thread at a time.

Values (frozen; arrays are shared between versions and never written to):

    Document    canvas, ICC, depth, layers bottom first, selection; new_document(picture, name)
    Layer       picture, placement, opacity, mode, ...; layer.bounds, layer.revision
    Placement   left, top, scale_x, scale_y, degrees (clockwise), about the centre;
                on_canvas and on_layer map points, corners gives the handles

Changes return another Document and raise BadInputError (a locked layer, one that is gone):

    edits       add_picture (any picture, converted, centred), add_layer, remove_layer,
                reorder_layer, duplicate_layer, rename_layer, set_visible, set_locked, set_opacity,
                set_mode, set_settings, place_layer, set_picture, cut_out
    selections  select_rectangle, select_lasso (with feather_px; replace, add, subtract),
                select_all, select_none, invert_selection
    History     push(document, name, gesture=...), undo(), redo(), undo_name, redo_name,
                amend, mark_saved(), is_dirty

Pixels:

    composite(document, box, without=..., replaced=..., scale=...)   a Picture, document's space
    render(picture, placement)   a layer's own pixels on the canvas, exact for whole offsets
    TileCache   show(document, replaced=...) -> boxes to repaint; keys_in, tile, cached, box_of;
                level_for(zoom): 8-bit sRGB for the screen
    rgba8, shrunk_to   a thumbnail is rgba8(shrunk_to(layer.picture, 96))

Files (whole or not at all; BadInputError or OutputError with a sentence):

    open_document(path) -> Opened(document, notes)
    save_document(path, document) -> notes    .ora and .tif keep layers, the others are flat
    read_cut_out(path)   a file as a Picture, for add_picture
"""

from engine.color.blending import BlendMode
from frih_plugin.hosts.standalone.document.compositor import composite, shown_document
from frih_plugin.hosts.standalone.document.display import Rgba, rgba8, shrunk_to
from frih_plugin.hosts.standalone.document.document import (
    MAX_PIXELS,
    Document,
    Mask,
    new_document,
)
from frih_plugin.hosts.standalone.document.edits import (
    add_layer,
    add_picture,
    cut_out,
    duplicate_layer,
    place_layer,
    remove_layer,
    rename_layer,
    reorder_layer,
    set_locked,
    set_mode,
    set_opacity,
    set_picture,
    set_settings,
    set_visible,
)
from frih_plugin.hosts.standalone.document.files.open import Opened, open_document, read_cut_out
from frih_plugin.hosts.standalone.document.files.save import save_document
from frih_plugin.hosts.standalone.document.history import History
from frih_plugin.hosts.standalone.document.layer import Layer, with_changes
from frih_plugin.hosts.standalone.document.placement import Placement, Point
from frih_plugin.hosts.standalone.document.rendering import Rendered, render
from frih_plugin.hosts.standalone.document.selections import (
    Combination,
    invert_selection,
    select_all,
    select_lasso,
    select_none,
    select_rectangle,
)
from frih_plugin.hosts.standalone.document.tiles import TILE_SIDE, TileCache, TileKey, level_for

__all__ = [
    "MAX_PIXELS",
    "TILE_SIDE",
    "BlendMode",
    "Combination",
    "Document",
    "History",
    "Layer",
    "Mask",
    "Opened",
    "Placement",
    "Point",
    "Rendered",
    "Rgba",
    "TileCache",
    "TileKey",
    "add_layer",
    "add_picture",
    "composite",
    "cut_out",
    "duplicate_layer",
    "invert_selection",
    "level_for",
    "new_document",
    "open_document",
    "place_layer",
    "read_cut_out",
    "remove_layer",
    "rename_layer",
    "render",
    "reorder_layer",
    "rgba8",
    "save_document",
    "select_all",
    "select_lasso",
    "select_none",
    "select_rectangle",
    "set_locked",
    "set_mode",
    "set_opacity",
    "set_picture",
    "set_settings",
    "set_visible",
    "shown_document",
    "shrunk_to",
    "with_changes",
]
