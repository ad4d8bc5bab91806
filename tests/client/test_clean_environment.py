"""Which of an editor's variables the engine gets."""

from __future__ import annotations

import os

import pytest

from frih_plugin.client.clean_environment import clean_environment

BUNDLE = os.sep + "bundle"
INSIDE = BUNDLE + os.sep + "usr"
PLAIN = {"HOME": "/home/me", "PATH": os.pathsep.join(["/usr/bin", "/bin"]), "LANG": "de_DE.UTF-8"}


@pytest.mark.parametrize(
    "name",
    [
        "PYTHONPATH",
        "PYTHONHOME",
        "PYTHONDONTWRITEBYTECODE",
        "__PYVENV_LAUNCHER__",
        "LD_LIBRARY_PATH",
        "LD_PRELOAD",
        "DYLD_LIBRARY_PATH",
        "DYLD_INSERT_LIBRARIES",
        "QT_PLUGIN_PATH",
        "QML2_IMPORT_PATH",
        "GDK_PIXBUF_MODULE_FILE",
        "GI_TYPELIB_PATH",
        "GTK_PATH",
        "BABL_PATH",
        "GEGL_PATH",
        "APPDIR",
        "APPIMAGE",
    ],
)
def test_misleading_variable_is_dropped(name: str) -> None:
    assert name not in clean_environment({**PLAIN, name: "/of/the/editor"})


def test_the_persons_own_variables_stay() -> None:
    own = {**PLAIN, "OMP_NUM_THREADS": "2", "CUDA_VISIBLE_DEVICES": "", "FRIH_ENGINE": "x y"}
    assert clean_environment(own) == {**own, "PYTHONUTF8": "1"}


def test_utf_8_holds_whatever_the_editor_said() -> None:
    assert clean_environment({"PYTHONUTF8": "0"}) == {"PYTHONUTF8": "1"}


def test_value_that_a_bundle_kept_comes_back() -> None:
    inside = {"LD_LIBRARY_PATH": "/bundle/lib", "LD_LIBRARY_PATH_ORIG": "/opt/cuda/lib"}
    assert clean_environment(inside) == {"LD_LIBRARY_PATH": "/opt/cuda/lib", "PYTHONUTF8": "1"}


def test_value_that_was_empty_before_the_bundle_is_gone() -> None:
    inside = {"LD_LIBRARY_PATH": "/bundle/lib", "LD_LIBRARY_PATH_ORIG": ""}
    assert clean_environment(inside) == {"PYTHONUTF8": "1"}


def test_python_variables_do_not_come_back() -> None:
    inside = {"PYTHONPATH": "/bundle/py", "PYTHONPATH_ORIG": "/home/me/other/python"}
    assert clean_environment(inside) == {"PYTHONUTF8": "1"}


def test_name_that_only_looks_kept_is_a_variable_like_others() -> None:
    assert clean_environment({"MY_ORIG": "1"}) == {"MY_ORIG": "1", "PYTHONUTF8": "1"}


def test_folders_inside_the_bundle_leave_the_lists() -> None:
    inside = {
        "APPDIR": BUNDLE,
        "PATH": os.pathsep.join([INSIDE, "/usr/bin", "/bundle-of-another"]),
        "XDG_DATA_DIRS": INSIDE,
        "EMPTY": "",
    }
    path = os.pathsep.join(["/usr/bin", "/bundle-of-another"])
    assert clean_environment(inside) == {"PATH": path, "EMPTY": "", "PYTHONUTF8": "1"}
