"""The numbers of our own procedure stand in its passages: rule and text cannot drift apart."""

from datetime import date

import pytest

from guardrails.rule_pack import ENTSOE_CONTINENTAL, load_pack
from knowledge.clauses import clause

RULES = {rule.id: rule for rule in load_pack(ENTSOE_CONTINENTAL, date(2026, 11, 20)).rules}


@pytest.mark.parametrize(
    ("rule_id", "words"),
    [
        ("closing-angle", "at most {:g} degrees"),
        ("closing-voltage", "{:.2f} pu may stand between them"),
        ("islands", "more than {:g} energised part"),
        ("n1-relay-pickup", "below {:g} % of the pickup"),
        ("ramp", "more than {:g} % of the most"),
        ("relay-pickup", "below {:g} % of the pickup"),
        ("relay-zone3", "below {:g} % of the way"),
        ("shunt-steps", "a shunt by at most {:g} step"),
        ("tap-steps", "by at most {:g} positions"),
        ("temporary-loading", "Beyond {:g} % of the temporary rating"),
    ],
)
def test_the_limit_stands_in_the_passage_it_cites(rule_id: str, words: str) -> None:
    """In the words that an operator reads."""
    rule = RULES[rule_id]
    assert words.format(rule.limit.max) in " ".join(clause(rule.clause).text.split())
