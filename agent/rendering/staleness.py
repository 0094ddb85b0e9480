"""How old are the measurements, and where are they too old?"""

from agent.answer import Call
from agent.rendering.marks import Marks, bullets, capital, joined
from agent.rendering.reading import Row, number, rows, text, texts

_OLD = ("stale", "old position")  # as the door names what is too old
_SHOWN = 5


def staleness(call: Call, element: str) -> list[str]:
    """The age of the latest set, then what is older: at the station asked about, else anywhere."""
    mark, result = Marks(call), call.result
    old = [r for r in rows(result, "refused") if text(r, "reason") in _OLD]
    if number(result, "telemetry_age_s") is None:
        age = "**The measurements are of the moment studied.**"
    else:
        age = f"**The latest measurements came {mark('telemetry_age_s', 0)} ago**{_of_state(mark, result)}."
    return [age, _at(mark, old, element, result) if element else _anywhere(mark, old)]


def _of_state(mark: Marks, result: Row) -> str:
    same = abs((number(result, "age_s") or 0.0) - (number(result, "telemetry_age_s") or 0.0)) < 1.0
    return "" if same or number(result, "age_s") is None else f"; the state that studies use was measured {mark('age_s', 0)} ago"


def _anywhere(mark: Marks, old: list[Row]) -> str:
    limit = mark("max_age_s", 0)
    if not old:
        return f"No station is silent: none of the {mark('measurements.given')} values is older than {limit}."
    many = f" (the first of {mark('stale_stations_total')} stations)" if len(old) > _SHOWN else ""
    return f"Older than {limit}{many}:\n\n{bullets(text(r, 'sentence') for r in old[:_SHOWN])}"


def _at(mark: Marks, old: list[Row], element: str, result: Row) -> str:
    """What is old is known by station: of another place no more is said than that it is no such station."""
    here = [text(r, "sentence") for r in old if text(r, "station").casefold() == element.casefold()]
    if here:
        return bullets(capital(sentence) for sentence in here)
    if not number(result, "stale_stations_total"):
        return f"None of the measurements at {element} is older than {mark('max_age_s', 0)}, nor is any other."
    stations = joined(texts(result, "stale_stations")[:_SHOWN])
    return f"{element} is not among the stations with values older than {mark('max_age_s', 0)}: {stations}."
