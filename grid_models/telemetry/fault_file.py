"""A scenario of faults from a YAML file: a list of what `faults.py` knows, each with its kind.

- {kind: sign_flip, quantity: P_FROM, element: HV1 Line 12}
- {kind: lost_rtu, station: HV1 Bus 11, since: 2016-08-12T09:50:00Z}
"""

from pathlib import Path

import yaml
from pydantic import TypeAdapter, ValidationError

from grid_models.telemetry.faults import Fault, InvalidFault

_FAULTS: TypeAdapter[tuple[Fault, ...]] = TypeAdapter(tuple[Fault, ...])


def read_faults(path: Path) -> tuple[Fault, ...]:
    """The faults of a file, in order. Raises InvalidFault naming the first entry that is none."""
    try:
        return _FAULTS.validate_python(yaml.safe_load(path.read_text(encoding="utf-8")) or [])
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise InvalidFault(f"The faults in '{path.name}' cannot be read ({str(error).splitlines()[0]}); a YAML list would work.") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"])) or "the file"
        raise InvalidFault(f"'{path.name}' holds no list of faults: at {where}: {first['msg']}.") from error
