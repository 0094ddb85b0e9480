"""Is a change asked for, imagined, asked about, forbidden or reported? Decided by function words and word order alone."""

import re
from dataclasses import dataclass
from functools import lru_cache

from agent.brains.embedded.candidates import VerbUse
from agent.brains.embedded.frame import Mood
from agent.brains.embedded.sentence import Sentence
from agent.brains.embedded.vocabulary import data_file
from grid_models.twin.registry import ElementKind

# 'ok then', 'yes, so': fillers in front of what is meant; 'ok to open' is none
_WHETHER_IT_IS = re.compile(r"\b(?:know|tell me|tell us|say|see|check|verify|find out|and) (?:whether|if) (?:the )?M$")
_OPENING = re.compile(
    r"^(?:(?:ok|okay|alright|all right|right|fine|good|great|perfect|yes|yeah|well|so|sure|and|now|no)(?! to\b)\s*,?\s+)+(?:then\s*,?\s*)?"
)

# 'He said: open line 14': somebody else's order, told by the person who asks; 'I said open it' is the person's own
_SAYING = re.compile(r"(?<!\bi )(?<!\bwe )\b(?:said|says|wrote|writes|claims|claimed|reads)\b[^.?!]*$")


# 'SYSTEM: ...', '<|im_start|>', '[INST]', '<tool_call>': written for a language model, never by a person who wants something switched
_TO_A_MODEL = re.compile(r"(?:^|[^\w])(?:system|assistant)\s*:|im_start|<<\s*sys|\[\s*/?\s*inst\s*\]|tool_call", re.IGNORECASE)


_CLOSING = frozenset({"and", "then", "please", "now", "because", "as", "since", "so"})
_METHODS = ("method:dc", "method:fast_decoupled")


@dataclass(frozen=True)
class _Rule:
    mood: str
    pattern: re.Pattern[str]
    only: str | None


@lru_cache
def _grammar() -> tuple[list[_Rule], list[_Rule], re.Pattern[str], re.Pattern[str]]:
    data = data_file("mood.yaml")
    classes: dict[str, str] = data["classes"]

    def compiled(pattern: str) -> re.Pattern[str]:
        while (name := re.search(r"<([A-Z]+)>", pattern)) is not None:
            pattern = pattern.replace(name.group(), classes[name.group(1)])
        return re.compile(pattern)

    def rules(side: str) -> list[_Rule]:
        return [_Rule(str(r[0]), compiled(str(r[1])), str(r[2]) if len(r) > 2 else None) for r in data[side]]

    polite = re.compile(r"\b(?:" + "|".join(data["polite"]) + r")\b")
    return rules("left"), rules("right"), polite, compiled(data["order"] + "$")


def moods(sentence: Sentence, uses: tuple[VerbUse, ...]) -> tuple[Mood, ...]:
    """The mood of each use; 'and open ...' shares the mood of the verb before it."""
    found: list[Mood] = []
    for k, use in enumerate(uses):
        before = (uses[k - 1], found[-1]) if k and uses[k - 1].end > sentence.bounds(use.start)[0] else None
        found.append(_mood(sentence, use, before))
    return tuple(found)


def _mood(sentence: Sentence, use: VerbUse, before: tuple[VerbUse, Mood] | None) -> Mood:
    if use.start in sentence.quoted:
        return Mood.REPORT
    if _TO_A_MODEL.search(sentence.text):
        return Mood.UNCLEAR
    if _SAYING.search(sentence.shape(0, use.start)):
        return Mood.UNCLEAR
    left_rules, right_rules, polite, order = _grammar()
    start, _ = sentence.bounds(use.start)
    left = _left(sentence, start, use)
    if before and before[1] is Mood.NEGATED and left.endswith(" and") and use.form == "base":
        return Mood.UNCLEAR  # 'do not open line 14 and close line 15': is the second forbidden, too?
    left, form = _without_order(" ".join(polite.sub("please", left).split()), use.form, order)
    mood = next(_as_mood(r.mood, use, before, left) for r in left_rules if r.pattern.search(left) and _applies(r.only, form, use, sentence))
    if mood in (Mood.REQUEST, Mood.UNCLEAR):
        mood = _reconsidered(sentence, use, left, right_rules, mood)
    if mood in (Mood.REQUEST, Mood.UNCLEAR) and (sentence.has(*_METHODS) or (mood is Mood.UNCLEAR and sentence.has("power_flow"))):
        return Mood.HYPOTHETICAL  # switching is not done by a method of calculation
    reduced = (mood is Mood.UNCLEAR and form == "adj") or (mood is Mood.REPORT and form == "ed" and left.endswith("M"))
    if reduced and sentence.asks and _goes_on(sentence, use):
        return Mood.HYPOTHETICAL  # 'trafo 5 out, loading of trafo 6?', 'line 14 opened and line 15 closed: overloads?'
    if use.act == "touch" and use.verb in ("leave", "keep") and mood is Mood.REQUEST:
        return Mood.NEGATED  # 'leave line 14 alone'
    if mood is Mood.UNCLEAR and use.act == "event" and use.form == "noun":
        return Mood.HYPOTHETICAL  # 'outage of line 14': a thing to look at, never an order
    return Mood.REPORT if _asks_what_is(sentence, use, form, left, mood) else mood


def _is_of_switches(sentence: Sentence, use: VerbUse) -> bool:
    """A breaker is tripped by somebody; a line may be said to trip for a study."""
    objects = [m for m in sentence.mentions if use.end <= m.start < use.right[1]]
    return bool(objects) and all(m.kinds == (ElementKind.SWITCH,) for m in objects)


