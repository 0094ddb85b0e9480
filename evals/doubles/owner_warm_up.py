"""Importing this loads every compiled loop and rule that an owner needs: a process forked afterwards lives for a tenth of a second."""

from datetime import date

from evals.doubles.mortal_owner import gate_on
from grid_models.actions import Action, ActionKind
from grid_models.estimation.diagnosis import diagnose
from grid_models.steady.boundary import solve
from grid_models.telemetry.instruments import instruments_of
from grid_models.telemetry.readings import measured
from grid_models.twin.source import load_grid

_STATE = load_grid("training").state_at()
diagnose(_STATE.model, measured(solve(_STATE), instruments_of(_STATE.model), None), threshold=3.0, known=_STATE)
gate_on(date(2026, 11, 20)).check(_STATE, [Action(kind=ActionKind.SET_SHUNT, element="T Shunt 1", step=0)], "warm-up")
