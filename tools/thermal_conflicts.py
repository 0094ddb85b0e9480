"""Which arguments contradict each other, or would be read by nobody? They are refused, since a person believes what was accepted."""

from tools.result import InvalidArguments
from tools.thermal_args import ThermalArgs


def refuse_conflicts(args: ThermalArgs) -> None:
    """Raises InvalidArguments with the first of them."""
    told = next((sentence for wrong, sentence in _conflicts(args) if wrong), None)
    if told is not None:
        raise InvalidArguments(told)


def _conflicts(args: ThermalArgs) -> tuple[tuple[bool, str], ...]:
    held, profile = args.load_percent is not None, args.profile is not None
    given, annex_g = held or profile, args.method == "ieee_annex_g"
    return (
        (held and profile, "Both load_percent and a profile were given; one of them would work."),
        (
            not given and (args.method != "iec" or args.nameplate is not None or args.start is not None),
            "A method, a nameplate or a start is for a given load; add load_percent or a profile, or leave it out.",
        ),
        (
            given and (bool(args.changes) or args.growth_percent_per_year is not None),
            "A load is given, so changes and growth would change nothing; leave them out, or leave the load out.",
        ),
        (
            given and args.transformer is None and args.nameplate is None,
            "A load was given but no transformer and no nameplate; one of them would work.",
        ),
        (
            profile and args.horizon_hours is not None,
            "Both a profile and horizon_hours were given; the profile ends where its last step ends, so leave horizon_hours out.",
        ),
        (
            _own_ambient(args) and args.ambient_celsius is not None,
            "The profile has ambient temperatures of its own and ambient_celsius was given too; one of them would work.",
        ),
        (
            annex_g and args.cooling_lost,
            "Annex G is told its cooling by nameplate.annex_g.cooling; cooling_lost works with the method iec.",
        ),
        (
            not annex_g and args.nameplate is not None and args.nameplate.annex_g is not None,
            "nameplate.annex_g was given with another method; with method ieee_annex_g it would work.",
        ),
        (
            annex_g and args.start is not None,
            "Annex G starts from the cycle itself or from the steady state of its first point; leave `start` out.",
        ),
    )


def _own_ambient(args: ThermalArgs) -> bool:
    """Known before the text is read: its first line names the columns."""
    if isinstance(args.profile, str):
        return "ambient_celsius" in args.profile.partition("\n")[0]
    return args.profile is not None and args.profile.ambient_celsius is not None
