"""Every form in which a feed is sent: the `FORMS` of each module here whose name starts with `feed_forms`."""

from importlib import import_module
from pathlib import Path

from .feed_forms import Form

FORMS: list[Form] = [
    form
    for file in sorted(Path(__file__).parent.glob("feed_forms*.py"))
    for form in import_module(f".{file.stem}", __package__).FORMS
]
