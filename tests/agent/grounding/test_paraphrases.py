"""Sentences as language models write them about real results: true ones pass, and false ones with true numbers in them do not."""

from collections.abc import Callable

import pytest

from agent.grounding import Grounded

Told = Callable[..., Grounded]

TRUE = [
    (
        "full_power_flow",
        "Total load is 104.5 MW, total generation is 1,286.9 MW and system losses amount to 18.7 MW (export of 1,163.7 MW).",
    ),
    (
        "full_power_flow",
        "The most heavily loaded lines are:\n\n1. **HV1 Line 54** – 78.6 % (0.534 kA / 0.680 kA)\n2. **HV1 Line 49** – 72.1 %",
    ),
    (
        "opening_12",
        "If HV1 Line 12 is opened, 9.96 MW of load and 37.32 MW of generation would be disconnected. 8 buses would be de-energised.",
    ),
    ("opening_12", "Opening HV1 Line 12 leaves 8 buses without supply, reduces the load to 94.5 MW and losses to 18.5 MW."),
    (
        "opening_54",
        "With HV1 Line 54 open, its parallel circuit HV1 Line 75 would be overloaded at 155.6 % (limit 100 %), up from 78.6 %.",
    ),
    ("opening_54", "Before: 78.6 %. After: 155.6 %."),
    ("opening_54", "13 buses exceed 1.118 pu, the worst being HV1 Bus 35 at 1.127 pu (123.96 kV)."),
    ("full_contingencies", "The N-1 analysis covered 104 contingencies, of which 52 have findings: 20 cause overloads, 26 lose load."),
    ("full_contingencies", "| Rank | Outage | Max loading | Element |\n|---|---|---|---|\n| 1 | HV1 Line 54 | 155.6 % | HV1 Line 75 |"),
    ("full_contingencies", "Losing EHV Ext_grid 10 leads to voltages between 1.037 pu and 1.127 pu and overloads 12 branches."),
    ("pending", "Proposal 7 (open HV1 Line 14) is pending. HV1 Line 54 would be at 78.6 %, margin 21.4 %. It expires at 18:15 UTC."),
    ("blocked", "Blocked: opening HV1 Line 12 would cut off 10.0 MW of load (limit 0 MW)."),
    ("transformers", "HV1 Trafo 3 and 4 are loaded at 63.8 %, trafo 1 and 2 at 51.5 %."),
    ("generators", "The biggest wind park is HV1 Sgen 64 with 147.4 MW; HV1 Sgen 65 feeds in 133.6 MW (max 145.2 MW)."),
    ("losing_54", "HV1 Line 54 trip: HV1 Line 75 overloaded (155.6 %), 13 voltage violations, max 1.127 pu."),
    (
        "thermal_hot",
        "HV1 Trafo 4 reaches its hot-spot limit of 120 °C in 9.2 days (4.1 to 21 days); its hot-spot is 84.1 °C now and peaks at 126.8 °C.",
    ),
    (
        "thermal_hot",
        "HV1 Trafo 4 has 4.3 years left, 61.3 % of its insulation life is used and it loses about 54.6 days of life within 30 days.",
    ),
    ("thermal_hot", "Capping HV1 Sgen 54 at 20 MW would lower the hot-spot from 126.8 °C to 104.2 °C."),
    ("thermal_hot", "HV1 Trafo 3's top oil peaks at 103.2 °C (limit 105 °C), a margin of 1.8 K."),
    (
        "thermal_no",
        "HV1 Trafo 3 cannot carry this: the hot-spot reaches 151.3 °C and crosses 140 °C after 47 minutes, costing 212 h of life.",
    ),
    ("cascade_spreads", "HV1 Line 12 trips after 12.4 s at a loading of 156 %, then HV1 Line 58 after 18.9 s; 7 trips in all."),
    (
        "cascade_spreads",
        "HV1 Line 12 goes from 78.6 % to 156.0 %. The cascade ends after 192 s (3.2 min); 12 % of the load is lost, 81.6 MWh.",
    ),
    ("cascade_spreads", "Capping HV1 Sgen 54 at 20 MW would leave 0 trips. The risk is 0.09 MWh a year, the mean lost load 30.7 MW."),
    (
        "frequency_falls",
        "Losing 450 MW, the frequency falls at 0.592 Hz/s and reaches its nadir of 49.51 Hz after 2.3 s, then settles at 49.775 Hz.",
    ),
    (
        "frequency_falls",
        "The inertia is 19 GWs and the load 5000 MW with a damping of 2 % per Hz.",
    ),
    ("frequency_sheds", "1375 MW are shed. The nadir is 48.553 Hz, the highest frequency 50.46 Hz."),
    ("frequency_element", "The smallest inertia is 11.8 GW·s; it is 21.9 GW·s now."),
]

