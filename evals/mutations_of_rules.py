"""Breaks of what rules, interlocks and records promise; a part of the table in `mutations.py`."""

from evals.mutation import Edit, Mutation

OF_RULES: tuple[Mutation, ...] = (
    Mutation(
        "what bears a tag may get voltage",
        (Edit("guardrails/checks/tagged.py", "elif energising.reaches(element):", "elif energising is None:"),),
        ("tests/guardrails/test_checks_interlocks.py::test_a_dead_element_with_a_tag_stays_dead",),
    ),
    Mutation(
        "protected elements are touched",
        (Edit("guardrails/checks/protected.py", "for element in listed & operated(change)", "for element in listed - listed"),),
        ("tests/guardrails/test_checks_interlocks.py::test_a_protected_element_is_not_touched",),
    ),
    Mutation(
        "parts that do not run in step are closed onto each other",
        (Edit("guardrails/checks/closing_angle.py", "for gap in gaps if not gap.synchronous]", "for gap in gaps if gap is None]"),),
        ("tests/guardrails/test_checks_closing.py",),
    ),
    Mutation(
        "only the end of a list is judged",
        (Edit("guardrails/gate.py", "judged = changes[-1:] if spec.final_only else changes", "judged = changes[-1:]"),),
        ("tests/guardrails/test_gate.py::test_every_intermediate_state_is_checked",),
    ),
    Mutation(
        "a source that nobody read blocks",
        (
            Edit(
                "guardrails/rule.py",
                'if self.severity == "block" and self.source.verified == "yes" else',
                'if self.severity == "block" else',
            ),
        ),
        ("tests/guardrails/test_shipped_packs.py",),
    ),
    Mutation(
        "a company raises a limit",
        (Edit("guardrails/company_rules.py", "company.max > pack.max", "company.max < 0"),),
        ("tests/guardrails/test_company_rules.py",),
    ),
    Mutation(
        "a pack without its interlocks is a pack",
        (Edit("guardrails/rule_pack.py", 'ALWAYS |= {"disconnector_load"', '_MISSED = {"disconnector_load"'),),
        ("tests/guardrails/test_rule_pack.py::test_a_lost_interlock_does_not_unlock",),
    ),
    Mutation(
        "a row of the audit is put in another's place",
        (Edit("guardrails/append_only.py", '"INSERT ON aeip_audit", _CONTINUES', '"INSERT ON aeip_audit", "NEW.seq IS NOT NULL"'),),
        ("tests/guardrails/test_append_only.py",),
    ),
    Mutation(
        "orders that lead back come in the order of those that led there",
        (Edit("guardrails/rollback.py", "for step in reversed(undone)", "for step in undone"),),
        ("tests/guardrails/test_rollback.py::test_the_inverse_of_each_kind_last_one_first",),
    ),
    Mutation(
        "what a proposal was made from is rewritten",
        (Edit("guardrails/audit_facts.py", "HASH: basis.content if basis else None}", "}"),),
        ("tests/guardrails/test_decision_record.py::test_a_changed_record_is_none",),
    ),
    Mutation(
        "another order is suggested that the gate does not pass",
        (
            Edit(
                "guardrails/reorder.py",
                "if search.passes(order) and not gate.check(state, found, reason, verdict.source).blocked:",
                "if order:",
            ),
        ),
        ("tests/guardrails/test_reorder.py",),
    ),
    Mutation(
        "an approval that ran out while it was checked begins all the same",
        (Edit("guardrails/steps.py", "if index == 0 and at >= proposal.expires_at:", "if at is None:"),),
        ("tests/guardrails/test_interruption.py",),
    ),
    Mutation(
        "a machine's frequency relay never trips",
        (Edit("grid_models/cascade/island_frequency.py", "if not np.isfinite(due_s).any():", "if due_s is not None:"),),
        ("tests/grid_models/cascade/test_by_hand.py",),
    ),
)
