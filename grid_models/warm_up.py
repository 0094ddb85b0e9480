"""Compile every loop once and keep the code on disk; the installation runs this file, so that no first answer waits for it."""

from grid_models.assets.book import AssetBook
from grid_models.cascade import dc_ensemble
from grid_models.contingency.warm_up import warm_up
from grid_models.dynamics.system import FrequencySystem, Loss
from grid_models.dynamics.trajectory import trajectory_of
from grid_models.estimation.diagnosis import diagnose
from grid_models.heating.annex_g import annex_g
from grid_models.heating.annex_g_parameters import AnnexGParameters
from grid_models.heating.clause_7 import clause_7
from grid_models.heating.clause_7_parameters import clause_7_parameters
from grid_models.heating.ieee_cooling import IeeeCooling
from grid_models.life.assumptions import Assumptions, case_of
from grid_models.life.outlook import outlook_of
from grid_models.life.paths import simulate
from grid_models.life.units import units_of
from grid_models.steady.boundary import solve
from grid_models.telemetry.instruments import instruments_of
from grid_models.telemetry.readings import measured
from grid_models.twin.source import load_grid
from grid_models.weather.climatology import climatology_of


def compile_everything() -> None:
    """The screenings, one cascade, one estimation with its search for bad data, and a day of a transformer by every standard."""
    warm_up()
    dc_ensemble.warm_up()
    state = load_grid("case9").state_at()
    diagnose(state.model, measured(solve(state), instruments_of(state.model), None), threshold=3.0, known=state)
    look_ahead()
    ieee_days()
    trajectory_of(FrequencySystem(50.0, 10.0, 1000.0), [Loss(0.0, 10.0)], 1.0)


def look_ahead() -> None:
    """A day ahead of one transformer on two paths: the loops meet the same kinds of arrays as in any study."""
    grid = load_grid("case39")
    state, weather, book = grid.state_at(), climatology_of(grid.model.name), AssetBook()
    case = next(found for unit in units_of(grid.model) if (found := case_of(unit, book)) is not None)
    simulate(outlook_of(Assumptions(grid, state, state, book, weather, weather, hours=24.0), [case]), paths=2)


def ieee_days() -> None:
    """Two hours by Annex G and by clause 7, of a transformer that need not exist."""
    annex_g(
        [1.0, 1.0, 1.0],
        30.0,
        60.0,
        AnnexGParameters(
            cooling=IeeeCooling.ONAF,
            loss_base_kva=10_000.0,
            loss_temperature_celsius=75.0,
            winding_loss_w=50_000.0,
            eddy_loss_w=0.0,
            stray_loss_w=5_000.0,
            core_loss_w=10_000.0,
            load_base_kva=10_000.0,
            rated_winding_rise_k=65.0,
            tested_winding_rise_k=63.0,
            hot_spot_rise_k=80.0,
            top_oil_rise_k=55.0,
            bottom_oil_rise_k=25.0,
            rated_ambient_celsius=30.0,
            winding_time_constant_min=5.0,
            core_and_coils_kg=10_000.0,
            tank_kg=5_000.0,
            oil_l=5_000.0,
        ),
    )
    of_clause_7 = clause_7_parameters(
        IeeeCooling.ONAF,
        top_oil_rise_k=55.0,
        hot_spot_gradient_k=25.0,
        oil_time_constant_min=150.0,
        winding_time_constant_min=7.0,
        loss_ratio=5.0,
    )
    clause_7([1.0, 1.0], 30.0, 60.0, of_clause_7)


if __name__ == "__main__":
    compile_everything()
