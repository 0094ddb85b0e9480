"""How much of an embedding's attention does a text take? MiniLM cuts words into pieces, reads 256 of them and is deaf to what follows.

An estimate without its vocabulary: of English manuals and codes the tokenizer counts 1.01 times as many, for 95 % of the passages at most
1.13 times as many; of German 1.7 times as many.
"""

import math
import re

_RUN = re.compile(r"[^\W\d_]+|\d+|[^\w\s]|_")
_WHOLE = 7  # letters of a word that is likely one piece
_MORE = 4  # letters of a further piece
_DIGITS = 2  # of one piece


def word_pieces(text: str) -> int:
    """About so many pieces; a text of plain words has about 1.2 times as many as words, one full of numbers twice as many."""
    return sum(_pieces(found.group()) for found in _RUN.finditer(text))


def _pieces(run: str) -> int:
    if run[0].isdigit():
        return math.ceil(len(run) / _DIGITS)
    return 1 + math.ceil(max(0, len(run) - _WHOLE) / _MORE)
