"""How kernels are compiled: the settings that keep results the same everywhere."""

from __future__ import annotations

import gc
from collections.abc import Callable
from typing import Any

import numba
from numba.core.compiler import CompilerBase, DefaultPassBuilder


class _Apart(CompilerBase):
    """numba's own pipeline with the promise that array arguments never overlap.

    Without it the loops over lanes are not turned into vector instructions (2.4 times slower).
    What a compile makes stays until its end: to look for rubbish meanwhile took a tenth of it.
    """

    def compile_extra(self, func: Callable[..., Any]) -> Any:
        """Compile as numba does."""
        if not gc.isenabled():
            return super().compile_extra(func)
        gc.disable()
        try:
            return super().compile_extra(func)
        finally:
            gc.enable()

    def define_pipelines(self) -> list[Any]:
        """Set the one flag; the passes are numba's."""
        self.state.flags.noalias = True
        return [DefaultPassBuilder.define_nopython_pipeline(self.state)]


SETTINGS: dict[str, Any] = {
    "error_model": "numpy",
    "fastmath": {"contract"},
    "nogil": True,
    "pipeline_class": _Apart,
    "_nrt": False,
    "no_cfunc_wrapper": True,
}
KEPT: dict[str, Any] = {"cache": True}
UNSEEN: dict[str, Any] = {"no_cpython_wrapper": True}


def kernel(function: Callable[..., Any]) -> Any:
    """Compile a kernel.

    Only fused multiply-add may change rounding: with reassociation freshly compiled and cached
    code gave different bits. Kernels make no arrays, so references are not counted (``_nrt``):
    counting them cost five times the work itself.
    """
    return numba.njit(**SETTINGS, **KEPT)(function)


def inner(function: Callable[..., Any]) -> Any:
    """Compile a kernel that only others call: Python's way into it takes longer than itself.

    It is kept with those that call it and not by itself.
    """
    return numba.njit(**SETTINGS, **UNSEEN)(function)


def inline(function: Callable[..., Any]) -> Any:
    """Compile a kernel that is copied to where it is called."""
    return numba.njit(forceinline=True, **SETTINGS)(function)
