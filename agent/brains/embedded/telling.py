"""'In kA?', 'as a table', 'just the number', 'explain that to a trainee': how is the last answer to be told again?

Only a message that says nothing else is one: every word of it is a form, a unit, a function word or a filler.
"""

from functools import lru_cache

from agent.brains.embedded.frame import Frame, Intent, Telling
from agent.brains.embedded.memory import Memory
from agent.brains.embedded.sentence import Sentence
from agent.brains.embedded.text import Token
from agent.brains.embedded.vocabulary import data_file

_LONGEST = 14  # words
_ASKING_WHY = frozenset({"why", "how", "what", "so"})
_BEFORE_UNIT = frozenset({"in", "into", "to", "as", "degree", "degrees", "and", "or"})
_SIGNS = frozenset(",.?!:;°-'\"")
_MORE = frozenset({"more", "please", "go", "on", "show", "me", "and", "some", "."})
_LISTS = (Intent.LIST, Intent.LOADINGS, Intent.VOLTAGES, Intent.N1)
_LIVE = ("propose_action", "list_proposals")  # what waits for people may have changed since: it is looked up, never told again


@lru_cache
def _forms() -> dict[str, str]:
    return {word: form for form, words in data_file("telling.yaml")["forms"].items() for word in words.split()}


@lru_cache
def _units() -> dict[str, str]:
    return {word: unit for unit, words in data_file("telling.yaml")["units"].items() for word in words.split()}


@lru_cache
def _fillers() -> frozenset[str]:
    return frozenset((*data_file("telling.yaml")["fillers"].split(), *data_file("words.yaml")["function"].split()))


def told_again(sentence: Sentence, memory: Memory) -> Frame | None:
    """The last frame with the wish how to tell it; None where the message says anything else or nothing was told before."""
    wished = telling_asked(sentence)
    if wished is None or memory.told is None or any(c.tool in _LIVE for made in memory.told.rounds for c in made):
        return None
    frame = memory.told.frame
    if wished.form == "details" and sentence.words <= _MORE and frame.intent in _LISTS:
        return None  # the rows that follow
    if sentence.words <= {"explain", "it", "that", "this", "please", "why"} and frame.intent in (Intent.DETAIL, Intent.LOADINGS):
        return None  # its loading is what is to be explained
    return frame.model_copy(update={"telling": wished})


def telling_asked(sentence: Sentence) -> Telling | None:
    """The form and the unit a message asks for, where it asks for nothing else."""
    tokens = [t for t in sentence.tokens if t.word not in _SIGNS]
    if not tokens or len(tokens) > _LONGEST or sentence.mentions:
        return None
    unit, at = unit_asked(sentence)
    rest = [t for i, t in enumerate(sentence.tokens) if i not in at and t.word not in _SIGNS]
    forms = [_forms()[w] for t in rest if (w := _form_word(t)) is not None]
    if any(_form_word(t) is None and not _is_filler(t) for t in rest):
        return None
    form = "why" if "why" in forms and not _ASKING_WHY.isdisjoint(sentence.words) else next((f for f in forms if f != "why"), "")
    explains = not form and not unit and any(t.lemma == "explain" for t in rest)
    return Telling.model_validate({"form": "plain" if explains else form, "unit": unit}) if form or unit or explains else None


def unit_wished(sentence: Sentence) -> str:
    """'How hot is trafo 3 in fahrenheit?': the unit behind an 'in' of a question, which no number precedes; '' where none is named."""
    words = [t.word for t in sentence.tokens]
    for i, word in enumerate(words[1:], start=1):
        opening = words[i - 1] == "in" or words[i - 2 : i] in (["in", "degrees"], ["in", "°"])
        named = "pu" if words[i : i + 2] == ["per", "unit"] else "fahrenheit" if word == "f" else _units().get(word, "")
        if opening and named and (word in ("f", "%") or len(word) > 1 or sentence.tokens[i].text.isupper()):
            return named
    return ""


def _form_word(token: Token) -> str | None:
    return next((w for w in (token.word, token.lemma) if w in _forms()), None)


def _is_filler(token: Token) -> bool:
    return token.word in _fillers() or token.lemma in _fillers() or token.word == "one"


def unit_asked(sentence: Sentence) -> tuple[str, frozenset[int]]:
    """The unit named without a number in front, after 'in' or by itself, and the tokens that name it."""
    words = [t.word for t in sentence.tokens]
    for i, word in enumerate(words):
        named = "pu" if words[i : i + 2] == ["per", "unit"] else "fahrenheit" if words[i - 1 : i + 1] == ["°", "f"] else _units().get(word)
        before, last = words[i - 1] if i else "in", not any(w[0].isalnum() for w in words[i + 1 :])
        if named and (len(word) > 1 or last) and (before in _BEFORE_UNIT or before == "°" or len(words) <= 2):
            return named, frozenset(range(i, i + (2 if words[i : i + 2] == ["per", "unit"] else 1)))
    return "", frozenset()
