"""What the assistant hands out: one answer with its tool calls and evidence, in the contract's shape."""

from enum import StrEnum

from pydantic import BaseModel, ConfigDict, JsonValue


class Status(StrEnum):
    ANSWERED = "answered"
    NEEDS_CLARIFICATION = "needs_clarification"
    REFUSED = "refused"
    AWAITING_APPROVAL = "awaiting_approval"
    FAILED = "failed"


class Call(BaseModel):
    """One tool call of a turn; `result` is the tool's result as JSON."""

    model_config = ConfigDict(frozen=True)

    id: str
    tool: str
    args: dict[str, JsonValue] = {}
    ok: bool = True
    result: dict[str, JsonValue] = {}
    error: str | None = None
    elapsed_ms: float = 0.0


class Evidence(BaseModel):
    """A number of the answer and where it comes from: `path` is JMESPath into the call's result, or `tool_call` is "question"."""

    model_config = ConfigDict(frozen=True)

    text: str
    value: float
    unit: str
    tool_call: str
    path: str


class DoubtKind(StrEnum):
    """What no result supports: a number, a name of an element, a clause, or what is said in words only ("secure")."""

    NUMBER = "number"
    NAME = "name"
    CLAUSE = "clause"
    VERDICT = "verdict"


class Unsupported(BaseModel):
    """A part of a text that no result of the conversation and no word of the person supports, as it was written."""

    model_config = ConfigDict(frozen=True)

    kind: DoubtKind
    text: str


class Citation(BaseModel):
    model_config = ConfigDict(frozen=True)

    document: str
    clause: str
    edition: str


class ProposalRef(BaseModel):
    model_config = ConfigDict(frozen=True)

    id: int
    status: str
    verdict: str


class Answer(BaseModel):
    """DESIGN section 5, `aeip ask --json`."""

    model_config = ConfigDict(frozen=True)

    id: str = ""
    session: str = ""
    question: str
    status: Status
    answer: str
    brain: str = "embedded"
    grid: str = ""
    state_id: str = ""
    plant_time: str = ""
    source: str = "standing"
    tool_calls: tuple[Call, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    unsupported_numbers: tuple[str, ...] = ()
    unsupported: tuple[Unsupported, ...] = ()  # these numbers, and names, clauses and verdicts: taken out of what the brain had said
    rewritten: bool = False  # the model was asked to say it again
    earlier_calls: tuple[Call, ...] = ()  # calls of earlier turns that the evidence rests on
    citations: tuple[Citation, ...] = ()
    candidates: tuple[str, ...] = ()
    proposals: tuple[ProposalRef, ...] = ()
    elapsed_ms: float = 0.0
