"""Which measurements are there to estimate from: the plant's latest, or a synthetic set where nobody measures?"""

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from grid_models.estimation.layout import layout_of
from grid_models.estimation.network import network_of
from grid_models.estimation.observability import observability
from grid_models.estimation.positions import positions_of
from grid_models.forecast import Expected, expected_now, forecast
from grid_models.live.conclusion import Conclusion, conclude
from grid_models.live.expectations import expectations
from grid_models.live.view import TwinView
from grid_models.steady.boundary import solve
from grid_models.telemetry.door import MAX_AGE_S, admit
from grid_models.telemetry.instruments import instruments_of
from grid_models.telemetry.measurement_set import Telemetry
from grid_models.telemetry.readings import measured
from grid_models.twin.model import FloatArray
from grid_models.twin.profiles import Grid
from grid_models.twin.state import GridState
from tools.context import StudyContext

_DRAWN = (
    "Synthetic measurements, drawn from the state studied with the accuracy of the meters assumed: nobody measures this grid now, "
    "so that they say what could be seen, not what is."
)


@dataclass(frozen=True, eq=False)
class Seen:
    """What was concluded from which measurements. determined: measurements and forecasts determine the whole state."""

    source: Literal["telemetry", "synthetic"]
    conclusion: Conclusion
    determined: bool
    notes: tuple[str, ...] = ()


def seen(ctx: StudyContext, threshold: float | None, max_age_s: float, *, search: bool) -> Seen:
    """The conclusion. Asked with nothing special, it is the very one that the live twin drew. Raises PowerFlowDiverged."""
    twin = ctx.twin
    if twin is None or twin.telemetry is None:
        found = _synthetic(ctx, threshold, max_age_s, search)
        return Seen("synthetic", found, _determined(found, ctx.state), (_DRAWN,))
    if twin.last is not None and threshold is None and max_age_s == MAX_AGE_S and search:
        found = twin.last
    else:
        found = _from_telemetry(twin, twin.telemetry, threshold, max_age_s, search)
    return Seen("telemetry", found, _determined(found, twin.state), found.admitted.notes)


def _determined(found: Conclusion, known: GridState) -> bool:
    """Whether all that is known together fixes the state; an estimate proves it."""
    if found.diagnosis is not None:
        return True
    network = network_of(positions_of(known.model, found.measurements, known))
    return observability(layout_of(network, found.measurements, True)).observable


def _from_telemetry(twin: TwinView, telemetry: Telemetry, threshold: float | None, max_age_s: float, search: bool) -> Conclusion:
    model, at = twin.state.model, telemetry.plant_time
    admitted = admit(telemetry.measurements, instruments_of(model), model, None, at.timestamp(), max_age_s)
    expected = expectations(twin.grid, at, foreign=twin.foreign)
    return conclude(telemetry, admitted, twin.state, expected, threshold=threshold, remove=search)


def _synthetic(ctx: StudyContext, threshold: float | None, max_age_s: float, search: bool) -> Conclusion:
    """Everything is drawn from the state, the forecasts too; the same seed gives the same set."""
    state, rng = ctx.state, np.random.default_rng(ctx.seed)
    instruments, at_s = instruments_of(state.model), state.plant_time.timestamp()
    came = measured(solve(state), instruments, rng, at_s)
    admitted = admit(came, instruments, state.model, None, at_s, max_age_s)
    telemetry = Telemetry(state.plant_time, ctx.now or state.plant_time, came)
    return conclude(telemetry, admitted, state, _drawn(state, rng), threshold=threshold, remove=search)


def _drawn(state: GridState, rng: np.random.Generator) -> Expected:
    """What a forecast as uncertain as a first guess would expect of this state."""
    guess = expected_now(forecast(Grid(state.model), state.plant_time), state.plant_time)

    def about(value: FloatArray, sigma: FloatArray) -> FloatArray:
        return value + rng.standard_normal(len(value)) * np.nan_to_num(sigma)

    return replace(
        guess,
        load_p_mw=about(state.load_p_mw, guess.load_p_sigma_mw),
        load_q_mvar=about(state.load_q_mvar, guess.load_q_sigma_mvar),
        generator_p_mw=about(state.generator_p_mw, guess.generator_p_sigma_mw),
    )
