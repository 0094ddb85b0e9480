"""What a sentence means: the values that pass from understanding to planning. JSON-able: a dialogue is remembered in its messages."""

from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict, JsonValue

from agent.brains.embedded.disturbances import PowerLoss, Spread


class Intent(StrEnum):
    """What the person wants to know or to have done."""

    STATE = "state"
    SUMMARY = "summary"
    COUNT = "count"
    LIST = "list"
    LOADINGS = "loadings"
    VOLTAGES = "voltages"
    LOSSES = "losses"
    BALANCE = "balance"
    DETAIL = "detail"
    CHECK = "check"  # does a value lie beyond the threshold? `then` follows where it does, `otherwise` where not
    WHAT_IF = "what_if"
    N1 = "n1"
    TOPOLOGY = "topology"  # the topic is the query: neighbours, path, islands, bridges, ties, isolate
    EXPLAIN = "explain"
    ESTIMATE = "estimate"  # may the measurements be trusted
    HISTORY = "history"  # the topic is the quantity
    ALARMS = "alarms"  # the topic is their status
    THERMAL = "thermal"  # temperatures and life of transformers; the topic is what of them
    CASCADE = "cascade"  # what a loss sets off if nobody acts; the topic is what of it
    FREQUENCY = "frequency"  # after a loss of power; the topic is what of it
    KNOWLEDGE = "knowledge"  # what codes, standards and procedures say; the topic is what of a passage
    ACKNOWLEDGE = "acknowledge"
    ACT = "act"
    KEEP = "keep"  # told not to do something
    QUEUE = "queue"
    DECIDE = "decide"
    HELP = "help"
    GREETING = "greeting"
    THANKS = "thanks"
    UNBUILT = "unbuilt"
    OFF_TOPIC = "off_topic"


class Mood(StrEnum):
    """How a change of the grid is spoken of. Only REQUEST ever leads to a proposal."""

    REQUEST = "request"
    HYPOTHETICAL = "hypothetical"
    QUESTION = "question"  # may I, should we, is it safe to: studied, never done
    NEGATED = "negated"
    CONDITIONAL = "conditional"  # do it if ...
    REPORT = "report"  # it happened, or did it happen?
    UNCLEAR = "unclear"


class Value(BaseModel):
    """A frozen value that travels in messages."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Change(Value):
    """An action as far as the sentence gives it.

    `amount` is in `unit` (mw, mvar, pu, kv, step, percent, factor); relative to the present value where `by` is -1 or 1.
    """

    kind: str
    element: str | None = None
    group: str | None = None
    described: str | None = None  # the kind in 'the most loaded line': a study finds the element first
    amount: float | None = None
    unit: str = ""
    by: Literal[-1, 0, 1] = 0

    @property
    def needs_amount(self) -> bool:
        return self.amount is None and self.kind not in ("open", "close", "release")

    @property
    def needs_target(self) -> bool:
        return not (self.element or self.group or self.described)


class Threshold(Value):
    field: str
    op: Literal[">", "<"]
    value: float


class Heating(Value):
    """What is said of how a transformer heats up; None: not said."""

    load_percent: float | None = None  # of its rating, held
    ambient_celsius: float | None = None
    horizon_hours: float | None = None
    growth_percent_per_year: float | None = None
    method: Literal["ieee_clause_7", "ieee_annex_g"] | None = None
    cooling_lost: bool = False
    cooling: Literal["ONAN", "ONAF", "OF", "OD"] | None = None  # class of IEC 60076-7, where one is to be assumed


class Lookup(Value):
    """What is looked up in the knowledge base; `on` is an ISO day. None: not said."""

    query: str
    document: str | None = None
    jurisdiction: str | None = None
    on: str | None = None


class Telling(Value):
    """How an answer is to be told, where the person says it; `unit` by the suffix that a field of it has."""

    form: Literal["", "table", "number", "sentence", "details", "plain", "why"] = ""
    unit: str = ""


class Frame(Value):
    """One understood request."""

    intent: Intent
    topic: str = ""  # which value, which unbuilt capability, ...
    mood: Mood = Mood.UNCLEAR
    elements: tuple[str, ...] = ()
    kind: str | None = None
    changes: tuple[Change, ...] = ()
    kept: tuple[Change, ...] = ()  # changes the person spoke against
    top: int | None = None
    order: Literal["highest", "lowest"] = "highest"
    threshold: Threshold | None = None
    bounds: tuple[Threshold, ...] = ()  # on the columns of a table
    band: tuple[float | None, float | None] | None = None
    minimum_kv: float | None = None
    condition: Threshold | None = None
    condition_element: str | None = None
    sort_by: str | None = None
    level: Literal[1, 2] = 1  # outages at once
    classes: tuple[str, ...] = ()  # what may fail, in the words of the contingency study
    groups: tuple[tuple[str, ...], ...] = ()  # outages of several elements each
    method: Literal["dc", "fast_decoupled"] | None = None
    metric: Literal["length", "impedance"] | None = None
    single: bool = False  # 'which line is the most loaded': one answer, that 'it' may point to
    state: Literal["open", "closed", "out", "in"] | None = None  # only elements in this state
    bad_data: Literal["remove", "flag", "ignore"] | None = None
    residual: float | None = None  # normalised, above which a measurement is bad
    max_age_s: float | None = None
    since: str | None = None  # as the history takes it: '30 min', '1 day', '10:00'
    heating: Heating | None = None
    spread: Spread | None = None
    power: PowerLoss | None = None
    lookup: Lookup | None = None
    yes_no: bool = False
    telling: Telling | None = None  # the last answer told again: no study runs anew
    told_in: str = ""  # the unit, as a field's suffix, in which the answer is wished
    reason: str = ""
    then: "Frame | Refusal | None" = None  # the next step; a refusal is why there is none
    otherwise: "Frame | None" = None
    against: "Frame | None" = None  # another case of the same study, told beside this one


class Ask(Value):
    """A question back. `frame` is what is already understood, `missing` what the next message should bring."""

    text: str
    missing: Literal["value", "element", "mood", "choice", "confirm"]
    frame: Frame | None = None
    candidates: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()  # whole questions to choose from


class Refusal(Value):
    text: str
    candidates: tuple[str, ...] = ()


Understood = Frame | Ask | Refusal


class Dialogue(Value):
    """What an answer leaves behind for the next question; stored as JSON with the answer's message."""

    status: Literal["answered", "needs_clarification", "refused", "failed"]
    candidates: tuple[str, ...] = ()
    asked: Ask | None = None
    frame: Frame | None = None
    about: tuple[str, ...] = ()  # elements the turn was about
    listed: tuple[str, ...] = ()  # elements of its ranked list, in order
    recalled: bool = False  # told from the calls of an earlier turn

    def as_kwargs(self) -> dict[str, JsonValue]:
        return dict(self.model_dump(mode="json", exclude_none=True))
