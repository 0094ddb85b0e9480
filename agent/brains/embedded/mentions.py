"""Which elements of the grid does a sentence name? Exact names, kind and number, lists, ranges, 'the line between', 'the load at'."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from agent.brains.embedded.bare_numbers import bare_number, bus_alone, end_of_path
from agent.brains.embedded.descriptions import at_bus
from agent.brains.embedded.ends_alone import between_buses, branch_by_ends, counts_circuits, is_named_by, numbered_circuit
from agent.brains.embedded.identifiers import DASHES, Identifiers, identifiers
from agent.brains.embedded.kinds import KindWord, Mention, kind_at
from agent.brains.embedded.located import at_place, between, the_only
from agent.brains.embedded.phrases import Phrases
from agent.brains.embedded.short_names import abbreviated, mistyped, without_kind
from agent.brains.embedded.switch_of import with_switch
from agent.brains.embedded.twins import of_follows, twin, twin_end
from agent.brains.embedded.vocabulary import vocabulary
from grid_models.twin.registry import Element, ElementKind

_LONGEST_NAME = 8  # words


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
                or abbreviated(self, i)
                or mistyped(self, i)
                or without_kind(self, i)
                or bare_number(self, i, before)
                or end_of_path(self, i)
                or bus_alone(self, i)
            )
            mention = (mention and before and between_buses(self, before, mention)) or mention
            if mention and before and mention.start <= before.start:  # 'line 54's twin', 'bus 16 - bus 19'
                found.pop()
            if mention:
                mention = with_switch(self, numbered_circuit(self, at_bus(self, mention)))
                found.append(self._marked(mention))
            i = mention.end if mention else i + 1
        return tuple(found)

    def name_at(self, i: int) -> Mention | None:
        return (self._named(i) or self._of_kind(i, i)) if i < len(self.tokens) else None

    def _twin(self, i: int, before: Mention | None) -> Mention | None:
        """'The twin of line 75', or 'its twin' after a name."""
        end = twin_end(self.tokens, i)
        inner = of_follows(self, end) if end is not None else None
        name = self.name_at(inner) if inner is not None else None
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
            said = self.in_digits(i, end)
            exact = (
                (self.registry.exact(phrase) or self.registry.exact(said))
                if self.tokens[end - 1].text[-1].isalnum() or phrase.endswith(")")
                else ()
            )
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
            return self.mention_of(i, more.end, self._that_exist(stem, more, kinds), kinds, more.alternatives)
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
        circuits = self._circuits(start, kind, head, ids) if ids and kind.plural else None
        if circuits is not None:
            return circuits
        if ids and not counts_circuits(self, i, ids.end):
            return self.mention_of(start, ids.end, self._that_exist(head, ids, kind.kinds), kind.kinds, ids.alternatives)
        return between(self, start, kind) or at_place(self, start, kind) or the_only(self, kind)

    def _circuits(self, start: int, kind: KindWord, head: str, ids: Identifiers) -> Mention | None:
        """'The circuits 42-49': all that run between the two ends; an order is asked about first, as for a guess."""
        found = self.resolved(f"{head} {ids.items[0]}", kind.kinds)
        if len(ids.items) != 1 or len(found.candidates) < 2 or not is_named_by(ids.items[0], found):
            return None
        return replace(self.meant(start, ids.end, found, kind.kinds, all_of_them=True), guessed=True)

    def _that_exist(self, head: str, ids: Identifiers, kinds: tuple[ElementKind, ...]) -> list[str]:
        """The phrases of the numbers; of 'generators 30 to 39' those inside the range that are no elements were never written."""
        said = [(item, f"{head} {item}") for item in ids.items]
        return [phrase for item, phrase in said if item not in ids.inner or self.resolved(phrase, kinds).element]

    def _is_prefix(self, i: int) -> bool:
        """Does the word before 'line 14' belong to the name ('HV1 line 14', also the unknown 'HV9')?"""
        token = self.tokens[i]
        if token.is_number or not token.text[0].isalpha() or kind_at(self.tokens, i):
            return False
        odd = any(c.isdigit() for c in token.text) or (
            token.text.isupper() and len(token.text) > 1 and token.lemma not in vocabulary().base
        )
        return odd or (token.word in self.registry.first_words and token.lemma not in vocabulary().base)

    def _marked(self, mention: Mention) -> Mention:
        """'..., not line 15' and 'except line 15' name an element that is not meant."""
        before = [t.word for t in self.tokens[max(mention.start - 3, 0) : mention.start] if t.word not in ("the", "for")]
        excluded = before[-1:] in (["not"], ["except"], ["excluding"], ["besides"]) or before[-2:] in (
            ["other", "than"],
            ["apart", "from"],
            ["rather", "than"],
            ["instead", "of"],
        )
        return replace(mention, excluded=True) if excluded else mention
