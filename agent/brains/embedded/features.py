"""What a sentence shows, beyond the lexicon's concepts: the features that the weights in data/intents.yaml refer to."""

from collections.abc import Iterator

from agent.brains.embedded.codes_named import names_code, place_named
from agent.brains.embedded.columns import column_asked, is_ordered, named_column
from agent.brains.embedded.kind_asked import kind_asked, level_asked
from agent.brains.embedded.kinds import KindWord
from agent.brains.embedded.numbers import number_at
from agent.brains.embedded.objects import object_mentions
from agent.brains.embedded.outage_choice import kinds_that_fail
from agent.brains.embedded.sentence import Sentence
from agent.brains.embedded.verbs import verb_uses
from agent.brains.embedded.vocabulary import vocabulary, word_class
from grid_models.twin.registry import ElementKind

_BRANCHES = {ElementKind.LINE, ElementKind.TRANSFORMER}
_WORD_FEATURES = {
    "anything": ("anything", "everything", "something", "any"),
    "any": ("any",),
    "all": ("all", "every"),
    "which": ("which", "what"),
    "it": ("it",),
    "each": ("each", "individually"),
    "total": ("total", "overall", "altogether", "sum", "whole", "together"),
    "now": ("now", "current", "currently", "present", "presently", "moment"),
}
_LINKS = frozenset({"connect", "join", "link", "between"})
_SUPERLATIVE = word_class("features.superlative")
_NEAR, _BOUNDS = word_class("features.near"), word_class("features.bounds")
_REPORTING, _FALSELY = word_class("features.reporting"), word_class("features.falsely")
_SURE = word_class("features.sure")
_BELIEVING = word_class("features.believing")
_METERING = word_class("features.metering")
_RULING, _INDEFINITE = word_class("features.ruling"), frozenset({"a", "an"})


def features(sentence: Sentence) -> frozenset[str]:
    """Concepts and features of the sentence, by name."""
    told = frozenset() if _decides(sentence) else frozenset({"decide"})
    return (sentence.concepts - told) | frozenset(_found(sentence))


def _decides(sentence: Sentence) -> bool:
    """A decision is an act of the speaker: 'reject 7'; what 'rejects' of itself or waits 'for sign-off' is none."""
    hits = [h for h in sentence.hits if h.concept == "decide"]
    verbs = (h for h in hits if sentence.tokens[h.start].form != "s" and sentence.tokens[max(h.start - 1, 0)].word not in ("for", "of"))
    return any(verbs)


