"""Is the question about something this version does not do, or about deciding on a proposal?"""

from agent.brains.embedded.frame import Frame, Intent
from agent.brains.embedded.queue_asked import decides, status_of_proposals
from agent.brains.embedded.sentence import Sentence
from agent.brains.embedded.times import CLOCK
from agent.brains.embedded.vocabulary import word_class

_ASKED = word_class("topics.asked")
# Not built, even where the question also imagines a change.
_EVEN_WITH_CHANGES = frozenset({"remedial", "faults", "asset_health", "deeper"})


def unbuilt_topic(sentence: Sentence, *, with_changes: bool) -> str | None:
    """The capability that is asked for and not built yet; None when there is none."""
    if not with_changes and CLOCK.search(sentence.text):
        return "forecast"  # 'what will the loading be at 6 pm?'
    topics = [c.removeprefix("unbuilt:") for c in sorted(sentence.concepts) if c.startswith("unbuilt:")]
    return next((t for t in topics if not with_changes or t in _EVEN_WITH_CHANGES), None)


def decision(sentence: Sentence) -> Frame:
    """'Approve 7' decides nothing; 'has anyone approved it?' asks for the queue."""
    asked = sentence.asks or sentence.tokens[0].word in _ASKED | {"which", "what"}
    if asked and not decides(sentence):
        return Frame(intent=Intent.QUEUE, topic=status_of_proposals(sentence) or "")
    number = next((str(int(q.value)) for q in sentence.quantities if not q.unit and q.value.is_integer() and q.value > 0), "")
    return Frame(intent=Intent.DECIDE, topic=number)
