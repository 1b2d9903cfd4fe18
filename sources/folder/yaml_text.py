"""YAML, read with the safe loader in C where the library has it: five times faster than the one in Python."""

from typing import Any

import yaml

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def from_yaml(text: str) -> Any:
    """Return what a YAML text says.

    Raises:
        yaml.YAMLError: it is none.
    """
    return yaml.load(text, _LOADER)
