"""What has to be opened to isolate an element, in order, and what is lost with it."""

from agent.answer import Call
from agent.rendering.lost import lost_power
from agent.rendering.marks import Marks, joined
from agent.rendering.reading import Row, inner, number, rows, text, texts


def isolation(call: Call) -> list[str]:
    """The openings first, then the price, then that nothing was switched."""
    mark, found = Marks(call), inner(call.result, "isolate")
    name = text(call.result, "element")
    if found.get("already_isolated") is True:
        return [f"**{name} is isolated already.**", *_steps(found)]
    if found.get("isolated") is not True:
        return [f"**{name} cannot be isolated with the switches of this grid's model.**", *_steps(found)]
    count = f"{mark('isolate.to_open')} {'opening' if number(found, 'to_open') == 1 else 'openings'}"
    return [
        f"**{name} is isolated by {count}, in this order:**",
        *_steps(found),
        _price(mark, found),
        "To have it done, ask for the openings one by one; each becomes a proposal.",
    ]


def _steps(found: Row) -> list[str]:
    to_open = [f"{i}. open {text(r, 'element')} ({text(r, 'kind')}{_at(r)})" for i, r in enumerate(_wanted(found), start=1)]
    open_already = [text(r, "element") for r in rows(found, "steps") if r.get("to_open") is not True and r.get("closed") is False]
    told = ["\n".join(to_open)] if to_open else []
    return [*told, *([f"Open already: {joined(open_already[:8])}."] if open_already else [])]


def _wanted(found: Row) -> list[Row]:
    return [r for r in rows(found, "steps") if r.get("to_open") is True]


def _at(row: Row) -> str:
    return f" at {text(row, 'at')}" if text(row, "at") else ""


def _price(mark: Marks, found: Row) -> str:
    lost = lost_power(mark, "isolate", found)
    if not lost:
        return "Nothing loses supply."
    named = texts(found, "lost_elements")[:5]
    among = ", among others at" if (number(found, "lost_elements_total") or 0) > len(named) else ":"
    return f"It costs {joined(lost)}{f'{among} {joined(named)}' if named else ''}."
