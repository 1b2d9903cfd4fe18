"""Date formats: from the notation of contracts (JDK letters, `yyyy-MM`) to that of strptime (`%Y-%m`)."""

import re

_LETTERS = {
    "yyyy": "%Y",
    "yy": "%y",
    "MMMM": "%B",
    "MMM": "%b",
    "MM": "%m",
    "dd": "%d",
    "HH": "%H",
    "mm": "%M",
    "ss": "%S",
}


def strptime_format(jdk_format: str) -> str:
    """Return the strptime format of `jdk_format`, for DuckDB and Python alike.

    Raises:
        ValueError: the format has letters that are not known here, or a percent sign.
    """

    def translated(match: re.Match[str]) -> str:
        letters = match.group()
        if letters not in _LETTERS:
            raise ValueError(f"the format {jdk_format!r} holds {letters!r}; known are {', '.join(_LETTERS)}")
        return _LETTERS[letters]

    if "%" in jdk_format:
        raise ValueError(f"the format {jdk_format!r} holds a percent sign")
    return re.sub(r"([A-Za-z])\1*", translated, jdk_format)


def jdk_format(strptime: str) -> str:
    """Return the notation of contracts, which people read, for a format made by `strptime_format`."""
    for letters, code in _LETTERS.items():
        strptime = strptime.replace(code, letters)
    return strptime
