"""What does a frequency response rest on? The system, what was assumed and what nobody verified, never hidden."""

from agent.answer import Call
from agent.rendering.basis import paragraph, said
from agent.rendering.frequency_rows import bare, power
from agent.rendering.reading import texts
from agent.rendering.thermal_rows import of_result


def notes(call: Call) -> list[str]:
    told = [
        *_system(call),
        *said("Assumed", texts(call.result, "assumed")),
        *said("Not verified in the text itself", texts(call.result, "unverified")),
    ]
    return paragraph(told)


def _system(call: Call) -> list[str]:
    """One frequency for the whole system: no swings between its parts."""
    found = of_result(call)
    damping = f"load damping {bare(found, 'damping_percent_per_hz')}"
    return [
        f"One frequency for a system of {bare(found, 'nominal_hz')}, {found('inertia_gws')} of inertia after the loss and "
        f"{power(call, 'load_mw', found.amount('load_mw'))} of load, {damping}; swings between its parts are not in it."
    ]