def _found(sentence: Sentence) -> Iterator[str]:
    if sentence.mentions:
        yield "mention"
    for kind in sentence.kinds:
        yield "kind"
        yield from (f"kind:{k.value}" for k in kind.kinds)
        if kind.plural:
            yield "kind_plural"
        if set(kind.kinds) <= _BRANCHES:
            yield "kind_branch"
        if kind.kinds == (ElementKind.BUS,):
            yield "kind_bus"
    if any(c.startswith("kinds:") for c in sentence.concepts):
        yield "kind"
    yield from (q.unit for q in sentence.quantities if q.unit)
    if any(q.unit == "percent" and q.relation in ("above", "below") for q in sentence.quantities):
        yield "percent_bound"
    if any(q.relation in ("above", "below") and not q.unit and 0.5 < q.value < 1.6 for q in sentence.quantities):
        yield "pu"  # a bare '1.115' is a voltage
    if any(q.relation in ("above", "below", "between") and q.unit != "kv" for q in sentence.quantities):
        yield "bound"
    if sentence.has("kinds:area") and (
        sentence.has("exchange", "flow") or not sentence.words.isdisjoint({"connect", "join", "link", "between"})
    ):
        yield "areas_linked"
    if sentence.has("lost_load") and not sentence.has("outage", "n1") and "if" not in sentence.words:
        yield "unsupplied"
    if not sentence.mentions and kinds_that_fail(sentence):
        yield "failing_kind"
    if _loses_power(sentence):
        yield "loses_power"
    if (
        sentence.has("outage")
        and not sentence.mentions
        and sentence.has("overload", "loading", "voltage", "lost_load", "island", "trouble", "load")
    ):
        yield "outage_effect"
    yield from _of_tables(sentence)
    if state_of_kind(sentence):
        yield "kind_state"
    if sentence.quantities:
        yield "quantity"
        yield "number"
    yield from (name for name, words in _WORD_FEATURES.items() if not sentence.words.isdisjoint(words))
    if "mw" in sentence.words or "power" in sentence.words:
        yield "mw"
    if len([t for t in sentence.tokens if t.word[0].isalnum()]) <= 4:
        yield from (f"short_{name}" for name in ("greeting", "thanks") if sentence.has(name))
    if "you" in sentence.words and not sentence.words.isdisjoint(("what", "which", "how", "who")):
        yield "about_you"
    pairs = {f"{a.word} {b.word}" for a, b in zip(sentence.tokens, sentence.tokens[1:], strict=False)}
    if pairs & _EXISTENCE and (sentence.kinds or any(c.startswith("kinds:") for c in sentence.concepts)):
        yield "exists"
    if _speaks_of_any_event(sentence):
        yield "general_event"
    if any(a.word == "how" and b.word == "much" for a, b in zip(sentence.tokens, sentence.tokens[1:], strict=False)):
        yield "how_much"
    if sentence.has("live:doubt", "live:age", "live:critical", "live:redundancy") and sentence.has("live:measured", "live:data"):
        yield "data_doubted"
    if sentence.has("live:measured") and "off" in sentence.words:
        yield "meter_off"
    if _near_bound(sentence) and kind_asked(sentence) in (None, "line", "transformer"):
        yield "near_bound"
    lemmas = {t.lemma for t in sentence.tokens} | sentence.words
    if lemmas & _REPORTING and lemmas & _FALSELY and not sentence.has("live:alarm"):
        yield "misreported"
    if sentence.has("state") and lemmas & _SURE and not sentence.mentions:
        yield "state_doubted"
    if sentence.mentions and lemmas & _BELIEVING:
        yield "mention_doubted"
    if lemmas & _METERING:
        yield "metered"
    if _asks_for_news(sentence):
        yield "news"
    if top_count(sentence) is not None:
        yield "top"
    if names_code(sentence.text):
        yield "code_named"
    if place_named(sentence.text):
        yield "place_named"
    if not sentence.mentions and lemmas & _RULING and lemmas & _INDEFINITE:
        yield "in_general"


def _of_tables(sentence: Sentence) -> Iterator[str]:
    """What speaks for a table of elements: an order or a level the flows do not answer, a value of each, several kinds at once."""
    kind = kind_asked(sentence)
    if kind is None or sentence.mentions:
        if len({k.kinds for k in sentence.kinds}) > 2 and not sentence.mentions:
            yield "several_kinds"
        return
    column = column_asked(sentence, kind)
    if (is_ordered(sentence) or _near_bound(sentence)) and column not in _OF_FLOWS:
        yield "ranked_kind"
    if level_asked(sentence) is not None:
        yield "kind_at_level"
    if any(_each_of(sentence, k) for k in sentence.kinds) and named_column(sentence, kind) not in (None, *_OF_FLOWS):
        yield "each_of_kind"


def _each_of(sentence: Sentence, kind: KindWord) -> bool:
    """'Each infeed', 'all the generators', 'the three infeeds'."""
    words = {t.word for t in sentence.tokens[max(kind.start - 5, 0) : kind.start]}
    counted = kind.plural and any(not q.unit and _leads(sentence, q.end, kind) for q in sentence.quantities)
    return bool(words & _EVERY) or counted


def _near_bound(sentence: Sentence) -> bool:
    """'Near their rating', 'close to its thermal limit', 'at their maximum': at most three words between."""
    return any(
        token.word in _NEAR and any(later.lemma in _BOUNDS for later in sentence.tokens[i + 1 : i + 5])
        for i, token in enumerate(sentence.tokens)
    )


def _speaks_of_any_event(sentence: Sentence) -> bool:
    """'If any line goes out', 'all single transformer failures', 'which line would be worst to lose': no element, every element."""
    for use in verb_uses(sentence):
        if use.act not in ("event", "open", "be_out") or object_mentions(sentence, use):
            continue
        for kind in sentence.kinds:
            words = {t.word for t in sentence.tokens[max(kind.start - 3, 0) : kind.start]}
            if abs(kind.start - use.start) <= 6 and words & _GENERAL:
                return True
    return False


