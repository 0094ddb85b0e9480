"""YAML without its surprises: a key given twice is an error, and `yes` and `no` are words, as in YAML 1.2."""

import re
from collections.abc import Hashable
from typing import TYPE_CHECKING, Any

import yaml

_BOOL = "tag:yaml.org,2002:bool"


if TYPE_CHECKING:
    _Loader = yaml.SafeLoader
else:
    _Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml reads hundreds of passages in a tenth of the time


class _StrictLoader(_Loader):
    """SafeLoader reads `verified: yes` as True and keeps the last of two equal keys in silence; both would falsify a rule."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[Hashable] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if key in seen:
                problem = f"the key '{key}' is given twice"
                raise yaml.constructor.ConstructorError("a mapping", node.start_mark, problem, key_node.start_mark)
            seen.add(key)
        return super().construct_mapping(node, deep)


_StrictLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != _BOOL]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_StrictLoader.add_implicit_resolver(_BOOL, re.compile(r"^(?:true|false)$"), list("tf"))


def load_strict(text: str) -> object:
    """The document a YAML text holds. Raises yaml.YAMLError, also for a duplicate key."""
    return yaml.load(text, Loader=_StrictLoader)  # a SafeLoader
