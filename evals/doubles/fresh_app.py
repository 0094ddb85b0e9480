"""A fresh app on a folder of its own: the wiring of the chat, untouched by the environment and by other scenarios."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from types import MappingProxyType

from agent.app import App
from agent.settings import Settings
from evals.doubles.clock import Clock
from grid_models.twin.source import DEFAULT_GRID


@contextmanager
def fresh_app(
    data_dir: Path,
    grids: Path,
    *,
    grid: str = DEFAULT_GRID,
    now: Callable[[], datetime] | None = None,
    owned: bool = True,
    settings: Mapping[str, object] = MappingProxyType({}),
) -> Iterator[App]:
    """An app in the empty folder `data_dir`; `grids` keeps the converted grids of all apps. With `owned` its plant runs.

    Settings are the product's defaults whatever AEIP_ variables or .env file the caller has: a result must not depend on the shell.
    `settings` are the ones that differ.
    """
    data_dir.mkdir(parents=True)
    grids.mkdir(parents=True, exist_ok=True)
    (data_dir / "grids").symlink_to(grids.resolve(), target_is_directory=True)
    app = App(_settings(data_dir, grid, settings), now or Clock())
    try:
        if owned:
            app.start()
        yield app
    finally:
        app.stop()
        app.engine.dispose()


def _settings(data_dir: Path, grid: str, settings: Mapping[str, object]) -> Settings:
    defaults = {name: field.get_default(call_default_factory=True) for name, field in Settings.model_fields.items()}
    return Settings.model_validate({**defaults, **settings, "grid": grid, "data_dir": data_dir})