def _asks_for_news(sentence: Sentence) -> bool:
    """'What changed', 'did anything happen', 'what came in', 'what got worse': something unnamed that came to pass."""
    free = [t for i, t in enumerate(sentence.tokens) if not sentence.mention_at(i)]
    came = any(t.word in _CAME or (t.lemma in _HAPPENING and (t.form == "ed" or "did" in sentence.words)) for t in free)
    return (
        came
        and not sentence.words.isdisjoint(_UNNAMED)
        and not sentence.has("voltage", "loading", "load", "generation", "flow", "exchange")
    )


def _loses_power(sentence: Sentence) -> bool:
    """'How many MW are we losing?', 'how much energy is lost?'"""
    loses = any(t.lemma == "lose" for t in sentence.tokens) and not sentence.mentions and not sentence.has("load", "lost_load")
    return loses and not sentence.words.isdisjoint({"mw", "power", "energy", "much", "megawatts", "percent"})


def state_of_kind(sentence: Sentence) -> str | None:
    """'open', 'closed', 'out' or 'in' of 'are any breakers open?', 'which lines are out of service?'; None without such a filter."""
    if sentence.mentions or not sentence.kinds or sentence.has("hypothetical") or not sentence.words.isdisjoint(_SUPPOSING):
        return None
    said = f" {' '.join(t.word for t in sentence.tokens)} "
    if " out of service " in said or " out of operation " in said or " switched off " in said or " disconnected " in said:
        return "out"
    if " in service " in said or " in operation " in said:
        return "in"
    return next(
        (w for w in ("open", "closed") if f" {w} " in said and any(k.kinds == (ElementKind.SWITCH,) or k.plural for k in sentence.kinds)),
        None,
    )


def top_count(sentence: Sentence) -> int | None:
    """How many are asked for: 'top five', 'worst 3', '3 worst', 'the five most loaded lines', 'give me 10 lines'."""
    for i, token in enumerate(sentence.tokens):
        if sentence.mention_at(i) or any(q.start <= i < q.end and q.unit for q in sentence.quantities):
            continue
        number = number_at(sentence.tokens, i)
        if number is None or not number[0].is_integer() or number[0] < 1 or _counts_failures(sentence, i):
            continue
        before = sentence.tokens[i - 1].word if i else ""
        after = sentence.tokens[number[1]] if number[1] < len(sentence.tokens) else None
        counted = after is not None and (
            _is_superlative(after.word)
            or any(k.plural and _leads(sentence, number[1], k) for k in sentence.kinds)
            or after.lemma in _COUNTED
        )
        last = after is None or not after.word[0].isalnum()
        asked = last and before in ("me", "show", "list", "give", "only", "just") and not sentence.mentions
        if (_is_superlative(before) and token.word != "one") or counted or asked:
            return int(number[0])
    return None


def _leads(sentence: Sentence, after: int, kind: KindWord) -> bool:
    """'Three loads', 'the three substation loads': nothing between the number and the kind but what kind of them."""
    between = sentence.tokens[after : kind.start]
    return after <= kind.start <= after + 2 and all(t.word.isalpha() and t.word not in vocabulary().function for t in between)


def _is_superlative(word: str) -> bool:
    """One of the known ones, or formed like them: 'nastiest'."""
    return word in _SUPERLATIVE or word.endswith("iest")


def _counts_failures(sentence: Sentence, i: int) -> bool:
    """'Which two lines at once' are outages of two; 'any one element' is any."""
    paired = any(h.concept == "outages:pairs" and h.start <= i < h.end for h in sentence.hits)
    return paired or (sentence.tokens[i].word == "one" and i > 0 and sentence.tokens[i - 1].word in _GENERAL)


_CAME = frozenset({"came", "arrived", "appeared", "worse", "cleared"})
_HAPPENING = word_class("features.happening")
_UNNAMED = word_class("features.unnamed")
_OF_FLOWS = ("loading_percent", "vm_pu")  # told best by a power flow
_SUPPOSING = frozenset({"if", "when", "should", "would", "could"})
_EVERY = frozenset({"each", "every", "all", "per"})
_EXISTENCE = {"are there", "is there", "we have", "there any", "grid have", "network have", "system have"}
_GENERAL = word_class("features.general")
_COUNTED = word_class("features.counted")
