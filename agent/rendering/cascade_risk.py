"""How likely is it that a loss spreads, and what does that cost on average? Probability × consequence, with the probability's source."""

from math import floor, log10

from agent.answer import Call
from agent.rendering.cascade_point import cascade_point
from agent.rendering.marks import Marks
from agent.rendering.reading import Row, inner
from agent.rendering.thermal_rows import RowMarks


def _risk(call: Call) -> RowMarks | None:
    found: Row = inner(call.result, "risk")
    return RowMarks(Marks(call), "risk", found) if found else None


def risk_point(call: Call) -> str:
    """In how many samples it spreads, and how much is lost; without samples what happens, and that it is no probability."""
    row = _risk(call)
    if row is None:
        return f"{cascade_point(call)} How likely that is, one run without hidden failures of relays does not say; samples would."
    return f"**{_spreading(row)}**; {_losses(row)}.{_a_year(row)}"


def _spreading(row: RowMarks) -> str:
    return f"With hidden failures of relays it spreads in {row('probability_of_spreading_percent')} of {row('samples')} samples"


def _losses(row: RowMarks) -> str:
    mean, rare, worst = row("mean_lost_load_mw"), row("quantile_95_lost_load_mw"), row("worst_lost_load_mw")
    return f"{mean} of load are lost on average, at least {rare} in one sample in twenty, {worst} in the worst"


def _a_year(row: RowMarks) -> str:
    if row.number("outage_rate_per_year") is None:
        return " How often such outages happen is not documented, so no risk a year is told."
    rate = f"Such outages happen {row('outage_rate_per_year', _decimals(row.amount('outage_rate_per_year')))}"
    if row.number("expected_lost_mwh_per_year") is None:
        return f" {rate}."
    small = 1 if row.amount("expected_lost_mwh_per_year") >= 1 else _decimals(row.amount("expected_lost_mwh_per_year"))
    return f" {rate}, which makes a risk of {row('expected_lost_mwh_per_year', small)}."


def risk(call: Call, pointed: bool) -> list[str]:
    """The samples, unless the first sentence told them, and where the probability is from."""
    row = _risk(call)
    if row is None:
        return []
    told = [] if pointed else [f"{_spreading(row)}; {_losses(row)}.{_a_year(row)}"]
    return [" ".join([*told, *_source(row)])]


def _source(row: RowMarks) -> list[str]:
    shown = row("hidden_failure_probability", _decimals(row.amount("hidden_failure_probability")))
    source, doubt = row.text("probability_source").rstrip("."), row.text("unverified").rstrip(".")
    said = f"An exposed relay fails with a probability of {shown}."
    return [said, *([f"Sources: {source}."] if source else []), *([f"Not verified: {doubt}."] if doubt else [])]


def _decimals(value: float) -> int:
    """As many as a chosen value has, two to four; a calculated one keeps two figures."""
    figures = max(2, 1 - floor(log10(value))) if value > 0 else 2
    return next((d for d in (2, 3, 4) if abs(round(value, d) - value) < 1e-12), figures)
