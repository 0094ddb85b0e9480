"""The studies by name, as a literal table."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from pydantic import ValidationError

from tools import (
    alarms,
    cascade,
    contingency_analysis,
    explain_loading,
    frequency_response,
    grid_data,
    history,
    knowledge_search,
    power_flow,
    state_estimate,
    thermal_rul,
    topology,
)
from tools.cascade_args import CascadeArgs
from tools.context import StudyContext
from tools.frequency_args import FrequencyArgs
from tools.result import Args, InvalidArguments, Result
from tools.thermal_args import ThermalArgs

__all__ = ["STUDIES", "InvalidArguments", "Tool", "parse_args", "run_study", "tool"]
_SHOWN = 120  # characters of a bad argument that are told back
A = TypeVar("A", bound=Args)
Context = TypeVar("Context")
Answer = TypeVar("Answer", covariant=True)


@dataclass(frozen=True)
class Tool(Generic[Context, Answer]):
    """A tool by name: what it answers, its arguments, and the function that validates raw arguments and answers."""

    name: str
    purpose: str
    args: type[Args]
    run: Callable[[Mapping[str, object], Context], Answer]


def tool(name: str, purpose: str, args: type[A], run: Callable[[A, Context], Answer]) -> Tool[Context, Answer]:
    """A tool whose `run` raises InvalidArguments for arguments that do not fit."""
    return Tool(name, purpose, args, lambda raw, ctx: run(parse_args(name, args, raw), ctx))


def parse_args(name: str, model: type[A], args: Mapping[str, object]) -> A:
    """The typed arguments. Raises InvalidArguments naming the first bad field and what the tool takes."""
    try:
        return model.model_validate(dict(args))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(p) for p in first["loc"]) or "arguments"
        known = ", ".join(model.model_fields)
        given = repr(first.get("input"))
        shown = given if len(given) <= _SHOWN else f"{given[:_SHOWN]}... ({len(given)} characters)"
        reason = first["msg"].removeprefix("Value error, ")
        raise InvalidArguments(f"'{name}' cannot take {where}={shown}: {reason}. It takes {known}.") from error


STUDIES: dict[str, Tool[StudyContext, Result]] = {
    s.name: s
    for s in (
        tool(
            "grid_data",
            "Inventory of the grid and the present values, ratings and nameplates of its elements.",
            grid_data.GridDataArgs,
            grid_data.run,
        ),
        tool(
            "power_flow",
            "Flows, loadings, voltages, losses, limit violations and lost supply, now or after what-if changes.",
            power_flow.PowerFlowArgs,
            power_flow.run,
        ),
        tool(
            "contingency_analysis",
            "What outages overload, push out of their voltage band or cut off: each alone (N-1), every pair (N-2), named ones or groups.",
            contingency_analysis.ContingencyArgs,
            contingency_analysis.run,
        ),
        tool(
            "topology",
            "How the grid is connected: neighbours, paths, islands, bridges, ties between areas, what to open to isolate.",
            topology.TopologyArgs,
            topology.run,
        ),
        tool(
            "explain_loading",
            "Why a branch is loaded: injections and departures from normal, in shares that add up to its flow; what would relieve it.",
            explain_loading.ExplainArgs,
            explain_loading.run,
        ),
        tool(
            "state_estimate",
            "The state by the measurements: can they be trusted, which are wrong, refused or old, what cannot be seen, residuals.",
            state_estimate.EstimateArgs,
            state_estimate.run,
        ),
        tool(
            "history",
            "How voltage, loading, flow or power of an element (or the totals) moved: trend, rate of change, when it meets its limit.",
            history.HistoryArgs,
            history.run,
        ),
        tool(
            "cascade",
            "What happens next if nobody acts after outages: trips by relays, islands, load lost, what would have stopped it, risk.",
            CascadeArgs,
            cascade.run,
        ),
        tool(
            "thermal_rul",
            "Transformers: temperatures, loss of life, years left, days to a limit, why and what helps; may a given load be carried?",
            ThermalArgs,
            thermal_rul.run,
        ),
        tool(
            "frequency_response",
            "Frequency after a loss of power: rate of change, nadir, load shed, where it settles, the smallest inertia that keeps a limit.",
            FrequencyArgs,
            frequency_response.run,
        ),
        tool(
            "alarms",
            "What needs attention now and what changed: standing alarms by cause, since when, and who acknowledged them.",
            alarms.AlarmsArgs,
            alarms.run,
        ),
        tool(
            "knowledge_search",
            "What grid codes, standards, procedures and added documents say: rules, limits, definitions, with clause and edition to cite.",
            knowledge_search.KnowledgeArgs,
            knowledge_search.run,
        ),
    )
}


def run_study(name: str, args: Mapping[str, object], ctx: StudyContext) -> Result:
    """Validate the arguments and run. Raises InvalidArguments or the study's own AeipError."""
    study = STUDIES.get(name)
    if study is None:
        raise InvalidArguments(f"There is no study '{name}'; {', '.join(STUDIES)} exist.")
    return study.run(args, ctx)
