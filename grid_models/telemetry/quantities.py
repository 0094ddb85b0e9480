"""What can be measured, in which unit, and of which element: the closed list that plant, door, estimator and words share."""

from dataclasses import dataclass
from enum import IntEnum


class Quantity(IntEnum):
    """Stored as small integers in columns; powers at branch ends are positive into the branch, injections into the grid."""

    V = 0
    V_ANGLE = 1
    P_INJECTION = 2
    Q_INJECTION = 3
    P_FROM = 4
    Q_FROM = 5
    P_TO = 6
    Q_TO = 7
    I_FROM = 8
    I_TO = 9
    I_ANGLE_FROM = 10
    I_ANGLE_TO = 11
    P_LOAD = 12
    Q_LOAD = 13
    P_GENERATOR = 14
    Q_GENERATOR = 15
    P_INFEED = 16
    Q_INFEED = 17
    P_AVAILABLE = 18
    SWITCH_CLOSED = 30
    BRANCH_ON = 31
    LOAD_ON = 32
    GENERATOR_ON = 33
    INFEED_ON = 34
    TAP = 35
    SHUNT_STEP = 36
    LOAD_SHED = 50
    GENERATOR_P_SETPOINT = 51
    GENERATOR_Q_SETPOINT = 52
    GENERATOR_VM_SETPOINT = 53
    INFEED_VM_SETPOINT = 54

    @property
    def is_analogue(self) -> bool:
        """Enters the estimation as a number with a standard deviation."""
        return self <= Quantity.P_AVAILABLE

    @property
    def is_position(self) -> bool:
        """Breaker, status, tap or step: decides what is connected, exact or wrong."""
        return Quantity.SWITCH_CLOSED <= self <= Quantity.SHUNT_STEP

    @property
    def is_echo(self) -> bool:
        """A set-point that the plant repeats; NaN: the element follows its schedule."""
        return self >= Quantity.LOAD_SHED


class Quality(IntEnum):
    """What the source says of a value."""

    GOOD = 0
    QUESTIONABLE = 1
    INVALID = 2
    SUBSTITUTED = 3


class Source(IntEnum):
    """Where a value comes from."""

    SCADA = 0
    PMU = 1
    REPLAY = 2
    FORECAST = 3  # a pseudo-measurement
    MODEL = 4  # what must hold whatever is measured: nothing injects here
    OPERATOR = 5


@dataclass(frozen=True)
class Spec:
    """`table`: field of `GridModel` whose rows the element numbers count.  `array`: the state's array that a position or echo sets."""

    unit: str
    table: str
    words: str
    array: str = ""


SPECS: dict[Quantity, Spec] = {
    Quantity.V: Spec("pu", "buses", "voltage"),
    Quantity.V_ANGLE: Spec("degree", "buses", "voltage angle"),
    Quantity.P_INJECTION: Spec("MW", "buses", "active power injected"),
    Quantity.Q_INJECTION: Spec("Mvar", "buses", "reactive power injected"),
    Quantity.P_FROM: Spec("MW", "branches", "active power (from side)"),
    Quantity.Q_FROM: Spec("Mvar", "branches", "reactive power (from side)"),
    Quantity.P_TO: Spec("MW", "branches", "active power (to side)"),
    Quantity.Q_TO: Spec("Mvar", "branches", "reactive power (to side)"),
    Quantity.I_FROM: Spec("kA", "branches", "current (from side)"),
    Quantity.I_TO: Spec("kA", "branches", "current (to side)"),
    Quantity.I_ANGLE_FROM: Spec("degree", "branches", "current angle (from side)"),
    Quantity.I_ANGLE_TO: Spec("degree", "branches", "current angle (to side)"),
    Quantity.P_LOAD: Spec("MW", "loads", "active power drawn"),
    Quantity.Q_LOAD: Spec("Mvar", "loads", "reactive power drawn"),
    Quantity.P_GENERATOR: Spec("MW", "generators", "active power generated"),
    Quantity.Q_GENERATOR: Spec("Mvar", "generators", "reactive power generated"),
    Quantity.P_INFEED: Spec("MW", "infeeds", "active power fed in"),
    Quantity.Q_INFEED: Spec("Mvar", "infeeds", "reactive power fed in"),
    Quantity.P_AVAILABLE: Spec("MW", "generators", "available active power"),
    Quantity.SWITCH_CLOSED: Spec("", "switches", "position", "switch_closed"),
    Quantity.BRANCH_ON: Spec("", "branches", "in service", "branch_on"),
    Quantity.LOAD_ON: Spec("", "loads", "in service", "load_on"),
    Quantity.GENERATOR_ON: Spec("", "generators", "in service", "generator_on"),
    Quantity.INFEED_ON: Spec("", "infeeds", "in service", "infeed_on"),
    Quantity.TAP: Spec("", "branches", "tap position", "tap"),
    Quantity.SHUNT_STEP: Spec("", "shunts", "step", "shunt_step"),
    Quantity.LOAD_SHED: Spec("MW", "loads", "shed", "load_shed_mw"),
    Quantity.GENERATOR_P_SETPOINT: Spec("MW", "generators", "active-power set-point", "generator_p_setpoint_mw"),
    Quantity.GENERATOR_Q_SETPOINT: Spec("Mvar", "generators", "reactive-power set-point", "generator_q_setpoint_mvar"),
    Quantity.GENERATOR_VM_SETPOINT: Spec("pu", "generators", "voltage set-point", "generator_vm_pu"),
    Quantity.INFEED_VM_SETPOINT: Spec("pu", "infeeds", "voltage set-point", "infeed_vm_pu"),
}
