"""A number alone where only an element can stand: 'open 61', 'the trip of 54', 'with 22 out', 'what is on 75'. It is read as a line.

A reading may follow this; an order is asked about first, as for a mistyped name.
"""

from functools import lru_cache

from agent.brains.embedded.identifiers import unit_follows
from agent.brains.embedded.kinds import Mention, kind_at
from agent.brains.embedded.phrases import Phrases
from agent.brains.embedded.quantities import unit_at
from agent.brains.embedded.vocabulary import data_file, vocabulary, word_class
from grid_models.twin.registry import ElementKind

_SWITCHING = frozenset({"verb:open", "verb:close", "verb:event", "verb:event_noun"})
_BETWEEN = frozenset({"out", "off", "in", "back", "up", "the", "number", "#", "of", "on", "both", "no", "its", "neighbour"})
_OF = frozenset({"of", "on"})
_JOINING = frozenset({"and", "or", ",", "&", "/", "then", "plus"})
_IMAGINING = word_class("bare_numbers.imagining")
_OUT = word_class("states.out")
_FLOWING = word_class("ends_alone.flowing")
_COUNTED = word_class("ends_alone.counted")
_TIMES = word_class("ends_alone.times")
_SAID_OF_BRANCHES = frozenset({"loading", "overload", "flow", "thermal:heat", "thermal:overheat"})
_ALONG = frozenset({"on", "through", "thru", "over", "across", "along"})
_LINKED = frozenset({"connect", "connected", "attach", "attached", "join", "wire", "hang", "voltage", "volt", "angle"})
_FROM = ("from", "between")
_SETTING = frozenset({"verb:lower", "verb:raise", "verb:set", "verb:put"})
_TO_ITS_AMOUNT = 6  # tokens between '64' and 'MW'
_AFTER_ITS_VERB = 4  # tokens between 'take' and 'out'


def bare_number(phrases: Phrases, i: int, before: Mention | None) -> Mention | None:
    """The line that the number at token i must mean; None where it may be an amount or a count."""
    if not phrases.is_number(i) or _is_amount(phrases, i):
        return None
    kind = _kind_meant(phrases, i, before)
    found = phrases.resolved(f"{kind} {phrases.word(i)}", (kind,)).element if kind else None
    if kind is None or found is None or phrases.registry.own_words(found)[-1] != phrases.word(i):
        return None  # names by ends carry no number of their own
    return Mention(i, i + 1, phrases.written(i, i + 1), (kind,), (found.name,), guessed=True)


def _kind_meant(phrases: Phrases, i: int, before: Mention | None) -> ElementKind | None:
    """What is switched, fails or carries something is a line; what is capped in MW is a machine."""
    if before and _goes_on(phrases, i, before):
        return before.kinds[0]
    if is_switched(phrases, i) or _is_said_to_be_out(phrases, i) or _carries(phrases, i):
        return ElementKind.LINE
    powered = any(unit[0] == "mw" for k in range(i + 2, i + _TO_ITS_AMOUNT) if (unit := unit_at(phrases.tokens, k)))
    to_be_set = phrases.word(i + 1) in ("to", "at", "by") and concepts_of(phrases.lemma(i - 1)) & _SETTING
    return ElementKind.GENERATOR if to_be_set and powered else None


def _is_amount(phrases: Phrases, i: int) -> bool:
    """'20 MW', '3 lines', '2 of them', '5 more', '10 minutes', '2.5 times', '1 open breaker'."""
    token = phrases.tokens[i + 1] if i + 1 < len(phrases.tokens) else None
    if token is None or unit_follows(phrases.tokens, i + 1):
        return token is not None
    counted = token.lemma in _COUNTED and token.form == "s"
    kind = kind_at(phrases.tokens, i + 1) or kind_at(phrases.tokens, i + 2)
    glued = token.start == phrases.tokens[i].end and token.word not in (",", ".", "?", "!", ";", ":")
    decimal = token.word in (",", ".") and phrases.is_number(i + 2) and phrases.tokens[i + 2].start == token.end
    return counted or kind is not None or glued or decimal or token.lemma in _TIMES or token.word in ("of", "more", "other", "others")


def is_switched(phrases: Phrases, i: int) -> bool:
    """After a verb or noun of switching or failing: 'open 61', 'switching out 22', 'loss of 54', 'take 22 out'."""
    k = i - 1
    while phrases.word(k) in _BETWEEN:
        k -= 1
    passed = {phrases.word(j) for j in range(k + 1, i)}
    if k < 0 or phrases.lemma(k) == "go":
        return False
    switching = concepts_of(phrases.lemma(k)) & _SWITCHING
    if switching:
        return switching != {"verb:event_noun"} or bool(passed & _OF)
    after = {phrases.word(j) for j in range(i + 1, i + _AFTER_ITS_VERB)}
    return bool(_particles(phrases.lemma(k)) & (passed | after))


