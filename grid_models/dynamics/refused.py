"""What no frequency study can answer."""

from grid_models.errors import AeipError


class NotCalculable(AeipError):
    """A system, a loss, a scheme or a horizon that makes no frequency response; the sentence says what would work."""
