"""Which deliveries count at all: of a feed that is counted, and of a supplier whose home area is known.

Both are lists that the models read; a partnership's own feed says in its contract that it counts. Of anybody else rows
are taken in, and stand in no figure.
"""

from functools import cache

from sources.folder.reference import seed_rows
from sources.ledger.receipts import Receipt
from sources.partnership.read import list_rows

REMEDY = (
    "add the supplier and the area that it answers for to catalogue/suppliers.csv of the partnership's folder "
    "(a police force: its name in files to dbt_project/seeds/areas/police_forces.csv), "
    "or take the deliveries back with `csp withdraw`; a supplier that answers for no area of a partnership, such as "
    "the British Transport Police, may stay as it is"
)


def counts(receipt: Receipt) -> bool:
    """Return whether rows of the delivery can stand in a figure; estimates, by which figures are divided, do not."""
    return receipt.source_feed in _counted_feeds() and _is_known(receipt)


def is_of_unknown_supplier(receipt: Receipt) -> bool:
    """Return whether a delivery counts for nothing because nobody has said which area its supplier answers for."""
    return bool(receipt.supplier) and receipt.source_feed in _counted_feeds() and not _is_known(receipt)


def _is_known(receipt: Receipt) -> bool:
    return (receipt.agency, receipt.supplier) in known_suppliers()


@cache
def known_suppliers() -> frozenset[tuple[str, str | None]]:
    """Return agency and supplier of all whose home area the models know."""
    forces = (("police", row["supplier"]) for row in seed_rows("areas", "police_forces") if row["supplier"])
    others = ((str(row["agency"]), str(row["supplier"])) for row in list_rows("suppliers"))
    return frozenset([*forces, *others])


@cache
def _counted_feeds() -> frozenset[str]:
    from sources.contract.load import load_contracts  # noqa: PLC0415 - what reads contracts is slow to import

    shipped = (row["source_feed"] for row in seed_rows("deliveries", "shipped_feed_count_periods"))
    own = (contract.key for contract in load_contracts().values() if contract.counted_as)
    return frozenset([*shipped, *own])
