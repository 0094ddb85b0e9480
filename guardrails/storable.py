"""Which part of a typed text can a database hold?"""


def storable(text: str) -> str:
    """Without NUL and half characters, which no database holds as text."""
    return text.replace("\x00", "").encode(errors="replace").decode()
