"""Breaks of what is promised about users' own documents; a part of the table in `mutations.py`."""

from evals.mutation import Edit, Mutation

OF_DOCUMENTS: tuple[Mutation, ...] = (
    Mutation(
        "instructions in a document are not marked",
        (Edit("knowledge/documents/suspicious.py", "if reads_like_instruction(sentence))", "if conceals(sentence))"),),
        ("tests/knowledge/documents/test_store.py::test_instructions_in_a_document_are_marked_and_kept",),
    ),
    Mutation(
        "a document that was changed on disk is quoted",
        (
            Edit(
                "knowledge/documents/shelf.py",
                "!= hashlib.sha256(body).hexdigest():\n            return None",
                '== "":\n            return None',
            ),
        ),
        ("tests/knowledge/documents/test_store.py::test_passages_that_were_changed_on_disk_are_not_quoted",),
    ),
    Mutation(
        "a document is written in place",
        (Edit("knowledge/documents/shelf.py", "draft = folder / _DRAFTS / uuid.uuid4().hex", "draft = file_of(folder, document.path)"),),
        ("tests/knowledge/documents/test_store.py::test_a_crash_while_writing_leaves_the_old_state",),
    ),
    Mutation(
        "an endless archive is unpacked",
        (Edit("knowledge/documents/word.py", "    _refuse_bomb(data, limits)\n", ""),),
        ("tests/knowledge/documents/test_word.py::test_a_bomb_is_refused_before_it_is_unpacked",),
    ),
    Mutation(
        "a link leads out of the folder",
        (Edit("knowledge/documents/folder.py", "if path.is_symlink() and not", "if False and not"),),
        ("tests/knowledge/documents/test_files.py::test_a_folder_is_walked_without_leaving_it",),
    ),
    Mutation(
        "a clause goes on under the next heading",
        (Edit("knowledge/documents/split.py", "while section.path and section.path[-1].level >= heading.level:", "while False:"),),
        ("tests/knowledge/documents/test_split.py::test_a_heading_of_the_document_ends_the_clause_before_it",),
    ),
)
