"""MATPOWER cases: the same grid as pandapower's, nothing executed, bus numbers and all ratings kept."""

import copy
from pathlib import Path
from typing import Any

import numpy as np
import pandapower as pp
import pandapower.networks as networks
import pytest
import scipy.io
from matpowercaseframes import CaseFrames
from pandapower.converter.matpower import to_mpc

from grid_models.errors import AeipError
from grid_models.intake.matpower_file import case_from_text
from grid_models.steady.boundary import solve
from grid_models.twin.source import load_grid
from grid_models.twin.state import GridState

pytestmark = pytest.mark.filterwarnings("ignore")  # pandas' deprecations inside pandapower

# Six buses: 10 feeds 20 over a double circuit and a phase shifter that is written from its low-voltage end; two machines at 20, one of
# them off; 60 is isolated (type 4) with a load and a machine; the branch 20-40 is out of service; 30 has a shunt and a negative load.
SMALL = """function mpc = small
% a comment with mpc.bus = [1 2 3]; inside
mpc.version = '2';
mpc.baseMVA = 50;
mpc.bus = [ % number type Pd Qd Gs Bs area Vm Va kV zone Vmax Vmin
	10	3	0	0	0	0	1	1	5	220	7	1.1	0.9;
	20	2	30	10	0	0	1	1	0	220	7	1.1	0.9;
	30	1	-4	-1	1	15	2	1	0	110	7	1.1	0.9
	40, 1, 25, 5, 0, 0, 2, 1, 0, 110, 7, 1.1, 0.9;
	60	4	9	9	0	0	2	1	0	110	7	1.1	0.9;
];
mpc.gen = [
	10	0	0	99	-99	1.02	100	1	200	0	0	0	0	0	0	0	0	0	0	0	0;
	20	12	3	99	-99	1.01	100	1	50	5	0	0	0	0	0	0	0	0	0	0	0;
	20	8	2	99	-99	1.01	100	0	40	5	0	0	0	0	0	0	0	0	0	0	0;
	60	8	2	99	-99	1.01	100	1	40	5	0	0	0	0	0	0	0	0	0	0	0;
];
mpc.branch = [
	10	20	0.01	0.08	0.02	100	120	150	0	0	1	-360	360;
	10	20	0.01	0.08	0.02	100	100	150	0	0	1	-360	360;
	30	20	0.002	0.05	0	60	0	0	0.98	-3	1	-360	360;
	30	40	0.02	0.09	0.01	0	0	0	0	0	1	-360	360; 20 40 0.01 0.2 0.01 60 70 ...
	80 0 0 0 -360 360;
	40	60	0.02	0.09	0.01	50	0	0	0	0	1	-360	360;
];
mpc.bus_name = {'North'; 'South'; 'East'; 'West'; 'Far'};
mpc.genfuel = {'hydro'; 'wind'; 'coal'; 'coal'};
"""


COLUMNS = {"bus": 13, "gen": 21, "branch": 13}


def _written(net: Any, path: Path) -> None:
    """The net as MATPOWER text, from pandapower's own conversion."""
    mpc = to_mpc(net, init="flat")["mpc"]
    rows = {name: "\n".join("\t".join(f"{v:.17g}" for v in row) + ";" for row in np.real(mpc[name])[:, :n]) for name, n in COLUMNS.items()}
    matrices = "\n".join(f"mpc.{name} = [\n{text}\n];" for name, text in rows.items())
    path.write_text(f"function mpc = case\nmpc.version = '2';\nmpc.baseMVA = {mpc['baseMVA']};\n{matrices}\n")


SLOWER = ("case24_ieee_rts", "case89pegase", "case30", "case2869pegase")


