"""Plans that only look: state, inventory, loadings, voltages, balance, one element."""

from pydantic import JsonValue

from agent.answer import Call
from agent.brains.embedded.frame import Frame, Intent, Threshold
from agent.brains.embedded.plans.bounded import bounded, there
from agent.brains.embedded.plans.kit import Kit, Plan, Said, Wanted, number
from agent.brains.embedded.replies import listing, say
from grid_models.twin.registry import ElementKind

_ALL = 1000  # the tools' own bound
_FEW = 5
_TABLES = {k.value for k in ElementKind} | {"storage", "substation", "area"}


def state(frame: Frame, kit: Kit) -> Plan:
    calls = yield [Wanted("power_flow", _by(frame))]
    return kit.tell(frame, calls)


def _by(frame: Frame, top: int | None = None) -> dict[str, JsonValue]:
    """The arguments of a power flow of the present state: its method and how many rows."""
    args: dict[str, JsonValue] = {"top": top} if top else {}
    return {**args, "method": frame.method} if frame.method else args


def summary(frame: Frame, kit: Kit) -> Plan:
    calls = yield [Wanted("grid_data", {"kind": "summary"})]
    return kit.tell(frame, calls)


def table(frame: Frame, kit: Kit) -> Plan:
    """Counts and lists of one kind; of several kinds the summary tells."""
    if frame.bounds:
        return (yield from bounded(frame))
    kind = frame.kind if frame.kind in _TABLES and frame.topic != "several" else "summary"
    args: dict[str, JsonValue] = {"kind": kind, **there(frame)}
    if frame.minimum_kv is not None:
        args["minimum_kv"] = frame.minimum_kv
    if frame.sort_by is not None:
        args["sort_by"] = frame.sort_by
    technology = frame.topic if frame.topic in ("wind", "pv") else None
    if frame.state or (technology and not frame.sort_by) or (frame.sort_by and frame.order == "lowest"):  # told from all rows
        args["top"] = _ALL
    elif frame.top is not None:
        args["top"] = frame.top
    calls = yield [Wanted("grid_data", args)]
    if frame.state:
        return _in_state(frame, calls[0])
    if technology:
        if not frame.sort_by:
            return _of_technology(technology, calls[0])
        if any(
            isinstance(r, dict) and r.get("technology") != technology for r in _rows(calls[0])
        ):  # others are among the largest: look at all
            calls = yield [Wanted("grid_data", {**args, "top": _ALL})]
        return _largest(frame, technology, calls[0])
    return _lightest(frame, calls[0], str(frame.sort_by)) if frame.sort_by and frame.order == "lowest" else kit.tell(frame, calls)


_STATES = {"open": ("closed", False), "closed": ("closed", True), "out": ("in_service", False), "in": ("in_service", True)}
_STATE_WORDS = {"open": "open", "closed": "closed", "out": "out of service", "in": "in service"}


def _in_state(frame: Frame, call: Call) -> Said:
    """Only the elements that are open, closed, in or out of service, counted in the result."""
    kind = str(call.args.get("kind"))
    field, wanted = _STATES[frame.state or "in"]
    field = "in_service" if kind != "switch" else field
    rows = call.result.get("rows")
    names = [str(r["element"]) for r in (rows if isinstance(rows, list) else []) if isinstance(r, dict) and r.get(field) is wanted]
    word, many = _STATE_WORDS[frame.state or "in"], f"{kind}{'es' if kind in ('bus', 'switch') else 's'}"
    if not names:
        return Said(say("none_in_state", many=many, word=word))
    count = f"\u27e6{call.id}|length(rows[?{field}==`{str(wanted).lower()}`])\u27e7"
    return Said(
        say("in_state", count=count, many=many, word=word, names=listing(names, "and")), about=tuple(names[:1]), listed=tuple(names)
    )


def _rows(call: Call) -> list[JsonValue]:
    rows = call.result.get("rows")
    return rows if isinstance(rows, list) else []


def _of_technology(technology: str, call: Call) -> Said:
    """How many parks of a technology there are; the total counts every generator."""
    names = [str(r["element"]) for r in _rows(call) if isinstance(r, dict) and r.get("technology") == technology]
    if not names:
        return Said(say("no_technology", technology=technology))
    count = f"\u27e6{call.id}|length(rows[?technology=='{technology}'])\u27e7"
    total = f"\u27e6{call.id}|total\u27e7"
    return Said(say("technology", count=count, technology=technology, total=total, names=listing(names, "and")), listed=tuple(names))


def _largest(frame: Frame, technology: str, call: Call) -> Said:
    """The largest of one technology, as the table has them sorted."""
    fitting = [(i, r) for i, r in enumerate(_rows(call)) if isinstance(r, dict) and r.get("technology") == technology]
    chosen = fitting[: frame.top or _FEW]
    lines = "\n".join(f"- {r['element']}: \u27e6{call.id}|rows[{i}].{frame.sort_by}\u27e7" for i, r in chosen)
    names = tuple(str(r["element"]) for _, r in chosen)
    return Said(say("largest", lines=lines) if chosen else say("no_technology", technology=technology), about=names[:1], listed=names)


