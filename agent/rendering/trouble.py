"""What is said when there is nothing to tell: an error, no solution, unusable ratings."""

from agent.answer import Call
from agent.rendering.marks import capital
from agent.rendering.reading import clean, text, texts


def failed(call: Call) -> list[str]:
    """The tool's own sentence; it says what was asked, what was found and what would work."""
    return [clean(call.error or f"'{call.tool}' gave no result and no reason; asking in other words may work.")]


def diverged(call: Call) -> list[str]:
    """No power-flow solution: a finding, not an error."""
    changes = texts(call.result, "changes")
    after = f"After these changes ({', '.join(changes)}) the" if changes else "The"
    point = f"**{after} power flow has no solution.** {capital(text(call.result, 'divergence')).rstrip('.')}.".replace(" .", "")
    meaning = (
        "That usually means that the grid could not be operated like this: voltages would collapse or the demand cannot be transported."
    )
    return [point, meaning, "Nothing was changed. A smaller change, or the same in several steps, shows where it stops working."]


def ratings_unusable(call: Call) -> list[str]:
    """Why there is no percentage in an answer."""
    note = text(call.result, "ratings_note") or "Ratings are not usable, so loadings and thermal verdicts are withheld."
    return [note, "Ratings in the grid file, or a company overlay, make loadings and proposals possible."]