@pytest.mark.parametrize("name", ["case9", "case39", *(pytest.param(name, marks=pytest.mark.slow) for name in SLOWER)])
@pytest.mark.parametrize("suffix", [".m", ".mat"])
def test_a_case_written_by_pandapower_solves_as_pandapower_does(name: str, suffix: str, tmp_path: Path) -> None:
    """Text and MATLAB file alike, within 1e-6 pu, losses included."""
    net = getattr(networks, name)()
    path = tmp_path / f"{name}{suffix}"
    _written(net, path) if suffix == ".m" else to_mpc(net, str(path), init="flat")
    solution = solve(GridState.at_start(load_grid(str(path)).model))
    pp.runpp(net, numba=False)
    assert solution.vm_pu == pytest.approx(net.res_bus.vm_pu.to_numpy(), abs=1e-6)
    assert solution.losses_mw == pytest.approx(net.res_line.pl_mw.sum() + net.res_trafo.pl_mw.sum(), abs=1e-3)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Any:
    path = tmp_path_factory.mktemp("grids") / "small.m"
    path.write_text(SMALL)
    return load_grid(str(path)).model


def test_the_matrices_are_what_another_reader_finds(tmp_path: Path) -> None:
    """matpowercaseframes reads the same numbers from a file of one row a line."""
    _written(networks.case39(), tmp_path / "case39.m")
    ours, theirs = case_from_text((tmp_path / "case39.m").read_bytes(), "case39.m"), CaseFrames(str(tmp_path / "case39.m"))
    for name in ("bus", "gen", "branch"):
        assert np.array_equal(getattr(ours, name), getattr(theirs, name).to_numpy(float), equal_nan=True)


def test_names_are_the_published_numbers(small: Any) -> None:
    """Bus names of the file are aliases; lines come before transformers, which begin at the high-voltage end."""
    assert small.buses.name == ("Bus 10", "Bus 20", "Bus 30", "Bus 40", "Bus 60")
    assert small.registry.find("West").name == "Bus 40"
    assert small.branches.name == (
        "Line 10-20 (1)",
        "Line 10-20 (2)",
        "Line 30-40 (1)",
        "Line 40-60 (1)",
        "Transformer 20-30 (1)",
        "Transformer 20-40 (1)",
    )
    assert small.buses.area == ("1", "1", "2", "2", "2")
    assert small.generators.name == ("Generator at Bus 20 (1)", "Generator at Bus 20 (2)", "Generator at Bus 60")
    assert small.generators.technology == ("wind", "other", "other")


def test_rate_a_is_permanent_and_rate_b_temporary_where_it_is_higher(small: Any) -> None:
    """A rate of zero is no rating; rate B equal to rate A is no second tier."""
    kv = np.array([220.0, 220.0, 110.0, 110.0, 220.0, 220.0])
    permanent = small.branches.rating_from_ka * kv * np.sqrt(3)
    temporary = small.branches.temporary_from_ka * kv * np.sqrt(3)
    assert permanent == pytest.approx([100, 100, np.nan, 50, 60, 60], nan_ok=True)
    assert temporary == pytest.approx([120, np.nan, np.nan, np.nan, np.nan, 70], nan_ok=True)
    assert "1 of 6 branches" in small.ratings_note
    assert small.branches.rating_to_ka[4] == pytest.approx(60 / 110 / np.sqrt(3))


def test_what_is_out_of_service_or_isolated_is_off(small: Any) -> None:
    """A machine and a branch that are off, and everything at the isolated bus."""
    assert small.start.generator_on.tolist() == [True, False, False]
    assert small.start.branch_on.tolist() == [True, True, True, False, True, False]
    assert dict(zip(small.loads.name, small.start.load_on.tolist(), strict=True))["Load at Bus 60"] is False


