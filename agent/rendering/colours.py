"""Colours that colour-blind people can tell apart (Okabe and Ito, 2008); width and pattern say the same once more."""

from dataclasses import dataclass

BLUE, GREEN, ORANGE, VERMILION, GREY = "#0072B2", "#009E73", "#E69F00", "#D55E00", "#999999"


@dataclass(frozen=True)
class LoadingClass:
    """Loadings from `start` up to the next class [percent of the permanent rating]."""

    start: float
    name: str
    colour: str
    width: float
    pattern: str


CLASSES = (
    LoadingClass(100.0, "above 100 %", VERMILION, 6.0, "x"),
    LoadingClass(90.0, "90 to 100 %", ORANGE, 4.5, "/"),
    LoadingClass(60.0, "60 to 90 %", GREEN, 3.0, ""),
    LoadingClass(0.0, "below 60 %", BLUE, 1.5, ""),
)
UNKNOWN = LoadingClass(-1.0, "no loading", GREY, 1.0, "")


def loading_class(percent: float | None) -> LoadingClass:
    """The class of a loading; exactly 100 % is no overload."""
    if percent is None or percent != percent:
        return UNKNOWN
    return next((c for c in CLASSES if percent > c.start), CLASSES[-1])
