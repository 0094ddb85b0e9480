"""PowSyBl's security analysis (Open Load Flow) on the same grid, read from a MATPOWER file."""

from collections.abc import Sequence
from pathlib import Path

import pypowsybl
from pypowsybl.loadflow import Parameters, VoltageInitMode

from evals.bench.matpower_file import Matrices, write_mat
from evals.bench.row import seconds
from grid_models.errors import AeipError

_FLOW = Parameters(
    distributed_slack=False,
    use_reactive_limits=False,
    voltage_init_mode=VoltageInitMode.PREVIOUS_VALUES,
    transformer_voltage_control_on=False,
    shunt_compensator_voltage_control_on=False,
    phase_shifter_regulation_on=False,
)


def analysis_seconds(matrices: Matrices, cases: Sequence[int], threads: int, work: Path) -> float:
    """Wall time for single outages, given as positions in the branch matrix. Raises AeipError where the intact grid has no solution."""
    write_mat(matrices, work / "grid.mat")
    network = pypowsybl.network.load(str(work / "grid.mat"))
    if not str(pypowsybl.loadflow.run_ac(network, _FLOW)[0].status).endswith("CONVERGED"):
        raise AeipError("pypowsybl does not solve the intact grid; its time is not comparable.")
    branches = list(network.get_branches().index)
    analysis = pypowsybl.security.create_analysis()
    analysis.add_single_element_contingencies([branches[i] for i in cases])
    parameters = pypowsybl.security.Parameters(load_flow_parameters=_FLOW, provider_parameters={"threadCount": str(threads)})
    return min(seconds(lambda: analysis.run_ac(network, parameters)) for _ in range(2))  # the first run compiles
