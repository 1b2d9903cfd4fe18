"""The pages that a meeting takes along, as one PDF on A4: the overview, and of each plan the forms that it fills."""

from pathlib import Path

_PRINTED = ("assessment-*", "framework-*")


class PdfError(Exception):
    """No PDF can be made here; the message says what is missing and how to get it."""


def write_pdf(report: Path, target: Path) -> int:
    """Write the pages for print of the report in a folder as one PDF, and return how many sheets it has.

    Raises:
        PdfError: WeasyPrint, or a library of the system that it draws with, is not installed.
        OSError: the file cannot be written.
    """
    try:
        from weasyprint import HTML  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise PdfError(
            "WeasyPrint is not installed: `pip install weasyprint`, or print the pages in a browser"
        ) from error
    except OSError as error:
        raise PdfError(
            "WeasyPrint does not find Pango, which sets its text: `apt-get install libpango-1.0-0 libpangoft2-1.0-0` "
            f"adds it, or print the pages in a browser ({str(error).splitlines()[0]})"
        ) from error
    files = [report / "index.html", *(file for kind in _PRINTED for file in sorted(report.glob(f"{kind}.html")))]
    documents = [HTML(file).render() for file in files]
    sheets = [sheet for document in documents for sheet in document.pages]
    target.write_bytes(documents[0].copy(sheets).write_pdf())
    return len(sheets)
