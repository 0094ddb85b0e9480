"""Plans without a tool: help, courtesy, what is not built, what is outside, and that typed words decide or acknowledge nothing."""

from agent.brains.embedded.frame import Frame
from agent.brains.embedded.plans.kit import Kit, Plan, Said
from agent.brains.embedded.replies import example, say, unbuilt


def helping(frame: Frame, kit: Kit) -> Plan:
    yield from ()
    return Said(say("help", line=example(kit.registry)))


def greeting(frame: Frame, kit: Kit) -> Plan:
    yield from ()
    return Said(say("greeting"))


def thanks(frame: Frame, kit: Kit) -> Plan:
    yield from ()
    return Said(say("thanks"))


def deciding(frame: Frame, kit: Kit) -> Plan:
    """`frame.topic` is the number of the proposal, where one was said."""
    yield from ()
    return Said(say("decide", link=f"/approvals#{frame.topic}" if frame.topic else "/approvals"))


def acknowledging(frame: Frame, kit: Kit) -> Plan:
    """Acknowledging needs a name and a credential, which typed words in a chat are not."""
    yield from ()
    return Said(say("acknowledge"))


def not_built(frame: Frame, kit: Kit) -> Plan:
    yield from ()
    return Said(unbuilt(frame.topic), status="refused")


def off_topic(frame: Frame, kit: Kit) -> Plan:
    yield from ()
    return Said(say("off_topic"), status="refused")
