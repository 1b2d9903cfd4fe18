"""The file of a contract: read as YAML, checked against ODCS v3.1, and held against its place and name."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from sources.contract import values
from sources.contract.errors import Mistake
from sources.contract.repeats import written_out
from sources.folder.yaml_text import from_yaml

if TYPE_CHECKING:
    from open_data_contract_standard.model import OpenDataContractStandard

SUFFIX = ".odcs.yaml"
API_VERSION = "v3.1.0"


@dataclass(frozen=True)
class DocumentName:
    """What the path of a document tells."""

    agency: str
    feed: str
    variant: str | None

    @classmethod
    def of(cls, file: Path) -> "DocumentName":
        """Return what `<agency>/<feed>.odcs.yaml` or `<agency>/<feed>.<variant>.odcs.yaml` tells."""
        feed, _, variant = file.name.removesuffix(SUFFIX).partition(".")
        return cls(file.parent.name, feed, variant or None)

    def __str__(self) -> str:
        """Return the id that the document must have."""
        return f"{self.agency}/{self.feed}" + (f".{self.variant}" if self.variant else "")


def read_document(file: Path) -> "OpenDataContractStandard":
    """Return the document in `file`, with what repeats in its schema written out.

    Raises:
        Mistake: it is no ODCS document, has a key that ODCS does not know, or another id than its path says.
    """
    # They take longer to import than all else that a process needs which only names documents.
    from open_data_contract_standard.model import OpenDataContractStandard  # noqa: PLC0415
    from pydantic import ValidationError  # noqa: PLC0415

    try:
        sent = from_yaml(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise Mistake("document", f"cannot be read as YAML ({error})", "Correct the YAML.") from error
    if not isinstance(sent, dict):
        raise Mistake("document", "is not a mapping", "Start it with `kind: DataContract`.")
    try:
        document = OpenDataContractStandard(**sent)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(map(str, first["loc"]))
        raise Mistake(key, first["msg"], f"See the ODCS {API_VERSION} standard.") from error
    unknown = _unknown_key(sent, document.model_dump(by_alias=True))
    if unknown:
        raise Mistake(unknown, "is not a key of ODCS", "Correct its spelling, or move it to customProperties.")
    values.among(document.apiVersion, (API_VERSION,), "apiVersion")
    values.among(document.id, (str(DocumentName.of(file)),), "id")
    return OpenDataContractStandard(**written_out(sent))


def _unknown_key(sent: object, known: object, path: str = "") -> str | None:
    """Return the path of the first key that the library dropped, because it is not of the standard."""
    if isinstance(sent, dict) and isinstance(known, dict):
        for key, value in sent.items():
            here = f"{path}.{key}".lstrip(".")
            if key not in known:
                return here
            found = _unknown_key(value, known[key], here)
            if found:
                return found
    if isinstance(sent, list) and isinstance(known, list):
        for number, (one, other) in enumerate(zip(sent, known, strict=False)):
            found = _unknown_key(one, other, f"{path}[{number}]")
            if found:
                return found
    return None
