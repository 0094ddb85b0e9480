"""Fills the rows of what is wrong with the measurements: bad meters, wrong positions, contradictions, refusals."""

from collections.abc import Iterable

from grid_models.live.conclusion import Conclusion
from grid_models.telemetry.door import Admitted
from grid_models.telemetry.meter_words import meter_words
from grid_models.telemetry.quantities import Source
from grid_models.telemetry.refusals import Reason, Refusal
from tools.estimate_rows import BadRow, ContradictionRow, PositionRow, RefusedRow

_UNREMARKABLE = (Reason.SUPERSEDED,)  # a newer value of the same meter came
_OLD = (Reason.STALE, Reason.OLD_POSITION)


def faults(concluded: Conclusion, bad_data: str, top: int) -> dict[str, object]:
    """Bad meters, wrong positions and contradictions; nothing where nothing was searched for."""
    if bad_data == "ignore":
        return {}
    removing = bad_data == "remove"
    bad = [
        BadRow(
            element=b.element,
            quantity=b.words,
            meter=meter_words(b.quantity, b.element),
            measured=b.measured,
            estimated=b.estimated,
            unit=b.unit,
            normalised_residual=b.normalised_residual,
            likely=b.likely,
            verdict=b.verdict,
            removed=b.removed and removing,
            instead=b.instead,
        )
        for b in concluded.bad_meters
        if concluded.measurements.source[b.index] != Source.FORECAST  # a wrong forecast is no bad meter
    ]
    wrong_forecasts = len(concluded.bad_meters) - len(bad)
    odd = [
        ContradictionRow(element=c.element, quantity=c.words, meter=f"{c.words} of {c.element}", measured=c.measured, unit=c.unit)
        for c in concluded.contradictions
    ]
    return {
        "bad": tuple(bad[:top]),
        "bad_total": len(bad),
        "wrong_forecasts": wrong_forecasts,
        "positions": tuple(PositionRow.model_validate(vars(p)) for p in concluded.wrong_positions),
        "contradictions": tuple(odd[:top]),
        "contradictions_total": len(odd),
    }


def refusals(admitted: Admitted, top: int) -> dict[str, object]:
    """What was not let in, and positions that stand as last known; the most first."""
    rows = [*_refusals(admitted.refused, used=False), *_refusals(admitted.old, used=True)]
    rows.sort(key=lambda r: (r.used, -r.count))
    stale = sorted({r.station for r in (*admitted.refused, *admitted.old) if r.reason in _OLD and r.station})
    return {
        "refused": tuple(rows[:top]),
        "refused_total": len(rows),
        "stale_stations": tuple(stale[:top]),
        "stale_stations_total": len(stale),
    }


def _refusals(found: Iterable[Refusal], *, used: bool) -> list[RefusedRow]:
    return [
        RefusedRow(
            reason=r.reason.name.lower().replace("_", " "),
            station=r.station,
            count=r.count,
            off_by_s=r.off_by_s,
            used=used,
            sentence=r.words(),
        )
        for r in found
        if r.reason not in _UNREMARKABLE
    ]
