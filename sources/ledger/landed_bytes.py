"""Where in landing certain bytes lie: found by the bytes, because a name that is no UTF-8 is no address."""

from collections.abc import Collection

from sources.folder.landed import Candidate, look_below, sha256_of
from sources.ledger.receipts import Ledger, Receipt


def landed_bytes(
    ledger: Ledger, receipts: Collection[Receipt], hashes: Collection[str], pending_too: bool
) -> list[Candidate]:
    """Return the files anywhere in landing/ that hold the bytes of these hashes, which `receipts` tell of.

    Without `pending_too` those that intake is done with, and that lie there as they were then.
    """
    seen = [one for one in ledger.landing_files() if one.sha256 in hashes]
    states = {(one.path, one.size, one.mtime_ns) for one in seen}
    # Files of another size need not be read.
    sizes = {one.size for one in seen} | {one.byte_count for one in receipts if one.file_sha256 in hashes}
    landing = ledger.folder.landing
    return [
        one
        for one in look_below(landing, landing).files
        if one.size in sizes
        and (pending_too or (one.path, one.size, one.mtime_ns) in states)
        and sha256_of(one) in hashes
    ]
