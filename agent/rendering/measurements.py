"""Can the measurements be trusted? What is wrong with them, how well the rest agrees, and what nobody could see."""

from collections.abc import Callable

from agent.answer import Call
from agent.rendering.marks import Marks, bullets, capital, joined, table
from agent.rendering.reading import Row, inner, number, rows, text, texts
from agent.rendering.staleness import staleness
from agent.rendering.wish import Wish

_SHOWN = 5
_NAMED = 3


def measurements(call: Call, wish: Wish) -> list[str]:
    """The point, what was asked, the diagnosis one fault a line; asked in general also how good the estimate is and what it cannot see."""
    if text(call.result, "source") == "synthetic":
        said = (
            "Nobody measures this grid now: these are synthetic measurements of the state studied, drawn with the accuracy of its meters."
        )
    else:
        said = ""
    if wish.focus == "age":
        return [part for part in (said, *staleness(call, wish.element), _point(call), _diagnosis(call)) if part]
    asked = _ASKED[wish.focus](call, wish) if wish.focus in _ASKED else ""
    rest = [] if asked else [_quality(call), _critical(call), _unseen(call)]
    return [part for part in (said, _point(call), asked, _diagnosis(call), _old(call), *rest) if part]


def _point(call: Call) -> str:
    result, mark = call.result, Marks(call)
    if result.get("converged") is not True:
        return f"**There is no estimate.** {' '.join(f'{capital(d)}' for d in texts(result, 'doubts'))}"
    if texts(result, "doubts"):
        return f"**The latest measurements cannot be relied on.** {texts(result, 'doubts')[0]}{_standing(call)}"
    faults = sum(int(number(result, key) or 0) for key in ("bad_total", "contradictions_total")) + len(rows(result, "positions"))
    if not faults:
        some = " some were refused or are old," if number(result, "refused_total") else ""
        return f"**The measurements agree with each other**:{some} none of the {mark('measurements.used')} used is found wrong."
    kept = "named but kept in" if text(result, "bad_data") == "flag" else "left out"
    bad = f"{mark('bad_total')} bad {_plural(number(result, 'bad_total'), 'measurement')} ({kept})" if number(result, "bad_total") else ""
    wrong = f"{mark.count('positions')} wrong {_plural(len(rows(result, 'positions')), 'position')}" if rows(result, "positions") else ""
    odd = f"{mark('contradictions_total')} unexplained" if number(result, "contradictions_total") else ""
    rest = "; the rest agrees" if result.get("passes") is True and kept == "left out" else ""
    return f"**The measurements contain {joined([p for p in (bad, wrong, odd) if p])}{rest}.**"


def _standing(call: Call) -> str:
    """How old the state is on which studies run."""
    age = f" Studies run on the last accepted state, {Marks(call)('age_s', 0)} old." if number(call.result, "age_s") is not None else ""
    return age


def _diagnosis(call: Call) -> str:
    """One line a fault, in the order an operator would act on them."""
    result, mark = call.result, Marks(call)
    told = [_position(r) for r in rows(result, "positions")]
    told += [_bad(mark, i, r) for i, r in enumerate(rows(result, "bad")[:_SHOWN])]
    told += [
        f"{text(r, 'meter')} reads {mark(f'contradictions[{i}].measured')} although the positions allow none"
        for i, r in enumerate(rows(result, "contradictions")[:_SHOWN])
    ]
    if number(result, "wrong_forecasts"):
        told.append(f"{mark('wrong_forecasts')} forecasts for what has no meter contradict the measurements; those are believed")
    return bullets(told)


def _position(row: Row) -> str:
    others = f", unless {joined(texts(row, 'instead'), 'or')} is wrong" if texts(row, "instead") else ""
    fits = f"what is measured around it fits only if it is {text(row, 'concluded')}"
    return f"{text(row, 'element')} is reported {text(row, 'reported')}; {fits}{others}"


def _bad(mark: Marks, at: int, row: Row) -> str:
    values = f"reads {mark(f'bad[{at}].measured')}, estimate {mark(f'bad[{at}].estimated')}"
    others = f" (or {joined(texts(row, 'instead'), 'or')} is wrong instead)" if texts(row, "instead") else ""
    removed = "removed" if row.get("removed") is True else "not removed"
    residual = mark(f"bad[{at}].normalised_residual", 1)
    return f"{text(row, 'meter')} {values}, normalised residual {residual}: {text(row, 'verdict')}{others}; {removed}"


def _old(call: Call) -> str:
    """What was refused or is old, by station."""
    told = [text(r, "sentence") for r in rows(call.result, "refused")[:_SHOWN]]
    more = (number(call.result, "refused_total") or 0) > len(told)
    many = f", the first of {Marks(call)('refused_total')} groups" if more else ""
    return f"Refused, or old and standing as last known{many}:\n\n{bullets(told)}" if told else ""


