"""The breaks that `make mutate` makes, as a literal table. Each promise of the product has one; each must fail a test."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Edit:
    """One replacement in one file. `old` must occur exactly once, so that a break which no longer applies is noticed."""

    file: str
    old: str
    new: str


@dataclass(frozen=True)
class Mutation:
    """`tests`: files or single tests, relative to the repository; at least one must fail."""

    name: str
    edits: tuple[Edit, ...]
    tests: tuple[str, ...]


MUTATIONS: tuple[Mutation, ...] = (
    Mutation(
        "no N-1 check in the gate",
        (
            Edit(
                "guardrails/gate.py",
                "for rule in self.pack.of_gate(gate) ",
                'for rule in self.pack.of_gate(gate) if not rule.check.startswith("n1_") ',
            ),
        ),
        ("tests/evals/test_mutation_targets.py::test_a_change_that_only_an_outage_makes_dangerous_is_blocked",),
    ),
    Mutation(
        "a proposer may approve",
        (
            Edit(
                "guardrails/authority.py",
                '    if person_key(person.name) == person_key(proposal.requested_by):\n        return f"{person.name} requested',
                '    if False:\n        return f"{person.name} requested',
            ),
        ),
        ("tests/guardrails/test_ledger.py",),
    ),
    Mutation(
        "no re-validation at execution",
        (Edit("guardrails/execution.py", "moved = _moved(proposal, fresh, tolerances)", "moved = None"),),
        ("tests/guardrails/test_execution.py",),
    ),
    Mutation(
        "no tolerance: what was beyond its limit before blocks",
        (
            Edit(
                "guardrails/checks/comparison.py",
                "worse = beyond_after - beyond_before > tolerance + NOISE",
                "worse = np.ones_like(violated)",
            ),
        ),
        ("tests/evals/test_mutation_targets.py::test_what_was_beyond_its_limit_before_does_not_block_a_remedy",),
    ),
    Mutation(
        "a tap without effect",
        (
            Edit("grid_models/steady/boundary.py", "branches.tap_offset + state.tap -", "branches.tap_offset + state.model.start.tap -"),
            Edit("grid_models/steady/solution.py", "b.tap_offset + state.tap -", "b.tap_offset + state.model.start.tap -"),
        ),
        ("tests/grid_models/test_apply.py",),
    ),
    Mutation(
        "no grounding",
        (Edit("agent/graph.py", "    if unsupported:", "    if False:"),),
        ("tests/evals/test_scripted_liar.py",),
    ),
)
