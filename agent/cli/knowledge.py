"""`aeip knowledge`: users' own documents, and a search in them and in what ships."""

import os
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from agent.app.knowledge import documents as documents_of
from agent.app.knowledge import library as library_of
from agent.cli.found_passages import found_words
from agent.cli.options import AsJson, DataDir, print_json
from agent.cli.progress import progress_bar
from agent.cli.terminal import say
from agent.settings import Settings, read_settings
from knowledge.documents.folder import documents_in
from knowledge.documents.legible import legible_path
from knowledge.documents.outcome import Document, Outcome
from knowledge.documents.store import Store

knowledge = typer.Typer(help="Grid codes, procedures and your own documents.", no_args_is_help=True)


@knowledge.command("add")
def add(
    paths: Annotated[
        list[Path], typer.Argument(help="PDF, DOCX, HTML, Markdown or text files, or folders of them", metavar="FILE|FOLDER...")
    ],
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """Take documents in; a file that changed replaces what was read from it before."""
    settings = read_settings(data_dir=data_dir)
    store = documents_of(settings)
    outcomes = [outcome for path in paths for outcome in _added(store, path, quiet=as_json)]
    if as_json:
        print_json({"outcomes": [outcome.model_dump(mode="json") for outcome in outcomes], "stored": len(store.documents())})
    elif len(outcomes) > 1:
        say(_summary(outcomes))
    taken = [outcome for outcome in outcomes if outcome.status not in ("refused", "left out")]
    if taken:  # no question shall wait for it, nor do without
        with progress_bar("meaning") as progress:
            library_of(settings).prepare(progress)
    named = {_absolute(path) for path in paths}
    raise typer.Exit(0 if taken and not any(outcome.status == "refused" and outcome.path in named for outcome in outcomes) else 1)


def _added(store: Store, path: Path, *, quiet: bool) -> list[Outcome]:
    """Each outcome is told as it comes; a file that cannot be read does not stop the others."""
    if not path.is_dir():
        with progress_bar(legible_path(Path(path.name))) as progress:
            return [_told(store.add(path, progress), quiet)]
    files, left_out = documents_in(path, store.limits)
    outcomes = [_told(outcome, quiet) for outcome in left_out]
    with progress_bar(legible_path(Path(path.name))) as progress:
        for number, file in enumerate(files, start=1):
            outcomes.append(_told(store.add(file), quiet))
            progress(number, len(files))
    if not outcomes:
        nothing = f"'{legible_path(path)}' holds no document; a folder with PDF, DOCX, HTML, Markdown or text files works."
        outcomes.append(_told(Outcome(path=_absolute(path), status="refused", sentence=nothing), quiet))
    return outcomes


def _absolute(path: Path) -> str:
    """As outcomes name it."""
    return legible_path(Path(os.path.abspath(path)))


def _told(outcome: Outcome, quiet: bool) -> Outcome:
    if not quiet:
        say(outcome.sentence, err=outcome.status in ("refused", "left out"))
    return outcome


def _summary(outcomes: Sequence[Outcome]) -> str:
    counts = {status: sum(outcome.status == status for outcome in outcomes) for status in dict.fromkeys(o.status for o in outcomes)}
    return f"{len(outcomes):,} files: {', '.join(f'{count:,} {status}' for status, count in counts.items())}."


@knowledge.command("list")
def list_(as_json: AsJson = False, data_dir: DataDir = None) -> None:
    """The stored documents, each with the id that `remove` takes."""
    documents = documents_of(read_settings(data_dir=data_dir)).documents()
    if as_json:
        print_json([document.model_dump(mode="json") for document in documents])
        return
    for document in documents:
        say(_line(document))
    if not documents:
        say("No document was added; `aeip knowledge add FILE|FOLDER` adds some. The passages that ship are searched all the same.")


def _line(document: Document) -> str:
    pages = f"pages: {document.pages:,}, " if document.pages else ""
    marked = f", {document.suspicious} marked as instructions to an assistant" if document.suspicious else ""
    title = "" if document.title == document.name else f"  {document.title}"
    return f"{document.id}  {document.name}{title}  ({pages}passages: {document.passages:,}{marked}, {document.added_at:%Y-%m-%d})"


@knowledge.command("remove")
def remove(
    name: Annotated[str, typer.Argument(help="id, file name, title or path of a document")],
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """Forget a document; the file it was read from stays where it is."""
    document = documents_of(read_settings(data_dir=data_dir)).remove(name)
    if as_json:
        print_json(document.model_dump(mode="json"))
    else:
        say(f"'{document.name}' was removed; nothing of it is found any more.")


def _day(typed: str) -> date:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        raise typer.BadParameter(f"'{typed}' is no day; 2026-01-31 works.") from None


@knowledge.command("search")
def search(
    query: Annotated[str, typer.Argument(help="a question, words, or a clause as 'SO GL article 27'")],
    document: Annotated[str | None, typer.Option("--document", "-d", help="only in documents of this name")] = None,
    jurisdiction: Annotated[str | None, typer.Option("--jurisdiction", help="only what holds there")] = None,
    on: Annotated[
        date | None, typer.Option("--on", parser=_day, metavar="DAY", help="what was valid on that day; today if not given")
    ] = None,
    top: Annotated[int, typer.Option("--top", min=1, max=50, help="how many passages")] = 5,
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """The passages that answer, word for word, with document, clause and page."""
    settings: Settings = read_settings(data_dir=data_dir)
    found = library_of(settings).search(query, document=document, jurisdiction=jurisdiction, on=on, top=top)
    if as_json:
        print_json(found.model_dump(mode="json"))
    else:
        say(found_words(found), lines=True)
