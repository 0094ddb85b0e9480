"""Compile the loops of the screenings before anybody waits for them.

The installation runs it once (`grid_models/warm_up.py`), the application in the background at start; the compiled code is kept on disk.
"""

import numpy as np


def warm_up() -> None:
    """Run every compiled loop once, on one outage of two buses joined by one branch."""
    from grid_models.contingency import kernels, pair_kernel  # numba: the import is part of what is warmed up

    voltage = np.ones((1, 2), dtype=np.complex128)
    voltage.flags.writeable = False  # as the solver's own array is: another kind of array would be compiled again
    one, ends, number = np.zeros(1, dtype=np.int64), np.array([[0], [1]]), np.zeros(1, dtype=np.int64)
    loading, vm, lost = np.empty((1, 1)), np.empty((1, 2)), np.zeros((1, 2))
    bus, yes = np.arange(2), np.ones(2, dtype=bool)
    kernels.loading_rows(voltage, one, one, ends, np.ones((4, 1), dtype=np.complex128), one, loading)
    kernels.voltage_rows(voltage, one, bus, one, vm)
    kernels.dead_rows(voltage, one, np.ones((2, 2)), yes, ends, np.array([0, 1]), one, one, lost, number)
    over, found = number.copy(), (np.zeros(1, dtype=np.int64), np.zeros(1, dtype=np.int64), np.zeros(1))
    kernels.judge_rows(loading, vm, 100.0, np.zeros(2), np.ones(2), yes, number.copy(), over, np.empty((1, 3)), number)
    kernels.overloads(loading, 0.0, np.ones(1, dtype=np.int64), *found)
    pair_kernel.warm_up()
