"""Markers become formatted values with evidence; a marker without a number is shown as such and reported."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.answer import Call
from agent.grounding import Grounded, check_evidence, ground
from agent.grounding.formats import UNITS

Told = Callable[..., Grounded]


@pytest.mark.parametrize(
    ("marker", "text", "unit"),
    [
        ("⟦E1|max_loading_percent⟧", "78.6 %", "percent"),
        ("⟦E1|max_loading_percent|2⟧", "78.56 %", "percent"),
        ("⟦E1|planning_groups[0].buses⟧", "66", ""),
        ("⟦E1|planning_groups[0].worst_pu⟧", "1.116 pu", "pu"),
        ("⟦E1|planning_groups[0].nominal_kv|0⟧", "110 kV", "kV"),
        ("⟦E1|abs(slack_mw)⟧", "1163.7 MW", "MW"),
        ("⟦E1|slack_mw|0⟧", "-1164 MW", "MW"),
        ("⟦E1|max(top_loadings[].current_ka)⟧", "0.534 kA", "kA"),
        ("⟦E1|length(top_loadings[?loading_percent > `75`])⟧", "2", ""),
        ("⟦E1|top_loadings[?element=='HV1 Line 49'] | [0].loading_percent⟧", "72.1 %", "percent"),
    ],
)
def test_a_marker_is_formatted_by_its_field(told: Told, marker: str, text: str, unit: str) -> None:
    """Unit and decimals come from the name of the field; counts have neither."""
    grounded = told(f"It is {marker}.", "power_flow")
    assert grounded.answer == f"It is {text}."
    assert [(e.text, e.unit) for e in grounded.evidence] == [(text, unit)]


def test_a_finding_takes_the_unit_beside_it(told: Told) -> None:
    """`value` and `limit` have no unit in their name."""
    assert told("⟦E1|violations[0].value⟧ < ⟦E1|violations[0].limit⟧", "power_flow_case118").answer == "0.961 pu < 1.043 pu"


@pytest.mark.parametrize(
    ("marker", "text", "unit"),
    [
        ("⟦E1|transformers[0].days_to_limit⟧", "9.2 days", "days"),
        ("⟦E1|transformers[0].days_to_limit_low⟧", "4.1 days", "days"),
        ("⟦E1|transformers[0].years_to_end_high|0⟧", "9 years", "years"),
        ("⟦E1|transformers[0].loss_of_life_hours_low⟧", "870.1 h", "h"),
        ("⟦E1|transformers[0].hot_spot_now_celsius⟧", "84.1 °C", "celsius"),
        ("⟦E1|transformers[0].hot_spot_peak_high_celsius⟧", "138.9 °C", "celsius"),
        ("⟦E1|causes[1].share_k⟧", "12.3 K", "K"),
        ("⟦E1|series[1].hours⟧", "30.0 h", "h"),
        ("⟦E1|horizon_hours|0|days⟧", "30 days", "days"),
        ("⟦E1|transformers[0].loss_of_life_hours|1|days⟧", "54.6 days", "days"),
    ],
)
def test_times_and_temperatures_of_a_transformer(told: Told, marker: str, text: str, unit: str) -> None:
    """How long until something, the ends of an interval, and another unit of the same quantity; the fixture checks the evidence."""
    grounded = told(f"It is {marker}.", "thermal_hot")
    assert grounded.answer == f"It is {text}."
    assert [(e.text, e.unit) for e in grounded.evidence] == [(text, unit)]


@pytest.mark.parametrize(
    ("marker", "text", "unit"),
    [
        ("⟦E1|first_trip_s⟧", "12.4 s", "s"),
        ("⟦E1|ends_at_s|1|min⟧", "3.2 min", "min"),
        ("⟦E1|horizon_minutes⟧", "60 min", "min"),
        ("⟦E1|pathway[0].after_percent⟧", "156.0 %", "percent"),
        ("⟦E1|risk.expected_lost_mwh_per_year|2⟧", "0.09 MWh per year", "MWh_per_year"),
        ("⟦E1|risk.outage_rate_per_year|3⟧", "0.003 per year", "per_year"),
        ("⟦E1|length(islands[?supplied == `false`])⟧", "1", ""),
    ],
)
def test_times_and_risks_of_a_cascade(told: Told, marker: str, text: str, unit: str) -> None:
    """What happens how often is no energy and no count; the fixture checks the evidence."""
    grounded = told(f"It is {marker}.", "cascade_spreads")
    assert grounded.answer == f"It is {text}."
    assert [(e.text, e.unit) for e in grounded.evidence] == [(text, unit)]


@pytest.mark.parametrize(
    ("marker", "text", "unit"),
    [
        ("⟦E1|rocof_500ms_hz_per_s⟧", "0.475 Hz/s", "Hz/s"),
        ("⟦E1|nadir_hz⟧", "49.509 Hz", "Hz"),
        ("⟦E1|losses[0].mw|0⟧", "450 MW", "MW"),
        ("⟦E1|inertia_gws⟧", "19.0 GW·s", "GWs"),
        ("⟦E1|damping_percent_per_hz|0⟧", "2 % per Hz", "percent_per_hz"),
        ("⟦E1|limits[0].value⟧", "0.491 Hz", "Hz"),
        ("⟦E1|limits[0].allowed|0⟧", "1 Hz", "Hz"),
        ("⟦E1|limits[2].allowed|1⟧", "1.0 Hz/s", "Hz/s"),
    ],
)
def test_frequencies_rates_and_inertia(told: Told, marker: str, text: str, unit: str) -> None:
    """A field that is named by its unit alone, units of units, and limits whose unit stands beside them."""
    grounded = told(f"It is {marker}.", "frequency_falls")
    assert grounded.answer == f"It is {text}."
    assert [(e.text, e.unit) for e in grounded.evidence] == [(text, unit)]


def test_a_regime_takes_the_unit_beside_it(told: Told) -> None:
    """Its peak is a current or a temperature; the time to its limit says minutes itself."""
    text = "⟦E1|regimes[0].peak⟧ of ⟦E1|regimes[0].limit|0⟧; ⟦E1|regimes[1].peak⟧ after ⟦E1|regimes[1].minutes_to_limit⟧"
    assert told(text, "thermal_no").answer == "160.0 % of 150 %; 151.3 °C after 47 min"


@pytest.mark.parametrize("marker", ["⟦E1|horizon_hours|0|celsius⟧", "⟦E1|horizon_hours|0|fortnights⟧"])
def test_a_unit_of_another_quantity_is_no_number(told: Told, marker: str) -> None:
    """Hours are no temperature, and an unknown unit is none."""
    assert told(f"It is {marker}.", "thermal_hot").unsupported_numbers == (marker,)


@pytest.mark.parametrize("marker", ["⟦E1|nothing⟧", "⟦E9|losses_mw⟧", "⟦E1|converged⟧", "⟦E1|ratings_note⟧", "⟦E1|a[⟧", "⟦⟧"])
def test_a_marker_without_a_number_is_reported(told: Told, marker: str) -> None:
    """An unknown call, a broken path, a truth value or a text is no number."""
    grounded = told(f"It is {marker}.", "power_flow")
    assert grounded.answer == "It is (no value)."
    assert grounded.unsupported_numbers == (marker,)


FIELDS = st.sampled_from([*(f"quantity_{suffix}" for suffix in UNITS), "cases"])
NUMBERS = st.floats(min_value=-1e6, max_value=1e6, allow_nan=False) | st.integers(min_value=-10_000, max_value=10_000)
ROWS = st.lists(st.dictionaries(FIELDS, NUMBERS, min_size=1, max_size=4), min_size=1, max_size=4)


@given(rows=ROWS, decimals=st.none() | st.integers(min_value=0, max_value=4))
def test_markers_are_always_supported(rows: list[dict[str, float]], decimals: int | None) -> None:
    """Whatever the result holds: what is written by markers needs no repair, and its evidence holds."""
    shown = "" if decimals is None else f"|{decimals}"
    text = "; ".join(f"{field} ⟦E1|rows[{i}].{field}{shown}⟧" for i, row in enumerate(rows) for field in row)
    call = Call(id="E1", tool="any", result={"rows": [dict(row) for row in rows]})
    grounded = ground(text, [call], "", [])
    assert grounded.unsupported_numbers == ()
    evidence = [e.model_dump() for e in grounded.evidence]
    answer = {"question": "", "status": "answered", "answer": grounded.answer, "tool_calls": [call.model_dump()], "evidence": evidence}
    assert check_evidence(answer) == []


@given(value=st.floats(min_value=0.06, max_value=5000, allow_nan=False), factor=st.sampled_from([0.97, 1.03]))
def test_a_changed_number_is_never_supported(value: float, factor: float) -> None:
    """Three per cent beside the only fact is caught, the fact itself is not."""
    call = Call(id="E1", tool="any", result={"losses_mw": value})
    assert ground(f"Losses are {value:.4f} MW.", [call], "", []).unsupported_numbers == ()
    assert ground(f"Losses are {value * factor:.4f} MW.", [call], "", []).unsupported_numbers