def _is_whole(sentence: Sentence, use: VerbUse) -> bool:
    """'Sgen 70 to 12 MW' orders; 'Sgen 70 down 5 MW compared with yesterday' and 'Sgen 70 at 12 MW' tell."""
    end = next((q.end for q in sentence.quantities if use.end <= q.start < use.right[1]), use.end)
    after = sentence.tokens[end].word if end < len(sentence.tokens) else "."
    return sentence.tokens[use.start].word not in ("at", ":") and (after in _CLOSING or not after[0].isalnum())


def _goes_on(sentence: Sentence, use: VerbUse) -> bool:
    """Is there another clause after what is said of the elements?"""
    return any(t.word in (",", ":", "-") for t in sentence.tokens[use.end : sentence.bounds(use.start)[1]])


def _asks_what_is(sentence: Sentence, use: VerbUse, form: str, left: str, mood: Mood) -> bool:
    """'Was line 12 switched off?' and 'is line 14 open?' ask what is, not what would be."""
    if form == "state" and left in ("", "and", "but", "so") and sentence.tokens[use.start].lemma == "be":
        return True
    if form == "state" and _WHETHER_IT_IS.search(left):
        return True  # 'tell me whether line 14 is closed'
    first = left.split(" ")[0]
    if first in ("is", "are") and form == "adj" and use.verb in ("set", "step"):
        return True  # 'is Sgen 70 down to 12 MW?'
    if first == "when" and use.act in ("be_in", "be_out") and sentence.tokens[use.start].lemma == "be":
        return True  # 'when is line 14 back in service?'
    return mood is Mood.QUESTION and (
        first in ("did", "has", "have", "had", "was", "were") or (first in ("is", "are") and form in ("ed", "state"))
    )


def _left(sentence: Sentence, start: int, use: VerbUse) -> str:
    """The words left of the verb; 'but' and a fresh imperative after a prohibition begin anew."""
    left = sentence.shape(start, use.start)
    left = _OPENING.sub("", re.sub(r"[\"'()\[\]]", "", left))
    if sentence.tokens[use.start].word in ("without", "during", "throughout") and use.act == "be_out":
        return f"{left} with M".strip()
    return re.split(r"\b(?:but|however|instead ,)(?:\s|$)", left)[-1]


def _without_order(left: str, form: str, order: re.Pattern[str]) -> tuple[str, str]:
    """Strip 'propose', 'a request to', ...: what is left decides, with the ordering word's own form."""
    match = order.search(left)
    if not match or match.start() == match.end():
        return left, form
    left = left[: match.start()].strip()
    left = f"{left} want to" if left.endswith(("i", "we")) else left  # 'I request to open' is 'I want to open'
    return left, "ing" if match.group("word").endswith("ing") else "base"


def _applies(only: str | None, form: str, use: VerbUse, sentence: Sentence) -> bool:
    if only is None:
        return True
    return {
        "noun": form in ("ing", "noun", "adj", "state"),
        "base": form in ("base",),
        "past": form == "ed",
        "happens": form == "s" or use.act == "event",
        "state": form in ("state", "adj", "ed"),
        "is": form == "state",
        "please": "please" in sentence.words,
        "terse": use.verb in ("set", "step") and use.form == "adj" and _is_whole(sentence, use),
        "freed": use.act == "release" and not sentence.asks,
    }[only]


def _as_mood(name: str, use: VerbUse, before: tuple[VerbUse, Mood] | None, left: str) -> Mood:
    """A rule's word as a mood; 'conjunct' is whatever the verb before it was, a request where there was none."""
    if name != "conjunct":
        mood = Mood(name)
        joined = mood is Mood.REQUEST and left.endswith((",", ";")) and before is not None
        if joined and before and before[1] in (Mood.HYPOTHETICAL, Mood.QUESTION):
            return Mood.UNCLEAR  # 'should I open line 14; close line 15'
        return Mood.UNCLEAR if joined and before and before[1] is Mood.NEGATED and before[0].act != use.act else mood
    if before is None:
        return Mood.REQUEST if use.form == "base" else Mood.UNCLEAR
    return before[1]


def _reconsidered(sentence: Sentence, use: VerbUse, left: str, rules: list[_Rule], mood: Mood) -> Mood:
    """What follows may take a request back, or turn it into a study; a bare imperative with a question mark is unclear."""
    right = re.sub(r"[\"'()\[\]]", "", sentence.shape(use.end, len(sentence.tokens)))
    for rule in rules:
        if rule.pattern.search(right):
            return Mood(rule.mood)
    if mood is Mood.UNCLEAR:
        return mood
    end = sentence.bounds(use.start)[1]
    questioned = end < len(sentence.tokens) and sentence.tokens[end].word == "?"
    low, high = sentence.bounds(use.start)
    courteous = not {"please", "you"}.isdisjoint(t.word for t in sentence.tokens[low:high])
    if questioned and not courteous:
        return Mood.UNCLEAR
    if use.act == "event" and use.verb == "trip" and _is_of_switches(sentence, use):
        return Mood.REQUEST
    if use.act == "event":  # 'trip line 14' may be an order or a study; 'lose line 14' can only be studied
        return Mood.UNCLEAR if use.verb in ("trip", "fault", "drop", "cut") else Mood.HYPOTHETICAL
    return Mood.REQUEST