def loadings(frame: Frame, kit: Kit) -> Plan:
    """The power flow lists the heaviest, and says when ratings are unusable; one kind alone, or the lightest, come from the table."""
    usable = kit.registry.model.ratings_usable
    below = frame.order == "lowest" or (frame.threshold is not None and frame.threshold.op == "<")
    table = (below and (usable or not frame.threshold)) or (usable and (frame.kind == "transformer" or frame.minimum_kv))
    if table and not frame.method:
        calls = yield [Wanted("grid_data", _table_args(frame, kit))]
        return _lightest(frame, calls[0], "loading_percent") if frame.order == "lowest" and not frame.threshold else kit.tell(frame, calls)
    calls = yield [Wanted("power_flow", _by(frame, frame.top))]
    if _cut_off(frame, calls[0].result.get("top_loadings"), kit):
        more = yield [Wanted("power_flow", _by(frame, _ALL))]
        return kit.tell(frame, more)
    return kit.tell(frame, calls)


def _table_args(frame: Frame, kit: Kit) -> dict[str, JsonValue]:
    args: dict[str, JsonValue] = {
        "kind": "transformer" if frame.kind == "transformer" else "line",
        "sort_by": "loading_percent" if kit.registry.model.ratings_usable else "current_ka",
    }
    if frame.order == "lowest" or frame.threshold:
        args["top"] = _ALL  # the table is sorted largest first: the least loaded are its end
    elif frame.top is not None:
        args["top"] = frame.top
    if frame.minimum_kv is not None:
        args["minimum_kv"] = frame.minimum_kv
    return args


def _lightest(frame: Frame, call: Call, field: str) -> Said:
    """The table is sorted largest first; the smallest are its end."""
    rows = call.result.get("rows")
    live = [(i, r) for i, r in enumerate(rows if isinstance(rows, list) else []) if isinstance(r, dict) and r.get("in_service")]
    chosen = live[: -(frame.top or _FEW) - 1 : -1]
    if any(number(r, field) is None for _, r in chosen):
        field = "current_ka"
    names = [str(r["element"]) for _, r in chosen]
    lines = "\n".join(f"- {r['element']}: \u27e6{call.id}|rows[{i}].{field}\u27e7" for i, r in chosen)
    if not chosen:
        return Said(say("nothing_listed"))
    text = say("lightest", lines=lines) if frame.intent is Intent.LOADINGS else say("smallest", lines=lines)
    return Said(text, about=tuple(names[:1]), listed=tuple(names))


def _cut_off(frame: Frame, rows: JsonValue, kit: Kit) -> bool:
    """Does the list end too early: its last row still beyond the threshold, or too few lines among transformers?"""
    if not isinstance(rows, list) or not rows:
        return False
    if frame.threshold:
        last = number(rows[-1], frame.threshold.field)
        return last is not None and beyond(last, frame.threshold)
    names = [str(r["element"]) for r in rows if isinstance(r, dict)]
    lines = [n for n in names if any(e.kind is ElementKind.LINE for e in kit.registry.exact(n))]
    return frame.kind == "line" and len(lines) < (frame.top or 1)


def beyond(value: float, threshold: Threshold) -> bool:
    return value > threshold.value if threshold.op == ">" else value < threshold.value


def voltages(frame: Frame, kit: Kit) -> Plan:
    args = _by(frame, frame.top)
    low, high = frame.band or (None, None)
    if low is not None:
        args["vm_min_pu"] = round(low, 6)
    if high is not None:
        args["vm_max_pu"] = round(high, 6)
    calls = yield [Wanted("power_flow", args)]
    return kit.tell(frame, calls)


def balance(frame: Frame, kit: Kit) -> Plan:
    """Totals of load, generation and wind; the exchange needs a solution."""
    flow = frame.topic in ("exchange", "balance")
    calls = yield [Wanted("power_flow", _by(frame)) if flow else Wanted("grid_data", {"kind": "summary"})]
    return kit.tell(frame, calls)


def detail(frame: Frame, kit: Kit) -> Plan:
    wanted = kit.reading(frame.elements)
    if len(frame.elements) > 10:
        wanted.args["top"] = min(len(frame.elements), _ALL)
    calls = yield [wanted]
    return kit.tell(frame, calls)


def check(frame: Frame, kit: Kit) -> Plan:
    """Does the value of the one element lie beyond the threshold? It is told either way."""
    calls = yield [Wanted("grid_data", {"elements": list(frame.elements)})]
    assert frame.threshold is not None
    rows = _rows(calls[0])
    value = number(rows[0], frame.threshold.field) if rows else None
    if value is None:
        return Said(say("condition_unknown", element=frame.elements[0]), status="needs_clarification", about=frame.elements)
    holds = beyond(value, frame.threshold)
    marker = f"\u27e6{calls[0].id}|rows[0].{frame.threshold.field}\u27e7"
    told = {"element": frame.elements[0], "marker": marker}
    text = say("condition_holds", **told) if holds else say("condition_fails", **told)
    return Said(text, about=frame.elements, holds=holds)


def queue(frame: Frame, kit: Kit) -> Plan:
    calls = yield [Wanted("list_proposals", {"status": frame.topic} if frame.topic else {})]
    return kit.tell(frame, calls)
