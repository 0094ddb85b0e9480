"""pandapower's weighted least squares on the same measurements, on its own net of the same name."""

import warnings
from typing import Any

import numpy as np
import pandas as pd
from pandapower import networks
from pandapower.estimation import estimate

from grid_models.errors import AeipError
from grid_models.steady.solution import Solution
from grid_models.telemetry.measurement_set import MeasurementSet
from grid_models.telemetry.quantities import Quantity
from grid_models.twin.model import FloatArray

_KINDS = {  # quantity: measurement type, sign (pandapower's bus powers are drawn), sides of lines and of transformers
    Quantity.V: ("v", 1.0, None),
    Quantity.P_INJECTION: ("p", -1.0, None),
    Quantity.Q_INJECTION: ("q", -1.0, None),
    Quantity.P_FROM: ("p", 1.0, ("from", "hv")),
    Quantity.Q_FROM: ("q", 1.0, ("from", "hv")),
    Quantity.P_TO: ("p", 1.0, ("to", "lv")),
    Quantity.Q_TO: ("q", 1.0, ("to", "lv")),
}


class PandapowerEstimation:
    """A built-in case with a set of V, P and Q; `run` estimates from a flat start, `vm_pu` and `va_degree` are the last result."""

    def __init__(self, solution: Solution, measurements: MeasurementSet) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            self._net = getattr(networks, solution.model.name)()
            self._net.measurement = self._table(measurements)

    def run(self) -> None:
        """Raises AeipError where pandapower finds no state."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            if not estimate(self._net, init="flat", tolerance=1e-8, zero_injection=None):
                raise AeipError("pandapower finds no state from these measurements.")

    @property
    def vm_pu(self) -> FloatArray:
        return np.asarray(self._net.res_bus_est.vm_pu, dtype=np.float64)

    @property
    def va_degree(self) -> FloatArray:
        return np.asarray(self._net.res_bus_est.va_degree, dtype=np.float64)

    def _table(self, measurements: MeasurementSet) -> Any:
        net, rows = self._net, []
        lines = len(net.line)
        for quantity, element, value, sigma in zip(
            measurements.quantity, measurements.element, measurements.value, measurements.sigma, strict=True
        ):
            kind, sign, sides = _KINDS[Quantity(int(quantity))]
            if sides is None:
                place, index, side = "bus", net.bus.index[element], None
            elif element < lines:
                place, index, side = "line", net.line.index[element], sides[0]
            else:
                place, index, side = "trafo", net.trafo.index[element - lines], sides[1]
            rows.append((None, kind, place, int(index), sign * value, sigma, side))
        table = pd.DataFrame(rows, columns=["name", "measurement_type", "element_type", "element", "value", "std_dev", "side"])
        return table.astype({"name": object, "element": np.uint32, "side": object})
