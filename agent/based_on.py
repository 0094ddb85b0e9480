"""What a proposal rests on, for its record: the question of the turn and the studies before it."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from guardrails.basis import Basis, BasisCall

_LONGEST_HEADLINE = 2000  # characters; the whole result stays in the conversation, its hash in the record


def based_on(basis: Basis, question: str, calls: Sequence[Mapping[str, Any]]) -> Basis:
    """The same brain's basis with this turn's question and the calls made until now, as the conversation keeps them."""
    return basis.model_copy(update={"question": question, "calls": tuple(_kept(call) for call in calls)})


def _kept(call: Mapping[str, Any]) -> BasisCall:
    result = call.get("result") or {}
    text = json.dumps(result, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return BasisCall(
        id=str(call["id"]),
        tool=str(call["tool"]),
        args=dict(call.get("args") or {}),
        ok=bool(call.get("ok", True)),
        headline=str(result.get("headline") or call.get("error") or "")[:_LONGEST_HEADLINE],
        result_hash=hashlib.sha256(text.encode()).hexdigest(),
    )
