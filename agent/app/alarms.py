"""Alarms of a running plant, and acknowledging them by name."""

from agent.app.plants import Plants
from grid_models.alarms import Alarm
from guardrails.acknowledgements import Acknowledgement, acknowledge
from guardrails.errors import AlarmNotFound, NotAuthorised
from guardrails.people import LOCAL, Person

_SHOWN = 5  # keys told back


class Alarms(Plants):
    """The same rules for every face."""

    def alarms(self, grid: str | None = None) -> tuple[Alarm, ...]:
        """Those that stand, with who knows of them. Raises AlarmNotFound where nothing is watched."""
        live = self.live(grid)
        if live is None:
            raise AlarmNotFound(f"No plant of '{self.grid(grid).model.name}' runs, so no alarms are watched; `aeip chat` runs it.")
        return live.alarms

    def acknowledge(self, key: str, person: Person, note: str = "", grid: str | None = None) -> Acknowledgement:
        """Record that this person knows of a standing alarm. Raises AlarmNotFound, and NotAuthorised for `local`, who is nobody by name."""
        if person == LOCAL:
            raise NotAuthorised("An alarm is acknowledged by name, and 'local' is none; --user NAME with a token or password works.")
        standing = {alarm.key: alarm for alarm in self.alarms(grid)}
        if key not in standing:
            told = ", ".join(f"'{k}'" for k in list(standing)[:_SHOWN]) or "none"
            raise AlarmNotFound(f"There is no standing alarm '{key[:120]}'; those that stand: {told}.")
        name = self.grid(grid).model.name
        return acknowledge(self.engine, name, key, person.name, note, self.now(), told_at=standing[key].told_at)
