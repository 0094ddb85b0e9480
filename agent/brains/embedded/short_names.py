"""Names written short or wrong: 'T2', 'L16-19', 'HV1 Lin 14', 'HV1 1'."""

from rapidfuzz.distance import OSA

from agent.brains.embedded.identifiers import DASHES
from agent.brains.embedded.kinds import Mention, kind_at
from agent.brains.embedded.phrases import Phrases
from grid_models.twin.phrase import read
from grid_models.twin.registry import ElementKind, normalised
from grid_models.twin.resolve import nearest, resolve

_LETTERS_WRONG = 2


def abbreviated(phrases: Phrases, i: int) -> Mention | None:
    """'T2', 'L14': a letter and a number, written together."""
    written = phrases.tokens[i].text
    if not (written[0].isalpha() and written[-1].isdigit() and written.isalnum()):
        return None
    said = read(phrases.registry, written)
    if not said.head or said.text == written.casefold():
        return None
    pair = f"{said.text}-{phrases.word(i + 2)}" if phrases.word(i + 1) in DASHES and phrases.is_number(i + 2) else ""  # 'L16-19'
    if pair and (found := phrases.resolved(pair, said.kinds)).element:
        return phrases.meant(i, i + 3, found, said.kinds)
    return phrases.mention_of(i, i + 1, [said.text], said.kinds)


def mistyped(phrases: Phrases, i: int) -> Mention | None:
    """'HV1 Lin 14': a name's first word, a word, its number, and one name that is nearly the same."""
    if phrases.tokens[i].word not in phrases.registry.first_words or i + 2 >= len(phrases.tokens) or not phrases.tokens[i + 2].is_number:
        return None
    if kind_at(phrases.tokens, i + 1):
        return None  # 'HV1 ln 14' is no mistake
    phrase = phrases.written(i, i + 3)
    alike = [n for n in nearest(phrases.registry, phrase, tuple(ElementKind)) if n.split()[-1] == phrases.tokens[i + 2].word]
    good = [n for n in alike if OSA.distance(normalised(n), normalised(phrase)) <= _LETTERS_WRONG]
    kinds = tuple(e.kind for n in good for e in phrases.registry.exact(n))
    return Mention(i, i + 3, phrase, kinds, tuple(good), guessed=True) if len(good) == 1 else None


def without_kind(phrases: Phrases, i: int) -> Mention | None:
    """'HV1 1': a name's first word and a number, which may fit a line as well as a load."""
    if phrases.tokens[i].word not in phrases.registry.first_words or i + 1 >= len(phrases.tokens) or not phrases.tokens[i + 1].is_number:
        return None
    found = resolve(phrases.registry, phrases.written(i, i + 2))
    names = tuple(e.name for e in found.candidates)
    return Mention(i, i + 2, found.phrase, tuple(e.kind for e in found.candidates), (), names) if names else None
