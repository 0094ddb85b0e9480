"""A circuit that is named by the one it runs beside: 'the twin of line 75', 'its sister circuit', 'the parallel line'."""

from collections.abc import Sequence

from agent.brains.embedded.kinds import Mention, kind_at
from agent.brains.embedded.phrases import Phrases
from agent.brains.embedded.text import Token
from agent.brains.embedded.vocabulary import word_class
from grid_models.twin.parallel import parallel_to
from grid_models.twin.registry import ElementKind, Registry

_ALONE = word_class("twins.alone")  # nouns: 'its twin'
_BESIDE_KIND = word_class("twins.beside_kind")  # 'the parallel circuit', never 'in parallel'
_OF = ("of", "to", "with", "for")


def twin(phrases: Phrases, i: int, of_name: Mention | None, before: Mention | None) -> Mention | None:
    """The twin that token i begins to name. `of_name`: the mention after its 'of'; `before`: the last one in the sentence."""
    end = twin_end(phrases.tokens, i)
    if end is None:
        return None
    base = of_name if of_name else before
    end = of_name.end if of_name else end
    names = twins_of(phrases.registry, base.elements if base and not base.excluded else ())
    kinds = base.kinds if base else ()
    if not names:
        return None
    owned = base is not None and base.end + 2 == i and phrases.word(base.end) == "'"  # 'line 54's twin' is one name
    start = base.start if base and owned else i
    phrase = phrases.written(start, end)
    return Mention(start, end, phrase, kinds, names if len(names) == 1 else (), () if len(names) == 1 else names)


def twin_end(tokens: Sequence[Token], i: int) -> int | None:
    """The token after 'twin', 'sister circuit', 'parallel line' that begin at token i; None where they do not."""
    if i >= len(tokens) or tokens[i].lemma not in _ALONE | _BESIDE_KIND:
        return None
    kind = kind_at(tokens, i + 1) if i + 1 < len(tokens) else None
    if kind and kind.plural is False and set(kind.kinds) <= {ElementKind.LINE, ElementKind.TRANSFORMER}:
        return kind.end
    if i + 1 < len(tokens) and tokens[i + 1].word == "one":
        return i + 2
    return i + 1 if tokens[i].lemma in _ALONE else None


def of_follows(phrases: Phrases, end: int) -> int | None:
    """Where the name after 'twin of (the)' begins."""
    if phrases.word(end) not in _OF:
        return None
    return end + 2 if phrases.word(end + 1) == "the" else end + 1


def twins_of(registry: Registry, names: tuple[str, ...]) -> tuple[str, ...]:
    """The circuits beside the one element named."""
    elements = registry.exact(names[0]) if len(names) == 1 else ()
    return tuple(e.name for e in parallel_to(registry, elements[0])) if len(elements) == 1 else ()
