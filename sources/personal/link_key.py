"""The secret key under which identifiers that are needed for linking are hashed at intake.

It comes from the environment variable CSP_LINK_KEY, or from a file that only its owner can read: the one that
CSP_LINK_KEY_FILE names, or `secrets/link.key` of the data folder, which is made when it is first needed.
"""

import hashlib
import hmac
import os
import secrets
import stat
from functools import lru_cache
from pathlib import Path

from sources.folder.data_folder import DataFolder
from sources.folder.durable import write_whole

KEY_VARIABLE = "CSP_LINK_KEY"
FILE_VARIABLE = "CSP_LINK_KEY_FILE"
_SHORTEST = 32
_FEWEST_GUESSES = 26  # as a power of ten; 32 random hexadecimal digits need 28 and more, 64 need 60
_ESTIMATED = 72  # as many characters as zxcvbn takes
_REMEDY = (
    "`openssl rand -hex 32` makes one of 64 random hexadecimal digits. Where the data folder was filled under the old "
    "one, put the new one in its place and run `csp rehash`, then `csp nightly --rebuild`."
)


class LinkKeyError(Exception):
    """The key cannot be used; the message says why and what to do, and nothing of the key."""


def link_key(folder: DataFolder) -> bytes:
    """Return the key; make one where none was ever asked for.

    Raises:
        LinkKeyError: it is missing, can be guessed or read by others, or is another one than the data folder was filled
            with.
    """
    key = read_key(folder)
    fingerprint = fingerprint_of(key)
    used = folder.link_key_fingerprint
    if not used.exists():
        note_key(folder, key)
    elif used.read_text().strip() != fingerprint:
        raise LinkKeyError(
            "The link key is another one than that under which this data folder was filled, so that nothing new would "
            f"link with what is there. Give the old key back ({KEY_VARIABLE}, {FILE_VARIABLE} or {folder.link_key}), "
            "or run `csp rehash` to hash everything anew from the archive."
        )
    return key


def read_key(folder: DataFolder) -> bytes:
    """Return the key, whether or not the data folder was filled under it.

    Raises:
        LinkKeyError: it is missing, or can be guessed or read by others.
    """
    key = os.environ.get(KEY_VARIABLE, "").strip().encode() or _from_file(folder)
    if len(key) < _SHORTEST:
        raise LinkKeyError(f"The link key has fewer than {_SHORTEST} characters. {_REMEDY}")
    if _guesses(key) < _FEWEST_GUESSES:
        raise LinkKeyError(f"The link key is made of words, repetitions or sequences, and can be guessed. {_REMEDY}")
    return key


def note_key(folder: DataFolder, key: bytes) -> None:
    """Note, as a fingerprint, under which key the data folder is filled."""
    write_whole(folder.link_key_fingerprint, fingerprint_of(key) + "\n")


def fingerprint_of(key: bytes) -> str:
    """Return what tells keys apart and gives nothing of them away."""
    return hmac.new(key, b"csp link key fingerprint", hashlib.sha256).hexdigest()[:16]


@lru_cache(maxsize=1)
def _guesses(key: bytes) -> float:
    """Return how many guesses a key needs of someone who knows words and patterns, as a power of ten."""
    from zxcvbn import zxcvbn  # noqa: PLC0415 - its word lists take a quarter of a second, and few feeds need the key

    text = key.decode("latin-1")
    ends = {text[:_ESTIMATED], text[-_ESTIMATED:]}
    return max(float(zxcvbn(end)["guesses_log10"]) for end in ends)


def _from_file(folder: DataFolder) -> bytes:
    named = os.environ.get(FILE_VARIABLE)
    file = Path(named) if named else folder.link_key
    if not file.exists():
        if named:
            raise LinkKeyError(f"{FILE_VARIABLE} names {file}, which does not exist. Put the key there (mode 0600).")
        if folder.link_key_fingerprint.exists():
            raise LinkKeyError(
                f"The link key is missing: {file} was there when this data folder was filled. Put it back, or give it "
                f"in {KEY_VARIABLE}; with a new key, run `csp rehash`."
            )
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_whole(file, secrets.token_hex(32) + "\n", mode=0o600)
    mode = stat.S_IMODE(file.stat().st_mode)
    if mode & 0o077:
        raise LinkKeyError(f"The link key {file} can be read by others (mode {mode:04o}). Run: chmod 600 {file}")
    return file.read_bytes().strip()
