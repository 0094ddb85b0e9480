"""The same question as a hurried person types it: letters swapped, dropped or doubled, other case, fillers, two words in other order.

Names, numbers and units stay: a typo there makes another question of it. What grammar lives by stays too: a 'not' that lost
its n is another sentence.
"""

import random
from collections.abc import Callable, Sequence

from agent.brains.embedded.sentence import Sentence, read
from grid_models.twin.registry import Registry

_FILLERS = ("please", "hey", "um", "ok so", "hi", "quickly", "well", "right")
_SHORTEST = 6  # letters of a word that still is itself with one of them wrong


def perturbed(text: str, registry: Registry, seed: int) -> str:
    """One of four perturbations, chosen and placed by the seed; the text itself where none applies."""
    chance = random.Random(seed)
    ways: list[Callable[[], str]] = [
        lambda: _with_typo(text, registry, chance),
        lambda: chance.choice((text.upper(), text.lower(), text.capitalize())),
        lambda: f"{chance.choice(_FILLERS)} {text}",
        lambda: _swapped(text, registry, chance),
    ]
    return chance.choice(ways)()


def _free(sentence: Sentence) -> list[int]:
    """Tokens that are plain words: no names, no numbers, no units."""
    taken = {i for q in sentence.quantities for i in range(q.start, q.end)}
    return [i for i, t in enumerate(sentence.tokens) if t.word.isalpha() and not sentence.mention_at(i) and i not in taken]


def _with_typo(text: str, registry: Registry, chance: random.Random) -> str:
    sentence = read(text, registry)
    long = [i for i in _free(sentence) if len(sentence.tokens[i].text) >= _SHORTEST]
    if not long:
        return text
    token, text = sentence.tokens[chance.choice(long)], sentence.text
    at = token.start + chance.randrange(1, len(token.text) - 2)
    a, b = text[at], text[at + 1]
    return text[:at] + chance.choice((b + a, b, a + a + b)) + text[at + 2 :]


def _swapped(text: str, registry: Registry, chance: random.Random) -> str:
    """Two neighbouring plain words change places, the second half of the sentence only: there order means least."""
    sentence = read(text, registry)
    free = set(_free(sentence))
    pairs = [i for i in free if i + 1 in free and i >= len(sentence.tokens) // 2 and not _grammar(sentence, (i, i + 1))]
    if not pairs:
        return text
    i = chance.choice(sorted(pairs))
    a, b, text = sentence.tokens[i], sentence.tokens[i + 1], sentence.text
    return f"{text[: a.start]}{b.text}{text[a.end : b.start]}{a.text}{text[b.end :]}"


def _grammar(sentence: Sentence, places: Sequence[int]) -> bool:
    """Function words carry the meaning by their place."""
    return any(len(sentence.tokens[i].word) < _SHORTEST - 2 for i in places)
