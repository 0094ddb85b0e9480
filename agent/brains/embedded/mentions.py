"""Which elements of the grid does a sentence name? Exact names, kind and number, lists, ranges, 'the line between', 'the load at'."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from rapidfuzz.distance import OSA

from agent.brains.embedded.bare_numbers import asks_for_path, bare_number, bus_alone, concepts_of, end_of_path, is_switched
from agent.brains.embedded.descriptions import at_bus, at_number, at_station, only_one
from agent.brains.embedded.ends_alone import between_buses, branch_by_ends, counts_circuits, is_named_by, numbered_circuit
from agent.brains.embedded.identifiers import DASHES, identifiers, unit_follows
from agent.brains.embedded.kinds import KindWord, Mention, kind_at
from agent.brains.embedded.phrases import Phrases
from agent.brains.embedded.twins import of_follows, twin, twin_end
from agent.brains.embedded.vocabulary import vocabulary
from grid_models.twin.phrase import read as phrase_read
from grid_models.twin.places import Place, PlaceKind, places_meant
from grid_models.twin.registry import Element, ElementKind, normalised
from grid_models.twin.resolve import Resolution, nearest, resolve

_LONGEST_NAME = 8  # words
_LETTERS_WRONG = 2
_MANY = 20  # elements that nobody names one by one
_SCALING = ("raise", "lower", "scale", "set", "put")
_PLACES = frozenset({"area", "zone", "region"})
_OF_ONE_BUS = frozenset({"at", "on", "feeding", "leaving", "entering"})
_PREPOSITIONS = _OF_ONE_BUS | {"of", "in", "for"}
_ONE_ENDED = frozenset({ElementKind.BUS, ElementKind.LOAD, ElementKind.GENERATOR, ElementKind.INFEED, ElementKind.SHUNT})
_EXCLUDING = frozenset({"not", "except", "excluding", "besides", "without counting"})


@dataclass(frozen=True)
class Reader(Phrases):
    """Finds mentions in the tokens of one prepared sentence."""

    def mentions(self) -> tuple[Mention, ...]:
        found: list[Mention] = []
        i = 0
        while i < len(self.tokens):
            before = found[-1] if found else None
            mention = (
                self._twin(i, before)
                or self._named(i)
                or self._of_kind(i, before.end if before else 0)
                or branch_by_ends(self, i)
                or self._abbreviated(i)
                or self._mistyped(i)
                or self._without_kind(i)
                or bare_number(self, i, before)
                or end_of_path(self, i)
                or bus_alone(self, i)
            )
            mention = (mention and before and between_buses(self, before, mention)) or mention
            if mention and before and mention.start <= before.start:  # 'line 54's twin', 'bus 16 - bus 19'
                found.pop()
            if mention:
                mention = numbered_circuit(self, at_bus(self, mention))
                found.append(self._marked(mention))
            i = mention.end if mention else i + 1
        return tuple(found)

    def _twin(self, i: int, before: Mention | None) -> Mention | None:
        """'The twin of line 75', or 'its twin' after a name."""
        end = twin_end(self.tokens, i)
        inner = of_follows(self, end) if end is not None else None
        name = (self._named(inner) or self._of_kind(inner, inner)) if inner is not None and inner < len(self.tokens) else None
        return twin(self, i, name, before) if end is not None else None

    def _named(self, i: int) -> Mention | None:
        """A display name or alias, word for word; what looks like 'line 14' is left to `_of_kind`, which knows pairs and ranges."""
        if not self.tokens[i].text[0].isalnum():
            return None
        shortest = 3 if kind_at(self.tokens, i) else 1
        for end in range(min(i + _LONGEST_NAME, len(self.tokens)), i + shortest - 1, -1):
            phrase = self.written(i, end)
            if end - i == 1 and (self.tokens[i].is_number or self.tokens[i].lemma in vocabulary().base):
                continue
            exact = self.registry.exact(phrase) if self.tokens[end - 1].text[-1].isalnum() or phrase.endswith(")") else ()
            if exact:
                return self._with_more(i, end, phrase, exact)
        return None

    def _with_more(self, i: int, end: int, phrase: str, exact: tuple[Element, ...]) -> Mention:
        """'HV1 Line 3, 5 and 8-10', 'Line 5-6, 6-7': numbers that go on after a name share its words."""
        kinds = tuple(dict.fromkeys(e.kind for e in exact))
        first = end - 3 if self.is_number(end - 3) and end - 3 > i and self.word(end - 2) in DASHES else end - 1
        stem = self.written(i, first) if first > i and self.tokens[end - 1].is_number else ""
        more = identifiers(self.tokens, first, plural=True, is_pair=self._pair_of(stem, kinds)) if stem else None
        if more and len(more.items) > 1:
            return self._mention(i, more.end, [f"{stem} {item}" for item in more.items], kinds, plural=True, alternatives=more.alternatives)
        names = tuple(e.name for e in exact)
        return Mention(i, end, phrase, kinds, names if len(names) == 1 else (), () if len(names) == 1 else names)

    def _pair_of(self, head: str, kinds: tuple[ElementKind, ...]) -> Callable[[str], bool]:
        """Does '5-6' name a branch by its ends?"""
        return lambda pair: is_named_by(pair, self.resolved(f"{head} {pair}", kinds))

    def _of_kind(self, i: int, free_from: int) -> Mention | None:
        kind = kind_at(self.tokens, i)
        if kind is None:
            return None
        start = i - 1 if i - 1 >= free_from and self._is_prefix(i - 1) else i
        prefix = f"{self.tokens[start].text} " if start < i else ""
        head = prefix + " ".join(t.word for t in self.tokens[i : kind.end])
        ids = identifiers(self.tokens, kind.end, plural=kind.plural, is_pair=self._pair_of(head, kind.kinds))
        if ids and not counts_circuits(self, i, ids.end):
            return self._mention(start, ids.end, [f"{head} {item}" for item in ids.items], kind.kinds, kind.plural, ids.alternatives)
        return self._between(start, kind) or self._at_place(start, kind) or self._only(kind)

    def _only(self, kind: KindWord) -> Mention | None:
        """'The coupler', also 'the coupler of busbars 1 and 2': what it joins is no object of its own."""
        only = only_one(self, kind)
        name = only.end + (2 if self.word(only.end + 1) == "the" else 1) if only and self.word(only.end) in ("of", "between") else 0
        joined = (self._named(name) or self._of_kind(name, name)) if 0 < name < len(self.tokens) else None
        return replace(only, end=joined.end) if only and joined and joined.kinds == (ElementKind.BUS,) else only

    def _is_prefix(self, i: int) -> bool:
        """Does the word before 'line 14' belong to the name ('HV1 line 14', also the unknown 'HV9')?"""
        token = self.tokens[i]
        if token.is_number or not token.text[0].isalpha() or kind_at(self.tokens, i):
            return False
        odd = any(c.isdigit() for c in token.text) or (
            token.text.isupper() and len(token.text) > 1 and token.lemma not in vocabulary().base
        )
        return odd or (token.word in self.registry.first_words and token.lemma not in vocabulary().base)

    def _between(self, start: int, kind: KindWord) -> Mention | None:
        """'the line between bus 5 and (bus) 6', the shortest ending that names two ends which exist."""
        if kind.end >= len(self.tokens) or self.tokens[kind.end].word not in ("between", "from", "connecting", "joining", "linking"):
            return None
        if set(kind.kinds) <= _ONE_ENDED:
            return None  # 'shift load from trafo 3 to trafo 4', 'the demand between 4 and 6'
        areas = sum(t.lemma in _PLACES for t in self.tokens[kind.end : kind.end + 8]) > 1
        if areas and not is_switched(self, start):
            return None  # ties are asked for, unless they are to be switched
        unknown: Mention | None = None
        for end in range(kind.end + 4, min(kind.end + 14, len(self.tokens)) + 1):
            if not any(t.word in ("and", "to") for t in self.tokens[kind.end + 2 : end - 1]) or unit_follows(self.tokens, end):
                continue
            ends = self.written(kind.end + 1, end)
            found = self.resolved(f"{self.written(start, kind.end)} between {ends}", kind.kinds)
            if found.element or found.candidates:
                return self._from(start, end, found, kind)
            no_name = asks_for_path(self) or _PLACES & {t.lemma for t in self.tokens[kind.end : end]}
            if self.tokens[end - 1].is_number and unknown is None and not no_name:
                unknown = self._from(start, end, found, kind)
        return unknown

    def _at_place(self, start: int, kind: KindWord) -> Mention | None:
        """'the load at bus 7', 'transformers in substation 3', 'the breaker of line 14'."""
        at = kind.end
        while at < len(self.tokens) and self.tokens[at].lemma in (
            "be",
            "that",
            "which",
            "connect",
            "connected",
            "located",
            "attached",
            "sit",
        ):
            at += 1
        if self.word(at) == "in" and self.word(at + 1) in _PREPOSITIONS:  # 'what state are the breakers in at bus 7'
            at += 1
        linked = at > kind.end and self.tokens[at - 1].lemma in ("connect", "connected", "attached")
        if at >= len(self.tokens) or not (self.tokens[at].word in _PREPOSITIONS or (linked and self.tokens[at].word == "to")):
            return None
        place = at + 2 if at + 1 < len(self.tokens) and (self.word(at + 1) == "the" or self.tokens[at + 1].text == "a") else at + 1
        inner = (self._named(place) or self._of_kind(place, place)) if place < len(self.tokens) else None
        if inner and inner.elements and inner.kinds == kind.kinds:
            return replace(inner, start=start)  # 'the load at T Load 1': the place is the element itself
        there = self._there(place, kind)
        if there:
            return replace(there, start=start, phrase=self.written(start, there.end))
        for end in range(min(place + 6, len(self.tokens)), place, -1):
            found = self.resolved(f"{self.written(start, kind.end)} at {self.written(place, end)}", kind.kinds)
            meant = places_meant(self.registry, self.written(place, end))
            if meant and (found.element or found.candidates) and not self._is_whole_area(meant, found):
                return self._from(start, end, found, kind)
        alone = at_number(self, start, kind, place) if self.word(at) in _OF_ONE_BUS else None
        return at_station(self, start, kind, place) or alone

    def _is_whole_area(self, places: Sequence[Place], found: Resolution) -> bool:
        """An area is no list of names where it holds many of the kind, or where they are to be scaled."""
        area = any(place.kind is PlaceKind.AREA for place in places)
        scaled = any(c.startswith("verb:") and c.split(":")[1] in _SCALING for t in self.tokens for c in concepts_of(t.lemma))
        return area and (scaled or len(found.candidates) > _MANY)

    def _there(self, place: int, kind: KindWord) -> Mention | None:
        """What of the kind is at the elements named from token `place` on: 'bus 7', 'bus 4 and bus 8', 'line 14'."""
        found: list[Element] = []
        end = place
        while place < len(self.tokens) and (inner := self._named(place) or self._of_kind(place, place)) and inner.kinds != kind.kinds:
            for name in inner.elements:
                one = self.resolved(f"{self.written(kind.start, kind.end)} at {name}", kind.kinds)
                found += [one.element] if one.element else one.candidates
            end = inner.end
            if not inner.elements or inner.kinds != (ElementKind.BUS,) or not kind.plural or self.word(end) not in ("and", ",", "&"):
                break
            place = end + 1
        different = tuple(dict.fromkeys(found))
        several = Resolution("", candidates=different) if len(different) > 1 else Resolution("", different[0] if different else None)
        return self.meant(kind.start, end, several, kind.kinds, all_of_them=kind.plural) if found else None

    def _abbreviated(self, i: int) -> Mention | None:
        """'T2', 'L14': a letter and a number, written together."""
        written = self.tokens[i].text
        if not (written[0].isalpha() and written[-1].isdigit() and written.isalnum()):
            return None
        said = phrase_read(self.registry, written)
        if not said.head or said.text == written.casefold():
            return None
        pair = f"{said.text}-{self.word(i + 2)}" if self.word(i + 1) in DASHES and self.is_number(i + 2) else ""  # 'L16-19'
        if pair and (found := self.resolved(pair, said.kinds)).element:
            return self.meant(i, i + 3, found, said.kinds)
        return self._mention(i, i + 1, [said.text], said.kinds, plural=False)

    def _mistyped(self, i: int) -> Mention | None:
        """'HV1 Lin 14': a name's first word, a word, its number, and one name that is nearly the same."""
        if self.tokens[i].word not in self.registry.first_words or i + 2 >= len(self.tokens) or not self.tokens[i + 2].is_number:
            return None
        if kind_at(self.tokens, i + 1):
            return None  # 'HV1 ln 14' is no mistake
        phrase = self.written(i, i + 3)
        alike = [n for n in nearest(self.registry, phrase, tuple(ElementKind)) if n.split()[-1] == self.tokens[i + 2].word]
        good = [n for n in alike if OSA.distance(normalised(n), normalised(phrase)) <= _LETTERS_WRONG]
        kinds = tuple(e.kind for n in good for e in self.registry.exact(n))
        return Mention(i, i + 3, phrase, kinds, tuple(good), guessed=True) if len(good) == 1 else None

    def _without_kind(self, i: int) -> Mention | None:
        """'HV1 1': a name's first word and a number, which may fit a line as well as a load."""
        if self.tokens[i].word not in self.registry.first_words or i + 1 >= len(self.tokens) or not self.tokens[i + 1].is_number:
            return None
        found = resolve(self.registry, self.written(i, i + 2))
        names = tuple(e.name for e in found.candidates)
        return Mention(i, i + 2, found.phrase, tuple(e.kind for e in found.candidates), (), names) if names else None

    def _from(self, start: int, end: int, found: Resolution, kind: KindWord) -> Mention:
        return self.meant(start, end, found, kind.kinds, all_of_them=kind.plural)

    def _mention(
        self, start: int, end: int, phrases: Sequence[str], kinds: tuple[ElementKind, ...], plural: bool, alternatives: bool = False
    ) -> Mention:
        """One mention of several phrases: known only when each phrase is."""
        found = [resolve(self.registry, phrase, kinds) for phrase in phrases]
        for phrase, one in zip(phrases, found, strict=True):
            if one.element is None:
                several = tuple(e.name for e in one.candidates)
                return Mention(start, end, phrase, kinds, (), several, one.nearest)
        names = tuple(dict.fromkeys(one.element.name for one in found if one.element))
        return Mention(start, end, self.written(start, end), kinds, names, alternatives=alternatives and len(names) > 1)

    def _marked(self, mention: Mention) -> Mention:
        """'..., not line 15' and 'except line 15' name an element that is not meant."""
        before = [t.word for t in self.tokens[max(mention.start - 3, 0) : mention.start] if t.word not in ("the", "for")]
        excluded = before[-1:] in (["not"], ["except"], ["excluding"], ["besides"]) or before[-2:] in (["other", "than"], ["apart", "from"])
        return replace(mention, excluded=True) if excluded else mention
