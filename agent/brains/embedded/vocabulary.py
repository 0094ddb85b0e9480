"""Which words do we know? The data files as frozen lookups: base forms, terms of concepts, contractions."""

from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import yaml

from grid_models.twin.resolve import KIND_WORDS

DATA = Path(__file__).parent / "data"
_NESTED = (
    "unbuilt",
    "knowledge",
    "kinds",
    "topology",
    "outages",
    "method",
    "live",
    "thermal",
    "cascade",
    "frequency",
    "columns",
    "queue_status",
)  # sections of the lexicon whose entries are concepts of their own, prefixed with the section


@lru_cache
def data_file(name: str) -> dict[str, Any]:
    """One of the YAML files beside this module; every scalar is a string ('off' and 'no' are words here)."""
    loaded = yaml.load((DATA / name).read_text(encoding="utf-8"), Loader=getattr(yaml, "CBaseLoader", yaml.BaseLoader))
    return dict(loaded)


def word_class(name: str) -> frozenset[str]:
    """A closed class of words from data/classes.yaml."""
    return frozenset(data_file("classes.yaml")[name].split())


@dataclass(frozen=True)
class Vocabulary:
    """`terms`: concept → its terms, each a tuple of base forms."""

    terms: dict[str, tuple[tuple[str, ...], ...]]
    function: frozenset[str]
    common: frozenset[str]
    irregular: dict[str, str]
    nouns: dict[str, str]
    contractions: dict[str, tuple[str, ...]]

    @cached_property
    def trade(self) -> frozenset[str]:
        """Every single word of the domain, as written in the data files."""
        return frozenset(word for terms in self.terms.values() for term in terms for word in term)

    @cached_property
    def base(self) -> frozenset[str]:
        """Words that are their own base form: a term's 'tripping' is not, because 'trip' is known too."""
        words = self.trade | self.function | self.common
        inflected = {w for w in words - self.function if any(w.endswith(e) and _stem_known(w, e, words) for e in ("s", "es", "ed", "ing"))}
        return words - {w for w in inflected if self.irregular.get(w) != w}

    @cached_property
    def by_first_word(self) -> dict[str, list[tuple[tuple[str, ...], str]]]:
        """Terms by their first word, longest first: (term, concept)."""
        index: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        for concept, terms in self.terms.items():
            for term in terms:
                index.setdefault(term[0], []).append((term, concept))
        for found in index.values():
            found.sort(key=lambda pair: -len(pair[0]))
        return index


def _stem_known(word: str, ending: str, words: frozenset[str]) -> bool:
    stem = word[: -len(ending)]
    if len(stem) < 3 or stem in words:
        return len(stem) >= 3
    return ending in ("ed", "ing") and (stem + "e" in words or (stem[-1] == stem[-2] and stem[:-1] in words))


@lru_cache
def vocabulary() -> Vocabulary:
    """The vocabulary of the data files, read once."""
    words = data_file("words.yaml")
    return Vocabulary(
        terms=_terms(data_file("lexicon.yaml"), data_file("verbs.yaml")),
        function=frozenset(words["function"].split()).union(*(c.split() for c in data_file("classes.yaml").values())),
        common=frozenset(words["common"].split()),
        irregular={str(k): str(v) for k, v in words["irregular"].items()},
        nouns=dict(words["nouns"]),
        contractions={str(k): tuple(str(v).split()) for k, v in words["contractions"].items()},
    )


def _terms(lexicon: dict[str, Any], verbs: dict[str, Any]) -> dict[str, tuple[tuple[str, ...], ...]]:
    flat: dict[str, list[Any]] = {}
    for concept, terms in lexicon.items():
        if concept in _NESTED:
            flat |= {f"{concept}:{name}": inner for name, inner in terms.items()}
        else:
            flat[concept] = terms
    for name, entry in verbs.items():
        if isinstance(entry, list):
            flat[f"verb:{name}"] = entry
        else:
            flat[f"verb:{name}"] = entry["verb"]
            flat[f"particle:{name}"] = list(entry.get("with", {}))
    flat["kind"] = list(KIND_WORDS)
    return {concept: tuple(tuple(str(term).lower().split()) for term in terms) for concept, terms in flat.items()}
