"""The compiled loops over reaches; arrays in topological order, no checks."""

from __future__ import annotations

import numba
import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


@numba.njit(cache=True)
def order_tree(down: Integers) -> tuple[Integers, int]:
    """Order a tree upstream first, following each stream as far as it goes."""
    size = len(down)
    waiting = np.zeros(size, np.int32)
    for i in range(size):
        if down[i] >= 0:
            waiting[down[i]] += 1
    is_head = waiting == 0
    order = np.empty(size, np.int64)
    count = 0
    for head in range(size):
        at = head if is_head[head] else -1
        while at >= 0:
            order[count] = at
            count += 1
            at = down[at]
            if at >= 0:
                waiting[at] -= 1
                if waiting[at] > 0:
                    at = -1
    return order, count


@numba.njit(cache=True)
def order_split(start: Integers, target: Integers) -> tuple[Integers, int]:
    """Order a network with partings upstream first (Kahn)."""
    size = len(start) - 1
    waiting = np.zeros(size, np.int32)
    for t in target:
        waiting[t] += 1
    order = np.empty(size, np.int64)
    stack = np.empty(size, np.int64)
    top = 0
    for i in range(size - 1, -1, -1):
        if waiting[i] == 0:
            stack[top] = i
            top += 1
    count = 0
    while top > 0:
        top -= 1
        at = stack[top]
        order[count] = at
        count += 1
        for edge in range(start[at], start[at + 1]):
            waiting[target[edge]] -= 1
            if waiting[target[edge]] == 0:
                stack[top] = target[edge]
                top += 1
    return order, count


@numba.njit(cache=True)
def down_tree(down: Integers, load: Floats, kept: Floats) -> Floats:
    """Carry loads down a tree; gives what enters each reach at its head."""
    entering = load.copy()
    for i in range(len(down)):
        d = down[i]
        if d >= 0:
            entering[d] += entering[i] * kept[i]
    return entering


@numba.njit(cache=True)
def down_split(
    start: Integers, target: Integers, share: Floats, load: Floats, kept: Floats
) -> Floats:
    """Carry loads down a network with partings."""
    entering = load.copy()
    for i in range(len(kept)):
        leaving = entering[i] * kept[i]
        for edge in range(start[i], start[i + 1]):
            entering[target[edge]] += leaving * share[edge]
    return entering


@numba.njit(cache=True)
def up_tree(down: Integers, weight: Floats, kept: Floats) -> Floats:
    """Carry sensitivities up a tree: the transpose of :func:`down_tree`."""
    worth = weight.copy()
    for i in range(len(down) - 1, -1, -1):
        d = down[i]
        if d >= 0:
            worth[i] += worth[d] * kept[i]
    return worth


@numba.njit(cache=True)
def up_split(
    start: Integers, target: Integers, share: Floats, weight: Floats, kept: Floats
) -> Floats:
    """Carry sensitivities up a network: the transpose of :func:`down_split`."""
    worth = weight.copy()
    for i in range(len(kept) - 1, -1, -1):
        for edge in range(start[i], start[i + 1]):
            worth[i] += worth[target[edge]] * share[edge] * kept[i]
    return worth
