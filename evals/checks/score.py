"""What one check found: passed, failed, or not scored because there was nothing to judge. Unscored is not failed."""

from dataclasses import dataclass
from enum import StrEnum


class Value(StrEnum):
    PASS = "pass"
    FAIL = "fail"
    UNSCORED = "unscored"


@dataclass(frozen=True)
class Score:
    """One check's value and, in a sentence, why."""

    check: str
    value: Value
    explanation: str

    @property
    def failed(self) -> bool:
        return self.value is Value.FAIL


def judged(check: str, ok: bool, explanation: str) -> Score:
    """Pass or fail."""
    return Score(check, Value.PASS if ok else Value.FAIL, explanation)


def unscored(check: str, explanation: str) -> Score:
    """There was nothing to judge."""
    return Score(check, Value.UNSCORED, explanation)
