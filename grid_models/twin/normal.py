"""How names are compared: without case, punctuation and doubled spaces."""

import re

_WORD = re.compile(r"[^\W_]+(?:\.[^\W_]+)*")


def normalised(text: str) -> str:
    """Lower case, single spaces, punctuation between words dropped: 'HV1_Line-14' → 'hv1 line 14'; a dot inside a word stays."""
    return " ".join(_WORD.findall(text.casefold().replace("'", "")))
