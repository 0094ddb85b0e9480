"""The labelled sentences that the classifier learns from, read as the brain reads them."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from agent.brains.embedded.sentence import Sentence, read
from grid_models.twin.registry import Registry
from grid_models.twin.source import DEFAULT_GRID, load_grid

UTTERANCES = Path(__file__).parent / "utterances"
_IEEE = ("Bus ", "Gen ", "Line ", "Load ", "Transformer ", "line ", "bus ")


def examples(cache_dir: Path) -> Iterator[tuple[str, Sentence]]:
    """(label, sentence) of every line of `utterances/*.tsv`. Raises ValueError for a line without a label."""
    for file in sorted(UTTERANCES.glob("*.tsv")):
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
            label, tab, text = line.partition("\t")
            if not tab:
                raise ValueError(f"{file.name}, line {number}: 'label<TAB>sentence' was expected, found {line[:60]!r}")
            yield label.strip(), read(text.strip(), _registry(_grid_of(text), cache_dir))


def _grid_of(text: str) -> str:
    """Names of the default grid begin with its area; others are those of an IEEE case."""
    return DEFAULT_GRID if "HV1" in text or not any(word in text for word in _IEEE) else "case39"


@cache
def _registry(grid: str, cache_dir: Path) -> Registry:
    return load_grid(grid, cache_dir).model.registry
