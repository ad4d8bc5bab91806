"""The fused kernels: interpreted, and compiled for cards that are not here."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
import torch

PROGRAM = Path(__file__).with_name("fused_program.py")
ROOT = PROGRAM.parents[2]

pytestmark = pytest.mark.skipif(
    find_spec("triton") is None, reason="Triton is not installed: install the extra kernels."
)


def run(*arguments: str, cache: Path, interpreted: bool = False) -> None:
    paths = [str(ROOT), os.environ.get("PYTHONPATH", "")]
    told = {
        "PYTHONPATH": os.pathsep.join(filter(None, paths)),
        "TRITON_INTERPRET": str(int(interpreted)),
        "TRITON_CACHE_DIR": str(cache),
    }
    done = subprocess.run(
        [sys.executable, *arguments],
        env={**os.environ, **told}, cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


@pytest.mark.full
@pytest.mark.parametrize("cutoff_distance", ["0.02", "0.1", "0.4"])
def test_interpreted_kernels_equal_the_reference(cutoff_distance: str, tmp_path: Path) -> None:
    run(str(PROGRAM), "cpu", cutoff_distance, cache=tmp_path, interpreted=True)


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
@pytest.mark.parametrize("cutoff_distance", ["0.02", "0.1", "0.4"])
def test_compiled_kernels_equal_the_reference(cutoff_distance: str, tmp_path: Path) -> None:
    run(str(PROGRAM), "cuda", cutoff_distance, cache=tmp_path)


@pytest.mark.full
@pytest.mark.parametrize("capability", [80, 90])
def test_kernels_compile_for_cards_that_are_not_here(capability: int, tmp_path: Path) -> None:
    program = (
        "from engine.submask.batched import fused\n"
        "from triton.backends.compiler import GPUTarget\n"
        "from triton.compiler import ASTSource, compile\n"
        "types = dict(first='*i64', last='*i64', limit='i32', size='constexpr')\n"
        "for kernel in (fused._density_kernel, fused._denser_kernel):\n"
        "    signature = {name: types.get(name, '*fp32') for name in kernel.arg_names}\n"
        "    source = ASTSource(kernel, signature, constexprs={'size': 64})\n"
        f"    target = GPUTarget('cuda', {capability}, 32)\n"
        "    assert compile(source, target=target, options=fused._OPTIONS).asm['ptx']\n"
    )
    run("-c", program, cache=tmp_path)
