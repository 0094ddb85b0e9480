"""A person as a value: the name, the role, and where they may act. No secrets."""

import unicodedata
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from guardrails.scope import EVERYWHERE, Scope


class Role(StrEnum):
    """What `authority.py` derives rights from."""

    VIEWER = "viewer"
    OPERATOR = "operator"
    SUPERVISOR = "supervisor"
    ADMINISTRATOR = "administrator"


class Person(BaseModel):
    """Someone AEIP knows by name."""

    model_config = ConfigDict(frozen=True)

    name: str
    role: Role
    scope: Scope = EVERYWHERE


LOCAL = Person(name="local", role=Role.OPERATOR)  # whoever sits at the command line without a credential


def person_key(name: str) -> str:
    """The name as it is compared: 'Olga', ' olga' and 'OLGA' are one person."""
    return unicodedata.normalize("NFKC", name).strip().casefold()
