"""Keyed hashes in SQL: HMAC-SHA256, under a key that no statement, plan or error shows."""

import hashlib

from sources.folder.sql_text import literal

_BLOCK = 64


def variables_sql(key: bytes) -> str:
    """Return the statements that give a connection the two halves of the key that `hashed_sql` asks for."""
    block = (hashlib.sha256(key).digest() if len(key) > _BLOCK else key).ljust(_BLOCK, b"\0")
    halves = {"link_inner": 0x36, "link_outer": 0x5C}
    return "; ".join(
        f"SET VARIABLE {name} = unhex({literal(bytes(byte ^ pad for byte in block).hex())})"
        for name, pad in halves.items()
    )


def hashed_sql(value: str, namespace: str) -> str:
    """Return SQL for HMAC-SHA256 of a text, as hexadecimal digits; NULL where it is.

    What is hashed is the namespace, a line feed and the text in lower case, so that a text gives the same hash in every
    column and feed that shares the namespace, and in no other.
    """
    message = f"encode({literal(namespace)} || chr(10) || lower({value}))"
    return f"sha256(getvariable('link_outer') || unhex(sha256(getvariable('link_inner') || {message})))"
