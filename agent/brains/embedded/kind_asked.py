"""Of which one kind of element is a question, and from which voltage level upwards?"""

from agent.brains.embedded.kinds import KindWord
from agent.brains.embedded.sentence import Hit, Sentence

_TABLES = ("substation", "area", "storage")
_WHERE = frozenset({"in", "at", "inside", "within", "of", "per", "each"})
_ASKING = frozenset({"which", "what", "list", "show", "rank", "sort", "many"})
_REACH = 4  # words between 'which' and the kind it asks for


def kind_asked(sentence: Sentence) -> str | None:
    """The one kind of element a question is about; None for several or none."""
    table = next((t for t in _TABLES for h in sentence.hits if h.concept == f"kinds:{t}" and not _is_where(sentence, h)), None)
    if table:
        return table
    kinds = {k.kinds for k in sentence.kinds}
    if len(kinds) > 1:
        kinds = {k.kinds for k in sentence.kinds if _is_asked(sentence, k)} or kinds
    if len(kinds) != 1 or len(next(iter(kinds))) > 1:
        return None
    return next(iter(kinds))[0].value


def level_asked(sentence: Sentence) -> float | None:
    """'The 380 kV buses', 'lines at 220 kV and above'."""
    return next((q.value for q in sentence.quantities if q.unit == "kv" and q.relation in ("none", "to", "above") and q.value >= 1), None)


def _is_where(sentence: Sentence, hit: Hit) -> bool:
    """'Loads in area 3', 'substation loads', 'substation 7: its loads': the place says which elements are meant."""
    if hit.concept == "kinds:storage":
        return False
    if any(k.start == hit.end for k in sentence.kinds):
        return True
    if any(k.end <= hit.start and _is_asked(sentence, k) for k in sentence.kinds):  # 'which switches does the station have'
        return True
    after = sentence.tokens[hit.end].text if hit.end < len(sentence.tokens) else ""
    if sentence.kinds and any(c.isdigit() or c == "_" for c in after):
        return True
    before = {t.word for t in sentence.tokens[max(hit.start - 2, 0) : hit.start]}
    return bool(sentence.kinds) and not before.isdisjoint(_WHERE)


def _is_asked(sentence: Sentence, kind: KindWord) -> bool:
    """'Which loads are largest? Give their bus numbers': the kind that stands after the asking word."""
    return any(t.word in _ASKING for t in sentence.tokens[max(kind.start - _REACH, 0) : kind.start])
