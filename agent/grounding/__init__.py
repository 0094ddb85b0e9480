"""Every number of an answer, linked to the result that says it."""

from agent.grounding.evidence_check import check_evidence
from agent.grounding.ground import Grounded, ground
from agent.grounding.other_units import in_unit

__all__ = ["Grounded", "check_evidence", "ground", "in_unit"]
