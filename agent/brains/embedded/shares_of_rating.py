"""Which share of its rating is a load that was given in MVA? Where the grid knows the rating of the transformer."""

from agent.brains.embedded.frame import Frame, Heating
from agent.brains.embedded.quantities import Quantity
from agent.brains.embedded.sentence import Sentence
from grid_models.life.units import unit_of
from grid_models.twin.registry import ElementKind, Registry

_PERCENT = 100.0


def with_share(frame: Frame, sentence: Sentence, registry: Registry) -> Frame:
    """The frame with that share as the load to be held; as it was where a share is known, or one amount and one rating are not."""
    heating = frame.heating or Heating()
    said = [q.value for q in sentence.quantities if _is_load(sentence, q)]
    if heating.load_percent is not None or len(said) != 1 or len(frame.elements) != 1:
        return frame
    rated_mva = _rated_mva(frame.elements[0], registry)
    if rated_mva is None or not said[0] > 0.0:
        return frame
    share = round(_PERCENT * said[0] / rated_mva, 1)
    return frame.model_copy(update={"heating": heating.model_copy(update={"load_percent": share})})


def _is_load(sentence: Sentence, quantity: Quantity) -> bool:
    """The 300 MVA of 'the 300 MVA transformer' are its size, 'below 100 MVA' is a bound, 'by 50 MVA' a step."""
    starts = (*(m.start for m in sentence.mentions), *(k.start for k in sentence.kinds))
    return quantity.unit == "mva" and quantity.high is None and quantity.relation not in ("below", "by") and quantity.end not in starts


def _rated_mva(name: str, registry: Registry) -> float | None:
    """As the study of heat takes it; None where the grid has none, and with three windings, each of which has its own."""
    found = [e for e in registry.exact(name) if e.kind is ElementKind.TRANSFORMER]
    return unit_of(registry.model, found[0]).rated_mva if len(found) == 1 else None