def _is_said_to_be_out(phrases: Phrases, i: int) -> bool:
    """'With 22 out', 'what if 54 trips', 'is 61 open'."""
    if phrases.word(i - 1) not in _IMAGINING:
        return False
    k = i + 1
    while phrases.word(k) in ("is", "was", "were", "also", "both", "gets", "goes"):
        k += 1
    return "verb:event" in concepts_of(phrases.lemma(k)) or phrases.word(k) in _OUT


def _carries(phrases: Phrases, i: int) -> bool:
    """'The flow on 54', 'how much power over 12', 'is 54 overloaded', 'how loaded is 54'."""
    if phrases.word(i - 1) in ("is", "was", "does", "will", "would"):
        near = (*range(max(i - 3, 0), i - 1), i + 1, i + 2)
        return any((concepts_of(phrases.lemma(k)) | concepts_of(phrases.word(k))) & _SAID_OF_BRANCHES for k in near)
    if phrases.word(i - 1) == "of" and not any(kind_at(phrases.tokens, k) for k in range(i)):  # 'the rating of 54', not 'a loading of 54'
        return phrases.word(i - 3) in ("", "the", ",", "and") and bool(concepts_of(phrases.lemma(i - 2)) & {"rating", "loading", "status"})
    along = phrases.word(i - 1) in _ALONG
    return along and any(phrases.lemma(k) in _FLOWING for k in range(max(i - 5, 0), i - 1))


def _goes_on(phrases: Phrases, i: int, before: Mention | None) -> bool:
    """'61 and 62'."""
    joined = before is not None and before.guessed and before.end < i
    return joined and before is not None and all(phrases.word(k) in _JOINING for k in range(before.end, i))


def concepts_of(word: str) -> frozenset[str]:
    """The concepts that this one word is a term of."""
    return frozenset(concept for term, concept in vocabulary().by_first_word.get(word, ()) if len(term) == 1)


@lru_cache
def _particles(verb: str) -> frozenset[str]:
    """First words of the particles that make opening or closing of a verb: 'out' and 'off' of 'take'."""
    entries = [data_file("verbs.yaml")[act] for act in ("open", "close")]
    return frozenset(str(p).split()[0] for entry in entries for p in entry.get("with", {}).get(verb, ()))


def bus_alone(phrases: Phrases, i: int) -> Mention | None:
    """'Connected to 16', 'the voltage at 16': what things are connected to, and what has a voltage, is a bus; '110' may be a level."""
    linked = phrases.word(i - 1) in ("to", "at", "on") and phrases.lemma(i - 2) in _LINKED
    levels = phrases.registry.model.buses.nominal_kv
    if not phrases.is_number(i) or not linked or _is_amount(phrases, i) or float(phrases.word(i)) in levels:
        return None
    bus = phrases.resolved(f"bus {phrases.word(i)}", (ElementKind.BUS,)).element
    return Mention(i, i + 1, phrases.written(i, i + 1), (ElementKind.BUS,), (bus.name,), guessed=True) if bus else None


def end_of_path(phrases: Phrases, i: int) -> Mention | None:
    """'The shortest path from 5 to 20': where a way is asked for, the numbers of its ends are buses."""
    first = i if phrases.word(i - 1) in _FROM else i - 2
    pair = phrases.is_number(first) and phrases.is_number(first + 2) and phrases.word(first - 1) in _FROM
    if not pair or phrases.word(first + 1) not in ("to", "and") or _is_amount(phrases, first + 2) or not asks_for_path(phrases):
        return None
    bus = phrases.resolved(f"bus {phrases.word(i)}", (ElementKind.BUS,)).element if i in (first, first + 2) else None
    return Mention(i, i + 1, phrases.written(i, i + 1), (ElementKind.BUS,), (bus.name,)) if bus else None


def asks_for_path(phrases: Phrases) -> bool:
    """'The fewest circuits between bus 5 and bus 100': between two places stands a way, no element."""
    tokens = phrases.tokens
    return any(
        all(i + k < len(tokens) and word in (tokens[i + k].word, tokens[i + k].lemma) for k, word in enumerate(term))
        for term in vocabulary().terms["topology:path"]
        for i in range(len(tokens))
    )
