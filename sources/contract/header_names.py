"""How the headers of columns are compared."""

import re


def normal_header(header: str) -> str:
    """Return a header as it is compared with the agreed ones: case, spacing, a byte order mark make no difference."""
    return "".join(header.replace("\ufeff", "").casefold().split())


def plain_header(header: str) -> str:
    """Return a header as it is compared with personal ones: letters and digits alone, without a number at its end."""
    return re.sub(r"[\W_]+", "", header.casefold()).rstrip("0123456789")
