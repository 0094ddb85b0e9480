"""Is it asked how proposals stand, and which of them; or is one to be decided?"""

from collections.abc import Sequence

from agent.brains.embedded.changes import Spoken
from agent.brains.embedded.frame import Frame, Intent, Mood
from agent.brains.embedded.sentence import Sentence
from agent.brains.embedded.vocabulary import word_class

_ORDERS = (Mood.REQUEST, Mood.CONDITIONAL, Mood.NEGATED)
_ORDERING = word_class("queue_asked.ordering")
# Where several words speak of where a proposal stands, the most special first: 'being executed', 'approved but not executed' is approved.
_STATUSES = (
    "executing",
    "expired",
    "blocked",
    "failed",
    "stale",
    "withdrawn",
    "draft",
    "rejected",
    "pending",
    "approved",
    "executed",
)


def queued(sentence: Sentence, spoken: Sequence[Spoken]) -> Frame | None:
    """The frame of a question for proposals by where they stand; None for anything else, and where a change or a decision is ordered."""
    status = status_of_proposals(sentence)
    ordered = any(s.mood in _ORDERS for s in spoken)
    if status is None or not sentence.has("ordered") or sentence.mentions or ordered or decides(sentence):
        return None
    return Frame(intent=Intent.QUEUE, topic=status)


def status_of_proposals(sentence: Sentence) -> str | None:
    """Where the proposals asked for stand, in the ledger's words."""
    return next((status for status in _STATUSES if sentence.has(f"queue_status:{status}")), None)


def decides(sentence: Sentence) -> bool:
    """'Approve 7', 'please reject it', 'can you sign it off': the verb begins, or follows whom it is asked of; 'who rejected it' asks."""
    deciding = {h.start for h in sentence.hits if h.concept == "decide"}
    return any(sentence.tokens[i].form == "base" and (i == 0 or sentence.tokens[i - 1].word in _ORDERING) for i in deciding)