def test_a_phase_shifter_from_the_low_voltage_end_equals_newton_on_the_matrices(small: Any) -> None:
    """Residuals of MATPOWER's own equations at our solution, from the file's numbers: below 1e-6 pu at every bus without a source."""
    solution = solve(GridState.at_start(small))
    voltage = solution.vm_pu[:4] * np.exp(1j * np.deg2rad(solution.va_degree[:4]))
    rows = [
        (0, 1, 0.01, 0.08, 0.02, 1, 0),
        (0, 1, 0.01, 0.08, 0.02, 1, 0),
        (2, 1, 0.002, 0.05, 0, 0.98, -3),
        (2, 3, 0.02, 0.09, 0.01, 1, 0),
    ]
    matrix = np.zeros((4, 4), dtype=complex)
    for f, t, r, x, b, ratio, shift in rows:
        series, tap = 1 / (r + 1j * x), ratio * np.exp(1j * np.deg2rad(shift))
        matrix[f, f] += (series + 0.5j * b) / ratio**2
        matrix[t, t] += series + 0.5j * b
        matrix[f, t] += -series / np.conj(tap)
        matrix[t, f] += -series / tap
    matrix[2, 2] += (1 + 15j) / 50
    injected = voltage * np.conj(matrix @ voltage) * 50
    assert injected[2] == pytest.approx(4 + 1j, abs=1e-4)
    assert injected[3] == pytest.approx(-25 - 5j, abs=1e-4)
    assert injected[1].real == pytest.approx(12 - 30, abs=1e-4)
    assert np.abs(voltage[:2]) == pytest.approx([1.02, 1.01])
    assert np.angle(voltage[0], deg=True) == pytest.approx(5.0)


BROKEN = {
    "cut off": (SMALL[: SMALL.index("mpc.branch") + 40], "cut off"),
    "no matrices": ("function mpc = nothing\nmpc.version = '2';\n", "no complete matrix"),
    "code": (SMALL + "mpc.bus(:, 3) = mpc.bus(:, 3) / 1e3;\n", "computes mpc.bus by MATLAB code"),
    "computed matrix": (SMALL.replace("mpc.baseMVA = 50", "mpc.baseMVA = sqrt(4)"), "computes mpc.baseMVA"),
    "words": (SMALL.replace("0.002", "system('rm')"), "other than numbers"),
    "unequal rows": (SMALL.replace("20	12	3", "20	12"), "unequal length"),
    "missing impedance": (SMALL.replace("0.002	0.05", "NaN	0.05"), "r nan"),
    "zero impedance": (SMALL.replace("0.002	0.05", "0	0"), "r 0, x 0"),
    "zero voltage": (SMALL.replace("0	110	7	1.1	0.9\n", "0	0	7	1.1	0.9\n"), "nominal voltage 0"),
    "no reference": (SMALL.replace("10	3	0", "10	1	0"), "reference bus"),
    "unknown bus": (SMALL.replace("	30	40	0.02", "	30	41	0.02"), "bus 41, which does not exist"),
    "twice": (SMALL.replace("	40, 1", "	30, 1"), "given twice"),
    "two matrices": (SMALL + "mpc.bus = [1 2 3];", "more than one matrix"),
    "binary": ("\x00\x01\x02", "binary"),
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_case_is_one_sentence(what: str, tmp_path: Path) -> None:
    """What was found and what would load."""
    text, says = BROKEN[what]
    (tmp_path / "broken.m").write_text(text)
    with pytest.raises(AeipError, match=says) as refusal:
        load_grid(str(tmp_path / "broken.m"))
    assert "would load" in str(refusal.value)
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize(
    "content", [{"other": np.eye(3)}, {"mpc": {"bus": "text", "gen": 1, "branch": 2, "baseMVA": 1}}, {"mpc": {"bus": np.eye(3)}}]
)
def test_a_mat_file_without_a_case_is_one_sentence(content: dict[str, Any], tmp_path: Path) -> None:
    """Also one whose matrices are no matrices."""
    scipy.io.savemat(str(tmp_path / "other.mat"), copy.deepcopy(content))
    with pytest.raises(AeipError, match="would load"):
        load_grid(str(tmp_path / "other.mat"))
