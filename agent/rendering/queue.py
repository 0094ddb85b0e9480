"""What waits for a decision?"""

from agent.answer import Call
from agent.rendering.marks import Marks, table
from agent.rendering.proposal import order
from agent.rendering.reading import Row, number, rows, text
from agent.rendering.wish import Wish

_SHOWN = 10


def queue(call: Call, wish: Wish) -> list[str]:
    """How many, then each with who asked, the verdict and until when."""
    mark, found = Marks(call), rows(call.result, "proposals")
    status = text(call.result, "status") or "pending"
    if not found:
        return ["**The approval queue is empty.**" if status == "pending" else f"**There is no {status} proposal.**"]
    one = number(call.result, "total") == 1
    point = f"**{mark('total')} {'proposal' if one else 'proposals'} {_state(status, one)}.**"
    shown = found[: wish.top or _SHOWN]
    if len(shown) < 3:
        return [point, *(_sentence(mark, i, p) for i, p in enumerate(shown)), "[Open the queue](/approvals)"]
    lines = [[mark(f"proposals[{i}].id"), order(p), text(p, "requested_by"), text(p, "verdict"), _until(p)] for i, p in enumerate(shown)]
    return [point, table(["Proposal", "Action", "Asked by", "Verdict", "Expires"], lines), "[Open the queue](/approvals)"]


def _state(status: str, one: bool) -> str:
    return f"{'waits' if one else 'wait'} for approval" if status == "pending" else f"{'is' if one else 'are'} {status}"


def _sentence(mark: Marks, at: int, row: Row) -> str:
    until = f", expires {_until(row)}" if _until(row) and text(row, "status") in ("", "pending") else ""
    by = f" asked by {text(row, 'requested_by')}" if text(row, "requested_by") else ""
    return f"Proposal {mark(f'proposals[{at}].id')}: {order(row)};{by}, verdict {text(row, 'verdict')}{until}."


def _until(row: Row) -> str:
    expires = text(row, "expires_at")
    return f"{expires[11:16]} UTC" if len(expires) >= 16 else ""
