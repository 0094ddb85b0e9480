"""Two true numbers change places in a true text about real results: how often is that caught?

Every pair of numbers that differ as written is swapped, whatever they are about. What is not caught is counted and told.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import combinations

import jmespath
import pytest

from agent.answer import Call
from agent.grounding import Background, Sources, ground_on
from agent.grounding.formats import written
from agent.grounding.paths import number_at, unit_at
from grid_models.twin.profiles import Grid
from tools.context import StudyContext
from tools.registry import run_study

_SLOT = re.compile(r"\{([^{}]+)\}")
ROWS = range(4)

TEXTS: dict[str, tuple[str, dict[str, object], tuple[str, ...]]] = {
    "power_flow": (
        "power_flow",
        {},
        (
            "The grid takes {load_mw} of load, {generation_mw} is generated, and losses are {losses_mw}.",
            "The highest loading is {max_loading_percent} on {max_loading_element}.",
            "Voltages lie between {vm_min_pu} ({vm_min_element}) and {vm_max_pu} ({vm_max_element}).",
            "{planning_groups[0].buses} of {planning_groups[0].of_buses} buses exceed the limit of {planning_groups[0].limit_pu}.",
            *(
                f"{{top_loadings[{i}].element}} is loaded to {{top_loadings[{i}].loading_percent}}: it carries"
                f" {{top_loadings[{i}].current_ka}} and its rating is {{top_loadings[{i}].rating_ka}}."
                for i in ROWS
            ),
            *(f"{{highest_voltages[{i}].element}} is at {{highest_voltages[{i}].vm_pu}}." for i in (0, 4, 9)),
            *(f"{{lowest_voltages[{i}].element}} has a voltage of {{lowest_voltages[{i}].vm_pu}}." for i in ROWS),
            *(f"{{infeeds[{i}].element}} feeds in {{infeeds[{i}].p_mw}} and {{infeeds[{i}].q_mvar}}." for i in range(3)),
        ),
    ),
    "power_flow, change": (
        "power_flow",
        {"changes": [{"kind": "open", "element": "HV1 Line 54"}]},
        (
            "The highest loading goes from {max_loading_before_percent} to {max_loading_percent} on {max_loading_element}.",
            "Losses become {losses_mw}, load is {load_mw}, generation {generation_mw}.",
            "{violations_total} limits are violated.",
            *(f"{{violations[{i}].element}} is at {{violations[{i}].value}}, the limit is {{violations[{i}].limit}}." for i in ROWS),
            "Before the change the highest loading was {max_loading_before_percent}.",
        ),
    ),
    "contingency_analysis": (
        "contingency_analysis",
        {},
        (
            "{cases} outages were studied; {total} of them break a limit or lose load.",
            "{overloading} outages overload a branch, {losing_load} lose load and {violating_voltage} violate a voltage limit.",
            "At most {lost_load_mw} of load is lost.",
            *(
                f"Losing {{worst[{i}].outage[0]}} loads {{worst[{i}].max_loading_element}} to {{worst[{i}].max_loading_percent}}"
                f" and leaves {{worst[{i}].voltage_violations}} voltage violations."
                for i in (0, 2, 4, 6)
            ),
            *(f"After the loss of {{worst[{i}].outage[0]}} the highest voltage is {{worst[{i}].vm_max_pu}}." for i in (0, 2, 4, 6)),
        ),
    ),
    "thermal_rul": (
        "thermal_rul",
        {},
        (
            *(
                f"{{transformers[{i}].element}} is loaded to {{transformers[{i}].load_now_percent}} now;"
                f" its hot-spot is {{transformers[{i}].hot_spot_now_celsius}} now and peaks at {{transformers[{i}].hot_spot_peak_celsius}},"
                f" its top oil at {{transformers[{i}].top_oil_peak_celsius}}."
                f" It has used {{transformers[{i}].life_used_percent}} of its life and a margin of {{transformers[{i}].margin_k}}."
                for i in range(3)
            ),
            "The hot-spot limit is {transformers[0].hot_spot_limit_celsius}, the top-oil limit {transformers[0].top_oil_limit_celsius}.",
        ),
    ),
    "frequency_response": (
        "frequency_response",
        {"loss_mw": 3000},
        (
            "After losing {losses[0].mw} the frequency falls at {rocof_hz_per_s}.",
            "It reaches its lowest value of {nadir_hz} after {nadir_s}.",
            "It settles at {settles_hz}.",
            "The load is {load_mw}, the inertia {inertia_gws}.",
            "Governors respond with {response_mw}, and the load damping gives {damping_mw}.",
        ),
    ),
    "state_estimate": (
        "state_estimate",
        {},
        (
            "{measurements.used} measurements were used, {measurements.pseudo} are pseudo-measurements, {measurements.given} were given.",
            "J is {j} with {dof} degrees of freedom; the limit is {chi2_limit}.",
            *(
                f"{{residuals[{i}].element}}: measured {{residuals[{i}].measured}}, estimated {{residuals[{i}].estimated}},"
                f" normalised residual {{residuals[{i}].normalised_residual}}."
                for i in ROWS
            ),
            *(
                f"{{voltages[{i}].element}} is estimated at {{voltages[{i}].vm_pu}} and measured at {{voltages[{i}].measured_pu}}."
                for i in ROWS
            ),
        ),
    ),
}

# How many of the swaps get through today. "Feeds in 52.9 Mvar and -390.1 MW" is still true; "its hot-spot is X now and peaks at Y" leans
# on words of the number before.
NOT_CAUGHT = {
    "power_flow": 3,
    "power_flow, change": 0,
    "contingency_analysis": 2,
    "thermal_rul": 7,
    "frequency_response": 2,
    "state_estimate": 0,
}


@dataclass(frozen=True)
class Slot:
    """A number of the text: where it stands and how it is written, unit included."""

    start: int
    said: str
    unit: str


def told(template: str, call: Call) -> tuple[str, list[Slot]]:
    """The text with its numbers filled in."""
    parts: list[str] = []
    slots: list[Slot] = []
    end = 0
    for found in _SLOT.finditer(template):
        parts.append(template[end : found.start()])
        value = number_at(found[1], call.result)
        said = str(jmespath.search(found[1], call.result))
        if value is not None:
            unit = unit_at(found[1], call.result)
            said = written(value, unit)[0]
            slots.append(Slot(sum(map(len, parts)), said, unit.symbol))
        parts.append(said)
        end = found.end()
    return "".join([*parts, template[end:]]), slots


def swapped(text: str, slots: list[Slot]) -> Iterator[tuple[str, Slot, Slot]]:
    """The text with two of its numbers in each other's place, for every pair that reads differently then."""
    for one, other in combinations(slots, 2):
        if one.said != other.said:
            middle = text[one.start + len(one.said) : other.start]
            yield text[: one.start] + other.said + middle + one.said + text[other.start + len(other.said) :], one, other


