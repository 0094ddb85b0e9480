"""'When would line 75 trip if line 54 is lost?': which failures does a question ask about, rather than suppose?"""

from collections.abc import Sequence

from agent.brains.embedded.candidates import VerbUse
from agent.brains.embedded.changes import Spoken
from agent.brains.embedded.objects import object_mentions
from agent.brains.embedded.sentence import Sentence

_SUPPOSING = frozenset({"if", "suppose", "supposing", "assume", "assuming", "should", "once", "after", "with"})
_AUXILIARY = frozenset({"would", "will", "could", "might", "may", "can", "does", "do"})
_PASSIVE = frozenset({"be", "get"})
_DEVICE = frozenset({"relay", "protection"})
_OF = frozenset({"of", "on", "at", "for", "in", "protecting", "the"})


def without_effects(sentence: Sentence, spoken: Sequence[Spoken]) -> Sequence[Spoken]:
    """Failures that are asked about are dropped, where others are supposed; alone, they are what is supposed."""
    failing = [s for s in spoken if s.change.kind == "open" and s.use is not None and s.use.act in ("event", "be_out")]
    effects = [s for s in failing if s.use is not None and (_is_asked(sentence, s.use) or _of_device(sentence, s.use))]
    return [s for s in spoken if s not in effects] if any(_is_known(s) for s in failing if s not in effects) else spoken


def _is_known(one: Spoken) -> bool:
    return bool(one.change.element or one.change.described)


def _is_asked(sentence: Sentence, use: VerbUse) -> bool:
    """'Would line 75 trip', 'will line 75 be lost'; but 'if line 75 would trip' is supposed."""
    words = [t.word for t in sentence.tokens[use.left[0] : use.start]]
    finite = use.form in ("base", "state") or (use.form == "ed" and words[-1:] and words[-1] in _PASSIVE)
    return bool(finite) and not _AUXILIARY.isdisjoint(words) and _SUPPOSING.isdisjoint(words)


def _of_device(sentence: Sentence, use: VerbUse) -> bool:
    """'The relay of line 75 trips': the relay acts on a loss, it is none."""
    first = min((m.start for m in object_mentions(sentence, use)), default=0)
    if first >= use.start:
        return False
    while first and sentence.tokens[first - 1].word in _OF:
        first -= 1
    return first > 0 and sentence.tokens[first - 1].lemma in _DEVICE
