"""From a use of a verb to changes of the grid: which action on which element, with which amount."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from agent.brains.embedded.amounts import (
    direction,
    group_change,
    load_change,
    machine_change,
    reactive_change,
    tap_change,
    unsaid_change,
    voltage_change,
)
from agent.brains.embedded.branch_words import speaks_of_flow, speaks_of_own_load, speaks_of_tap
from agent.brains.embedded.candidates import VerbUse
from agent.brains.embedded.frame import Change, Mood
from agent.brains.embedded.groups import group_in, loose_scalings, loose_tap
from agent.brains.embedded.mood import moods
from agent.brains.embedded.objects import amounts, bare_kind, object_mentions, stretch
from agent.brains.embedded.sentence import Sentence
from agent.brains.embedded.transfers import transfer
from agent.brains.embedded.values_following import follows
from agent.brains.embedded.verbs import verb_uses
from agent.brains.embedded.vocabulary import word_class
from grid_models.twin.registry import ElementKind, Registry
from grid_models.twin.resolve import resolve

_BRANCHES = (ElementKind.LINE, ElementKind.TRANSFORMER)
_CAN_FAIL = set(ElementKind) - {ElementKind.LOAD, ElementKind.BUS}
_POINTERS = word_class("changes.pointers")
_SWITCHING = ("open", "touch", "event", "be_out", "close", "be_in")
_BEING = frozenset({"is", "are", "was", "were", "be", "been", "gets", "got"})
_OF_VOLTAGE = word_class("changes.of_voltage")
_OF_REACTIVE = word_class("changes.of_reactive")
_SUPERLATIVES = word_class("changes.superlatives")
_SIZES = _SUPERLATIVES | word_class("changes.sizes")
_SHED = "columns:shed"
_HAVE_POWER = {ElementKind.GENERATOR, ElementKind.INFEED, ElementKind.LOAD}


@dataclass(frozen=True)
class Spoken:
    """A change and how it is spoken of."""

    mood: Mood
    change: Change
    use: VerbUse | None = None


def spoken_changes(sentence: Sentence, registry: Registry, areas: Sequence[str] = ()) -> tuple[Spoken, ...]:
    """Every change the sentence speaks of, in its order."""
    uses = verb_uses(sentence)
    found: list[Spoken] = []
    for use, mood in zip(uses, moods(sentence, uses), strict=True):
        if (use.act == "touch" and mood is not Mood.NEGATED) or follows(sentence, use):
            continue
        changes = _changes(sentence, _with_object(sentence, use, found), registry, areas)
        found += [Spoken(mood, change, use) for change in changes]
    scaled = any(s.change.kind == "scale" for s in found)
    loose = [] if scaled else [*loose_scalings(sentence, [use.start for use in uses]), *(() if found else loose_tap(sentence))]
    return (*found, *(Spoken(Mood.HYPOTHETICAL, change) for change in loose))


def _with_object(sentence: Sentence, use: VerbUse, before: Sequence[Spoken]) -> VerbUse:
    """'Sgen 64 gives 50 MW and absorbs 10 Mvar': a verb with an amount and no object has that of the verb before."""
    last = before[-1].use if before else None
    joined = last is not None and last.end < use.start and sentence.tokens[use.start - 1].word == "and"
    if not joined or last is None or object_mentions(sentence, use) or not amounts(sentence, use):
        return use
    mentions = object_mentions(sentence, last)
    return replace(use, left=(mentions[-1].start, use.start)) if mentions and last.act in ("set", "raise", "lower") else use


def _changes(sentence: Sentence, use: VerbUse, registry: Registry, areas: Sequence[str]) -> list[Change]:
    if use.act == "set" and (moved := transfer(sentence, use, registry)):
        return moved
    mentions = object_mentions(sentence, use)
    if use.act not in _SWITCHING and 1 < len(mentions) <= len(
        amounts(sentence, use)
    ):  # 'Sgen 70 down 5 MW, Sgen 71 up 3 MW': each with its own amount
        said = amounts(sentence, use)
        first = said[0].start < mentions[0].start and len(said) == len(mentions)  # 'shed 2 MW of load 7 and 1 MW of load 8'
        starts = [q.start for q in said] if first else [m.start for m in mentions]
        ends = [*starts[1:], use.right[1]]
        parts = [replace(use, end=start, left=(start, start), right=(start, end)) for start, end in zip(starts, ends, strict=True)]
        return [change for part in parts for change in _changes(sentence, part, registry, areas)]
    names = [name for mention in mentions for name in mention.elements]
    kinds = {name: registry.find(name).kind for name in names}
    if len(mentions) == 1 and len(names) > 1 and set(kinds.values()) == {ElementKind.LOAD} and (area := _area_scaled(sentence, use, areas)):
        return [group_change(sentence, use, area)]
    if use.act in _SWITCHING:
        pointed = bool(mentions) or _points_back(sentence, use)
        if names and use.act == "close" and _SHED in sentence.concepts and set(kinds.values()) == {ElementKind.LOAD}:
            return [_release(n, kinds[n]) for n in names]  # 'reconnect the load that was shed at load 57'
        return _switchings(sentence, use, names, registry, areas) or ([Change(kind=_switch_kind(use))] if pointed else [])
    if use.act == "release":
        return [_release(n, kinds[n]) for n in names] or [Change(kind="release")]
    if not names or (set(kinds.values()) <= set(_BRANCHES) and _scales_sources(sentence, use, areas)):
        return _of_nothing_named(sentence, use, areas)
    made: list[Change] = []
    for name in names:
        one = _amounted(sentence, use, name, kinds[name], registry)
        made += _powers(sentence, use, name, kinds[name]) or ([one] if one else [])
    return made


def _area_scaled(sentence: Sentence, use: VerbUse, areas: Sequence[str]) -> str | None:
    """'The loads of area 1 up 20 %': all of them, as one group."""
    group = group_in(sentence, use, areas) if use.act in ("raise", "lower", "scale", "set") else None
    return group if group is not None and group.startswith("area:") else None


def _release(name: str, kind: ElementKind) -> Change:
    """A branch returns by closing it, shed load by shedding nothing, a park by its profile."""
    if kind is ElementKind.LOAD:
        return Change(kind="shed_load", element=name, amount=0.0, unit="mw")
    return Change(kind="close" if kind in _BRANCHES else "release", element=name)


def _scales_sources(sentence: Sentence, use: VerbUse, areas: Sequence[str]) -> bool:
    """'If the wind drops to zero' beside a transformer is about the wind; only what it carries itself is no load of the grid."""
    group = group_in(sentence, use, areas)
    own = group == "loads" and speaks_of_own_load(sentence)
    return group is not None and not own and not speaks_of_tap(sentence, use)


def _powers(sentence: Sentence, use: VerbUse, name: str, kind: ElementKind) -> list[Change]:
    """'To 5 MW and 3 Mvar', '5 MW and 1.02 pu': each value is a change of its own. Steps of several values are asked back."""
    said = [q for q in amounts(sentence, use) if q.relation not in ("above", "below")]
    units = {"mw" if q.unit == "percent" else "pu" if q.unit == "kv" else q.unit for q in said}
    makers = {"mw": machine_change, "mvar": reactive_change, "pu": voltage_change}
    wanted = [make for unit, make in makers.items() if unit in units]
    if kind is not ElementKind.GENERATOR or len(wanted) < 2:
        return []
    found = [make(sentence, use, name) for make in wanted]
    steps = direction(sentence, use) != 0 or any(q.relation == "by" for q in said)
    return [change.model_copy(update={"amount": None, "by": 0}) for change in found] if steps else found


def _switchings(sentence: Sentence, use: VerbUse, names: list[str], registry: Registry, areas: Sequence[str]) -> list[Change]:
    kind = _switch_kind(use)
    if names:
        return [_switching(kind, name, registry) for name in names]
    bare = bare_kind(sentence, use)
    if bare and ((bare.end == use.start and use.form == "noun") or (use.act == "event" and not {*bare.kinds} & _CAN_FAIL)):
        return []  # 'the worst line outage' is a ranking, 'the loss of most load' an effect
    if bare and bare.end < use.start and sentence.tokens[use.start - 1].word == "to":
        return []  # 'the most dangerous line to lose' asks for a ranking
    asked = (bare.start - 1, use.start - 1 if use.form == "noun" else bare.start - 1) if bare else ()
    if not {"which", "what"}.isdisjoint(sentence.tokens[max(i, 0)].word for i in asked):
        bare = None  # 'which transformer outage is worst?', 'which loss of an infeed is worst?' ask for a ranking, too
    if bare and not bare.plural and _superlative(sentence, use, _SIZES if {*bare.kinds} <= _HAVE_POWER else _SUPERLATIVES):
        return [Change(kind=kind, described=bare.kinds[0].value)]
    definite = bare is not None and not bare.plural and sentence.tokens[max(bare.start - 1, 0)].word in ("the", "this", "that")
    if definite and use.form in ("base", "s", "ed", "state"):
        return [Change(kind=kind)]  # 'trip the generator', 'what if the line fails': which one is asked back
    weather = group_in(sentence, use, areas)
    if bare is None and kind == "open" and weather in ("wind", "pv") and use.act in ("open", "be_out"):
        return [Change(kind="scale", group=weather, amount=0.0, unit="factor")]  # 'when all wind is off', 'kill the wind'
    if use.act in ("event", "be_out", "be_in"):  # 'the wind dies'; but 'which outage', 'how much load is lost' change nothing
        group = group_in(sentence, use, areas)
        return [Change(kind="scale", group=group, amount=0.0, unit="factor")] if group not in (None, "loads") and use.act == "event" else []
    return [Change(kind=kind)]


def _switching(kind: str, name: str, registry: Registry) -> Change:
    """A shunt is switched by its steps; everything else opens and closes."""
    element = registry.find(name)
    if element.kind is not ElementKind.SHUNT:
        return Change(kind=kind, element=name)
    full = float(registry.model.shunts.max_step[element.index])
    return Change(kind="set_shunt", element=name, amount=full if kind == "close" else 0.0, unit="step")


def pointed_change(change: Change, name: str, registry: Registry, tap: float | None = None) -> Change:
    """The change on the element that 'it' means; no power can be set on a transformer: its tap, if said, else what of it is asked."""
    transformer = any(e.kind is ElementKind.TRANSFORMER for e in registry.exact(name))
    if change.kind == "set_p" and transformer:
        said = None if change.by else tap
        return Change(kind="set_tap", element=name, by=change.by, amount=said, unit=change.unit if said is None else "step")
    return change.model_copy(update={"element": name, "described": None})


def _points_back(sentence: Sentence, use: VerbUse) -> bool:
    """'What if it trips', 'the loss of that one', 'an outage of each'."""
    if use.form == "noun" and use.start and sentence.tokens[use.start - 1].word in ("its", "their"):
        return True
    if sentence.tokens[use.start].word == "without":
        return True
    if use.form == "noun" and sentence.tokens[min(use.end, len(sentence.tokens) - 1)].word != "of":
        return False  # 'an outage that islands a part' is about any outage
    lost = use.verb == "lose" and use.form == "ed" and not _BEING.isdisjoint(t.word for t in sentence.tokens[use.left[0] : use.start])
    after = (use.verb == "lose" and not lost) or use.form in ("noun", "ing")  # 'if we lose it', 'if it were lost'
    near = range(use.end, min(use.end + 4, use.right[1])) if after else range(max(use.left[0], use.start - 3), use.start)
    general = any(i < k.start <= i + 4 for i in near for k in sentence.kinds)  # 'each of the transformers' points to nothing said before
    return not general and any(sentence.tokens[i].word in _POINTERS for i in near)


def _switch_kind(use: VerbUse) -> str:
    return "close" if use.act in ("close", "be_in") else "open"


def _superlative(sentence: Sentence, use: VerbUse, words: frozenset[str]) -> bool:
    return any(sentence.tokens[i].word in words for i in stretch(sentence, use))


def _of_nothing_named(sentence: Sentence, use: VerbUse, areas: Sequence[str]) -> list[Change]:
    """No element: a group of loads or parks is scaled, or the element is still to be asked for."""
    words = {sentence.tokens[i].lemma for i in stretch(sentence, use)}
    if use.act == "shed":
        return [load_change(sentence, use, None)]
    if "tap" in words and not words & {"load", "demand"}:
        return [tap_change(sentence, use, None)]
    group = group_in(sentence, use, areas)
    if group is not None:
        return [group_change(sentence, use, group)]
    change = machine_change(sentence, use, None)
    return [change] if change.amount is not None and change.unit == "mw" else []


def _amounted(sentence: Sentence, use: VerbUse, name: str, kind: ElementKind, registry: Registry) -> Change | None:
    """A value to be set on one element: which value follows from the element's kind and the words around."""
    words = {sentence.tokens[i].lemma for i in stretch(sentence, use)}
    units = {q.unit for q in sentence.quantities if q.start in stretch(sentence, use)}
    if kind is ElementKind.BUS:  # 'the generation at bus 30', 'shed 20 MW at bus 39'
        there = resolve(registry, f"{'load' if sentence.has('load') or use.act == 'shed' else 'generator'} at {name}").element
        return _amounted(sentence, use, there.name, there.kind, registry) if there and there.kind is not ElementKind.BUS else None
    if kind is ElementKind.TRANSFORMER:
        if speaks_of_tap(sentence, use):
            return tap_change(sentence, use, name)
        return None if speaks_of_flow(sentence, use) else unsaid_change(sentence, use, name)
    if kind is ElementKind.LOAD:
        return load_change(sentence, use, name)
    if kind is ElementKind.SHUNT:
        change = tap_change(sentence, use, name)
        return change.model_copy(update={"kind": "set_shunt"})
    if kind is ElementKind.GENERATOR and any(q.unit == "mvar" for q in amounts(sentence, use)):
        return reactive_change(sentence, use, name)
    if kind in (ElementKind.GENERATOR, ElementKind.INFEED) and (units & {"pu", "kv"} or words & _OF_VOLTAGE):
        return voltage_change(sentence, use, name)
    if kind is ElementKind.GENERATOR and ("mvar" in units or words & _OF_REACTIVE):
        return reactive_change(sentence, use, name)
    return machine_change(sentence, use, name) if kind is ElementKind.GENERATOR else None
