"""Small nets built by hand, whose answers can be worked out on paper."""

from collections.abc import Callable

import pandapower as pp
import pytest

from grid_models.intake.net import model_from_net
from grid_models.twin.state import GridState

KV = 100.0  # with 100 MVA the impedance base is 100 ohm: 10 ohm are 0.1 pu


class HandBuilt:
    """Buses by letter, lines without charging, loads and generators by name."""

    def __init__(self) -> None:
        self.net = pp.create_empty_network(f_hz=50.0, sn_mva=100.0)
        self.bus: dict[str, int] = {}

    def _at(self, letter: str) -> int:
        if letter not in self.bus:
            self.bus[letter] = pp.create_bus(self.net, KV, name=letter)
        return self.bus[letter]

    def infeed(self, letter: str, vm_pu: float = 1.0, va_degree: float = 0.0) -> None:
        pp.create_ext_grid(self.net, self._at(letter), vm_pu=vm_pu, va_degree=va_degree, name=f"Infeed {letter}")

    def line(self, ends: str, r_ohm: float = 0.0, x_ohm: float = 10.0, max_ka: float = 1.0) -> None:
        one, other = ends
        pp.create_line_from_parameters(self.net, self._at(one), self._at(other), 1.0, r_ohm, x_ohm, 0.0, max_ka, name=f"Line {ends}")

    def load(self, letter: str, name: str, p_mw: float, q_mvar: float = 0.0) -> None:
        pp.create_load(self.net, self._at(letter), p_mw, q_mvar, name=name)

    def generator(self, letter: str, name: str, p_mw: float, q_mvar: float = 0.0) -> None:
        pp.create_sgen(self.net, self._at(letter), p_mw, q_mvar, name=name, sn_mva=p_mw)

    def capacitor(self, letter: str, q_mvar: float) -> None:
        pp.create_shunt(self.net, self._at(letter), q_mvar=-q_mvar, name="Capacitor")

    def state(self) -> GridState:
        return GridState.at_start(model_from_net(self.net, "hand-built"))


@pytest.fixture
def hand_built() -> Callable[[], HandBuilt]:
    return HandBuilt