@pytest.fixture(scope="session")
def studied(default_grid: Grid) -> Callable[[str], Call]:
    from grid_models.limits import OperatingLimits

    context = StudyContext(default_grid.state_at(), OperatingLimits((), 100.0, "branch-loading"), grid=default_grid)

    def call(name: str) -> Call:
        tool, args, _ = TEXTS[name]
        result = run_study(tool, args, context)  # type: ignore[arg-type]
        return Call(id="E1", tool=tool, result={**result.model_dump(mode="json"), "headline": result.headline()})

    return call


@pytest.mark.slow
@pytest.mark.parametrize("name", TEXTS)
def test_swapped_numbers_are_caught(
    name: str, studied: Callable[[str], Call], default_grid: Grid, report_count: Callable[[str], None]
) -> None:
    """The text itself holds; of the texts with two numbers swapped nearly none does."""
    call, names = studied(name), tuple(e.name for e in default_grid.model.registry.elements)
    text, slots = told(" ".join(TEXTS[name][2]), call)
    sources = Sources([call], "", names, Background())
    assert [(d.kind, d.text) for d in ground_on(text, sources, free=True).doubts] == []
    missed: list[tuple[str, str]] = []
    alike = pairs = 0
    for false, one, other in swapped(text, slots):
        pairs += 1
        alike += one.unit == other.unit
        if not ground_on(false, sources, free=True).doubts:
            missed.append((one.said, other.said))
    report_count(f"{name}: {pairs} swaps ({alike} of one unit), {len(missed)} not caught: {missed}")
    assert len(missed) <= NOT_CAUGHT[name]
