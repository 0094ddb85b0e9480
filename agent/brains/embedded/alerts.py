"""Does a sentence ask what needs attention, and which alarms: those that stand, those nobody knows of, or all?"""

from collections.abc import Sequence

from agent.brains.embedded.attitudes import of_mood
from agent.brains.embedded.changes import Spoken
from agent.brains.embedded.features import features, top_count
from agent.brains.embedded.frame import Frame, Intent, Mood, Understood
from agent.brains.embedded.names import name_problem
from agent.brains.embedded.sentence import Sentence
from agent.brains.embedded.since import since_asked
from agent.brains.embedded.vocabulary import word_class

_OPENING = word_class("trends.opening")
_DENYING = word_class("alerts.denying")
_ENDED = word_class("alerts.ended")
_SILENCING = word_class("alerts.silencing")
_ORDERING = word_class("alerts.ordering")
_UNSEEN = word_class("alerts.unseen")
_ASKED_ABOUT = word_class("alerts.asked_about")
_PAST = frozenset({"did", "was", "were", "has", "have", "had"})
_SWITCHED = ("open", "close")


def alarm_frame(sentence: Sentence, pointed: Sequence[str] = ()) -> Understood:
    """The frame of a question for alarms; `topic` is their status, 'standing' where none is said."""
    named = tuple(dict.fromkeys(n for m in sentence.mentions if not m.excluded for n in m.elements))
    frame = Frame(
        intent=Intent.ALARMS,
        topic=status_asked(sentence) or "standing",
        elements=(named or tuple(pointed))[:1],
        since=since_asked(sentence.text),
        top=top_count(sentence),
        yes_no=sentence.tokens[0].word in _OPENING,
    )
    return name_problem(sentence, frame) or frame


def status_asked(sentence: Sentence) -> str | None:
    """'unacknowledged' where acknowledging is denied, 'all' where past or acknowledged ones are meant too."""
    denied = not sentence.words.isdisjoint(_DENYING)
    if sentence.words & {"unacknowledged", *_UNSEEN} or (sentence.has("live:acknowledge") and denied):
        return "unacknowledged"
    ended = any(t.word in _ENDED or t.lemma in _ENDED for t in sentence.tokens)
    happened = "news" in features(sentence) or since_asked(sentence.text) is not None
    return "all" if ended or happened or sentence.has("live:acknowledge", "live:log", "live:novelty") else None


def acknowledges(sentence: Sentence) -> bool:
    """'Acknowledge the alarm', 'how do I ack it': to be done; 'who acknowledged it' and 'did anyone' are questions about it."""
    done = next((i for i, t in enumerate(sentence.tokens) if t.word in ("acknowledge", "ack")), None)
    if done is None:
        return sentence.has("live:alarm") and _silences(sentence)
    return not {t.word for t in sentence.tokens[:done]} & _ASKED_ABOUT


def _silences(sentence: Sentence) -> bool:
    """'Mark the alarm as seen', 'please silence it': the verb begins, or follows whom it is asked of."""
    return any(
        t.lemma in _SILENCING and t.form == "base" and (i == 0 or sentence.tokens[i - 1].word in _ORDERING)
        for i, t in enumerate(sentence.tokens)
    )


def switched(sentence: Sentence, spoken: Sequence[Spoken]) -> Understood | None:
    """'When did line 14 trip', 'was line 14 opened in the last hour': positions that changed are in the list of alarms."""
    words = [t.word for t in sentence.tokens]
    when = words[0] == "when" and len(words) > 1 and words[1] in _PAST
    told = tuple(s.change for s in spoken) if when else of_mood(spoken, Mood.REPORT, Mood.QUESTION)
    asks = when or (words[0] in _PAST and since_asked(sentence.text))
    if not told or len(told) != len(spoken) or any(c.kind not in _SWITCHED for c in told) or not asks:
        return None
    found = alarm_frame(sentence)
    return found.model_copy(update={"topic": "all"}) if isinstance(found, Frame) else found
