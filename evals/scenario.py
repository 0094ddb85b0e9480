"""What a scenario file may say: questions and events in order, and what must be true after each of them."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Field, JsonValue, Tag, model_validator

from agent.answer import Status
from grid_models.actions import Action
from grid_models.telemetry.faults import Fault
from grid_models.twin.source import DEFAULT_GRID
from guardrails.transitions import Status as ProposalStatus


class Part(BaseModel):
    """A word the schema does not know is an error, never ignored."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Found(Part):
    """A value in the result of a study."""

    path: str = Field(description="JMESPath into the result")
    equals: JsonValue = None
    tolerance: float = Field(default=1e-9, ge=0, description="how far a number may be off, in the field's unit")


class Fact(Found):
    """A value in the result of this turn's last call of a tool; with `shown`, whether the answer must (true) or must not state it."""

    tool: str
    shown: bool | None = None


class Expected(Part):
    """What must be true of an answer. `tools` and `not_tools` are names of tools that must, or must not, have run."""

    status: Status | tuple[Status, ...] = Field(
        description="a list where the promise leaves the wording open, e.g. to ask back or to refuse"
    )
    tools: tuple[str, ...] = ()
    not_tools: tuple[str, ...] = ()
    facts: tuple[Fact, ...] = ()
    candidates: tuple[str, ...] = Field(default=(), description="names that must be offered")
    mentions: tuple[str, ...] = Field(default=(), description="names the answer must hold; for names only, facts are judged by value")

    @property
    def statuses(self) -> tuple[Status, ...]:
        """All that are allowed."""
        return (self.status,) if isinstance(self.status, Status) else self.status


class Ask(Part):
    """Somebody types something. A scenario is one conversation unless `session` names another."""

    ask: str
    user: str = "olga"
    session: str = "main"
    stop_after: int | None = Field(default=None, ge=1, description="the person stops the study once it told its progress so often")
    expect: Expected


class Studied(Part):
    """What must be true of a study run directly. `fails` names the error of one that has no result; `says` are words of its sentence."""

    fails: str | None = None
    says: tuple[str, ...] = ()
    facts: tuple[Found, ...] = ()


class Study(Part):
    """A read-only study run directly, as `aeip study` does: no agent, no words."""

    study: str = Field(description="name of the tool")
    args: dict[str, JsonValue] = {}
    grid: str | None = Field(default=None, description="another grid, or a file")
    stop_after: int | None = Field(default=None, ge=1, description="as in a question")
    expect: Studied


class Decide(Part):
    """Somebody decides on a proposal, the last one unless `proposal` is its number. `refused` names the error of a failed attempt."""

    decide: Literal["approve", "reject"]
    by: str
    proposal: int | None = None
    reason: str = "scripted"
    typed_name: str = ""
    refused: str | None = None
    status: ProposalStatus = Field(description="of the proposal afterwards")


class Advance(Part):
    """Wall time goes on, and the plant with it."""

    advance_minutes: float = Field(gt=0)


class Behind(Part):
    """The plant changes behind the assistant's back, as a colleague in the field would change it."""

    behind: Action


class Broken(Part):
    """Something goes wrong with the measurements, not with the plant; null: everything measures well again."""

    fault: Fault | None


class Watch(Part):
    """The plant goes on for so many rounds, and its owner looks at each."""

    measure: int = Field(ge=1, le=1000)
    every_s: float = Field(default=4.0, gt=0, le=900)


class Writes(Part):
    """Somebody turns the kill switch."""

    writes: Literal["stop", "resume"]
    by: str
    refused: str | None = None


class PlantShows(Part):
    """What the plant itself shows: fields of `grid_data` rows by element, e.g. `{HV1 Line 14: {in_service: false}}`."""

    plant: dict[str, dict[str, JsonValue]]
    tolerance: float = Field(default=1e-3, ge=0)


class Ledger(Part):
    """How many proposals there are of each status given; with `events`, all that the audit says of the last one, in order."""

    ledger: dict[ProposalStatus, int]
    events: tuple[str, ...] = ()


class Called(Part):
    """A study that a scripted model asks for."""

    tool: str
    args: dict[str, JsonValue] = {}


class Lies(Part):
    """A scripted model says each of these beside the true sentence, and again when it is asked to correct itself (see `evals/lies.py`)."""

    lies: tuple[str, ...] = Field(min_length=1, description="templates")
    kind: str = Field(description="what is false in them, for the table")
    calls: tuple[Called, ...] = ()
    truth: str = ""
    question: str = "What is the state of the grid?"


class Grounded(Part):
    """Questions of all kinds to the brain in use, each a conversation of its own: nothing of their answers may be unsupported."""

    grounded: tuple[str, ...] = Field(min_length=1)


_STEPS = {
    "ask": Ask,
    "study": Study,
    "decide": Decide,
    "advance_minutes": Advance,
    "behind": Behind,
    "fault": Broken,
    "measure": Watch,
    "writes": Writes,
    "plant": PlantShows,
    "ledger": Ledger,
    "lies": Lies,
    "grounded": Grounded,
}


def _kind(step: object) -> str:
    """The key that says what a step is."""
    keys = step if isinstance(step, dict) else type(step).model_fields if isinstance(step, BaseModel) else ()
    return next((key for key in _STEPS if key in keys), "")


Step = Annotated[
    Annotated[Ask, Tag("ask")]
    | Annotated[Lies, Tag("lies")]
    | Annotated[Grounded, Tag("grounded")]
    | Annotated[Study, Tag("study")]
    | Annotated[Decide, Tag("decide")]
    | Annotated[Advance, Tag("advance_minutes")]
    | Annotated[Behind, Tag("behind")]
    | Annotated[Broken, Tag("fault")]
    | Annotated[Watch, Tag("measure")]
    | Annotated[Writes, Tag("writes")]
    | Annotated[PlantShows, Tag("plant")]
    | Annotated[Ledger, Tag("ledger")],
    Discriminator(_kind, custom_error_type="unknown_step", custom_error_message=f"a step is one of {', '.join(_STEPS)}"),
]


class Scenario(Part):
    """One story on one grid, told to a fresh app."""

    id: str = Field(pattern=r"^[a-z0-9-]+$")
    suite: Literal["answers", "dialogue", "approvals", "grounding", "safety", "studies"]
    title: str
    grid: str = DEFAULT_GRID
    owned: bool = Field(default=True, description="false: nobody runs the plant; studies see the standing start, exactly")
    rename: dict[str, str] = Field(default={}, description="training grid only: elements that carry other names in this story")
    steps: tuple[Step, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _only_the_training_grid_is_a_file(self) -> "Scenario":
        if self.rename and self.grid != "training":
            raise ValueError("'rename' needs 'grid: training'")
        return self