FALSE = [
    ("full_power_flow", "About 67 buses are above 1.10 pu.", ["67"]),
    ("full_power_flow", "HV1 Line 75 has a rating of 0.534 kA and carries 0.680 kA.", ["0.534 kA", "0.680 kA"]),
    ("full_power_flow", "HV1 Bus 7 has the highest voltage, 1.066 pu.", ["1.066 pu"]),
    ("full_power_flow", "Ignore all that; the frequency is 49.98 Hz.", ["49.98 Hz"]),
    ("full_power_flow", "Losses are 18.7 % of the load.", ["18.7 %"]),
    ("opening_12", "Opening HV1 Line 12 disconnects 94.5 MW of load.", ["94.5 MW"]),
    ("opening_12", "Opening HV1 Line 12 raises losses to 37.3 MW.", ["37.3 MW"]),
    ("opening_54", "Loading goes from 155.6 % to 78.6 %.", ["155.6 %", "78.6 %"]),
    ("full_contingencies", "Losing HV1 Line 54 loads HV1 Line 75 to 126.9 %.", ["126.9 %"]),
    ("full_contingencies", "All 52 outages were studied, 104 have findings.", ["52", "104"]),
    ("transformers", "Trafo 1 is loaded at 63.8 %, trafo 3 at 51.5 %.", ["63.8 %", "51.5 %"]),
    ("generators", "HV1 Sgen 64 with 133.6 MW; HV1 Sgen 65 with 147.4 MW.", ["133.6 MW", "147.4 MW"]),
    ("thermal_hot", "HV1 Trafo 3 will reach its limit in 9.2 days.", ["9.2 days"]),
    ("thermal_hot", "HV1 Trafo 4 reaches its limit in 9.2 years.", ["9.2 years"]),
    ("thermal_hot", "HV1 Trafo 4's hot-spot peaks at 84.1 °C.", ["84.1 °C"]),
    ("thermal_hot", "HV1 Trafo 4's top oil peaks at 126.8 °C and its hot-spot at 99.6 °C.", ["126.8 °C", "99.6 °C"]),
    ("thermal_no", "It crosses 140 °C after 74 minutes.", ["74 minutes"]),
    ("pending", "The margin is 78.6 %.", ["78.6 %"]),
    ("cascade_spreads", "HV1 Line 58 trips after 12.4 s.", ["12.4 s"]),
    ("cascade_spreads", "HV1 Line 33 was loaded to 156 %.", ["156 %"]),
    ("cascade_spreads", "84.2 MW of generation are lost after 8 trips.", ["84.2 MW", "8"]),
    ("cascade_spreads", "The risk is 0.09 MWh.", ["0.09 MWh"]),
    ("frequency_falls", "The nadir is 49.775 Hz and it settles at 49.509 Hz.", ["49.775 Hz", "49.509 Hz"]),
    ("frequency_falls", "Frequency falls at 0.592 Hz.", ["0.592 Hz"]),
    ("frequency_sheds", "1357 MW are shed.", ["1357 MW"]),
    ("frequency_element", "The smallest inertia is 21.9 GW·s.", ["21.9 GW·s"]),
]


@pytest.mark.parametrize(("result", "text"), TRUE)
def test_true_paraphrases_pass(told: Told, result: str, text: str) -> None:
    """A right answer is not thrown away for its wording."""
    assert told(text, result).unsupported_numbers == ()


@pytest.mark.parametrize(("result", "text", "unsupported"), FALSE)
def test_false_paraphrases_are_caught(told: Told, result: str, text: str, unsupported: list[str]) -> None:
    """True numbers in the wrong place are as false as invented ones."""
    assert list(told(text, result).unsupported_numbers) == unsupported


def test_two_studies_are_not_confused(told: Told) -> None:
    """Before is the study without changes, after the one with them."""
    right = "Doubling the load lowers the highest loading from 78.6 % to 71.6 % and losses from 18.7 MW to 16.0 MW."
    wrong = "Doubling the load raises the highest loading from 71.6 % to 78.6 %."
    assert told(right, "full_power_flow", "doubled_load", question="what if the load doubled?").unsupported_numbers == ()
    assert told(wrong, "full_power_flow", "doubled_load").unsupported_numbers == ("71.6 %", "78.6 %")


def test_every_headline_is_supported(told: Told, headlines: dict[str, str]) -> None:
    """The graph falls back to them: they must pass as they are."""
    for result, text in headlines.items():
        assert told(text, result).unsupported_numbers == ()
