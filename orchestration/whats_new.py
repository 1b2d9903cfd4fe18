"""What CHANGELOG.md says of the versions since an earlier one."""

import re
from collections.abc import Iterator

from packaging.version import Version

from orchestration.provenance import PROJECT_ROOT

CHANGELOG = PROJECT_ROOT / "CHANGELOG.md"
UNRELEASED = "Unreleased"
_HEADING = re.compile(r"^## \[(?P<version>[^\]]+)\].*$", re.MULTILINE)


def sections_since(earlier: str | None, changelog: str) -> Iterator[tuple[str, str]]:
    """Yield version and text of each section of a changelog that `earlier` had not, the newest first; all where None.

    What is not in a version yet is new to every folder but one that the same commit wrote.
    """
    headings = list(_HEADING.finditer(changelog))
    ends = [heading.start() for heading in headings[1:]] + [len(changelog)]
    for heading, end in zip(headings, ends, strict=True):
        version = heading["version"]
        if version == UNRELEASED or earlier is None or Version(version) > Version(earlier):
            yield version, changelog[heading.end() : end].strip()


def summary_of(text: str) -> str:
    """Return how many entries a section has of each kind, such as `Added 12, Changed 3`."""
    kinds = re.split(r"^### (.+)$", text, flags=re.MULTILINE)
    counts = {
        kind: len(re.findall(r"^- ", entries, re.MULTILINE))
        for kind, entries in zip(kinds[1::2], kinds[2::2], strict=True)
    }
    return ", ".join(f"{kind} {count}" for kind, count in counts.items() if count) or "no entries"