def _quality(call: Call) -> str:
    result, mark = call.result, Marks(call)
    if number(result, "j") is None:
        return ""
    fit = f"The weighted sum of squares is {mark('j', 0)} with {mark('dof')} degrees of freedom"
    if number(result, "chi2_limit") is not None:
        fit += f"; its limit is {mark('chi2_limit', 0)}, so the estimate {'passes' if result.get('passes') is True else 'fails'} the test"
    bound = f"A normalised residual above {mark('threshold')} counts as bad"
    alarms = f"on average {mark('expected_false_alarms', 3)} measurements of a faultless set do"
    return f"{fit}. {_redundancy(call)} {bound}; {alarms}."


def _redundancy(call: Call) -> str:
    mark = Marks(call)
    if number(call.result, "redundancy") is None:
        return ""
    refused = f", {mark('measurements.refused')} refused" if number(inner(call.result, "measurements"), "refused") else ""
    pseudo = (
        f" and {mark('measurements.pseudo')} forecasts where nothing is measured"
        if number(inner(call.result, "measurements"), "pseudo")
        else ""
    )
    given = f"{mark('measurements.given')} values came{refused}"
    return f"{given}; the estimate rests on {mark('measurements.used')} measurements{pseudo}, {mark('redundancy')} rows for each unknown."


def _critical(call: Call) -> str:
    found, mark = inner(call.result, "critical"), Marks(call)
    if call.result.get("converged") is not True:
        return ""
    if number(found, "total"):
        shown = joined(texts(found, "examples")[:_NAMED])
        told = f"{mark('critical.total')} measurements are critical, an error in them cannot be seen: for example {shown}."
    else:
        told = "No measurement is critical."
    if not number(found, "weak_total"):
        return told
    shown = joined(texts(found, "weak_examples")[:_NAMED])
    weak, limit = mark("critical.weak_total"), mark("critical.weak_sigmas", 0)
    others = f"In {weak} others" if number(found, "total") else f"But in {weak}"
    return f"{told} {others} only an error above {limit} standard deviations would show: for example {shown}."


def _unseen(call: Call) -> str:
    """What rests on forecasts alone."""
    found, mark = inner(call.result, "unseen"), Marks(call)
    if not number(found, "buses_total"):
        return "The measurements alone determine the whole state."
    shown = joined(texts(found, "buses")[:_NAMED])
    meters = joined(texts(found, "missing")[:_NAMED])
    more = f" ({mark('unseen.missing_total')} meters in all)" if (number(found, "missing_total") or 0) > _NAMED else ""
    known = "rest on forecasts" if call.result.get("observable") is True else "cannot be determined at all"
    one = number(found, "buses_total") == 1
    would = f" Measuring {meters} would make them observable{more}." if meters else ""
    return f"Without forecasts {mark('unseen.buses_total')} {'bus is' if one else 'buses are'} unobservable and {known}: {shown}.{would}"


def _about(call: Call, wish: Wish) -> str:
    """What the tables say of the element asked about."""
    mark, name, lines = Marks(call), wish.element, []
    if not name:
        return ""
    for i, r in enumerate(rows(call.result, "residuals")):
        if text(r, "element") == name:
            path = f"residuals[{i}]"
            lines.append(f"{text(r, 'meter')} reads {mark(f'{path}.measured')}, estimate {mark(f'{path}.estimated')}")
    listed = any(f"V at {name} " in line for line in lines)
    for i, r in enumerate(rows(call.result, "voltages")):
        if text(r, "element") == name and not listed:
            lines.append(f"V at {name} reads {mark(f'voltages[{i}].measured_pu')}, estimate {mark(f'voltages[{i}].vm_pu')}")
    wrong = any(text(r, "element") == name for key in ("bad", "positions", "contradictions") for r in rows(call.result, key))
    none = "" if wrong else f"Nothing measured at {name} is found wrong, and none of the largest residuals is there."
    return bullets(lines) or none


def _residuals(call: Call, wish: Wish) -> str:
    """The largest differences between measured and estimated, each in its own standard deviations."""
    mark = Marks(call)
    lines = [
        [
            text(r, "meter"),
            *(mark(f"residuals[{i}].{key}") for key in ("measured", "estimated")),
            mark(f"residuals[{i}].normalised_residual", 1),
        ]
        for i, r in enumerate(rows(call.result, "residuals")[: wish.top or _SHOWN])
    ]
    return table(["Meter", "Measured", "Estimated", "Normalised residual"], lines) if lines else ""


def _voltages(call: Call) -> str:
    mark = Marks(call)
    lines = [
        [text(r, "element"), mark(f"voltages[{i}].measured_pu", 4), mark(f"voltages[{i}].vm_pu", 4), mark(f"voltages[{i}].sigma_pu", 4)]
        for i, r in enumerate(rows(call.result, "voltages")[:_SHOWN])
    ]
    return table(["Bus", "Measured", "Estimated", "Standard deviation"], lines) if lines else ""


def _plural(count: float | None, what: str) -> str:
    return what if count == 1 else f"{what}s"


_ASKED: dict[str, Callable[[Call, Wish], str]] = {
    "observability": lambda call, wish: _unseen(call),
    "redundancy": lambda call, wish: _redundancy(call),
    "critical": lambda call, wish: _critical(call),
    "quality": lambda call, wish: _quality(call),
    "voltages": lambda call, wish: _voltages(call),
    "residuals": _residuals,
    "element": _about,
}
