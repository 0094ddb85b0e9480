"""Is there a language model, and can it call tools? For `aeip doctor`; the embedded brain needs none of it."""

from agent.settings import Settings
from grid_models.errors import AeipError

_MODELS_SHOWN = 12


def ollama_words(settings: Settings) -> str:
    """The server's version and models. Raises AeipError only where AEIP_BRAIN asks for a model and the server is not there."""
    from agent.brains.ollama.server import ServerUnreachable, look

    try:
        server = look(settings.ollama_url)
    except ServerUnreachable as error:
        if settings.ollama_model is None:
            return f"not reachable at {settings.ollama_url}; the embedded brain needs none"
        raise AeipError(f"{error}; the embedded brain answers until it runs (`ollama serve`, AEIP_OLLAMA_URL)") from error
    shown = ", ".join(model.words for model in server.models[:_MODELS_SHOWN]) or "no models yet (`ollama pull NAME`)"
    more = len(server.models) - _MODELS_SHOWN
    return f"version {server.version} at {settings.ollama_url}: {shown}{f' and {more} more' if more > 0 else ''}"


def checked_brain(settings: Settings) -> str:
    """The brain that is asked for. Raises AeipError with what would mend it where that cannot work."""
    from agent.brains.ollama.server import look

    name = settings.ollama_model
    if name is None:
        return "embedded; AEIP_BRAIN=ollama:NAME puts a language model in front of it"
    model = look(settings.ollama_url).model(name)
    if model is None:
        raise AeipError(f"the server does not have the model '{name}'; `ollama pull {name}` brings it")
    if not model.tools:
        raise AeipError(f"the model '{name}' cannot call tools; one that `aeip doctor` lists with tools works")
    return f"ollama:{name}, which can call tools; the embedded brain answers where it fails"
