"""Every number, name and clause of an answer, linked to the result that says it."""

from agent.grounding.evidence_check import check_evidence
from agent.grounding.ground import Doubt, Grounded, ground, ground_on
from agent.grounding.other_units import converted, in_unit
from agent.grounding.sources import Background, Sources

__all__ = ["Background", "Doubt", "Grounded", "Sources", "check_evidence", "converted", "ground", "ground_on", "in_unit"]
