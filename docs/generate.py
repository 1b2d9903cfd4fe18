"""Writes docs/catalogue.md and docs/data_dictionary.md from the seeds and the properties files of the marts."""

from pathlib import Path

from docs.catalogue_page import Catalogue
from docs.dictionary_page import dictionary_page
from docs.markdown import ROOT


def pages() -> dict[Path, str]:
    """Return each generated page with what it must hold."""
    return {
        ROOT / "docs" / "catalogue.md": Catalogue().page(),
        ROOT / "docs" / "data_dictionary.md": dictionary_page(),
    }


if __name__ == "__main__":
    for page, text in pages().items():
        page.write_text(text, encoding="utf-8")
