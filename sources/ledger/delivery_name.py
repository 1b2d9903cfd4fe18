"""How a delivery is named where others read: by what we know of it, and by nothing that its sender wrote.

Who sent it is told where a contract or the seeds of the models know the supplier; any other text of a file name is not.
"""

from sources.contract.model import Contract
from sources.ledger.counting import known_suppliers
from sources.ledger.receipts import Receipt

NOT_KNOWN = "of a supplier not known"


def delivery_name(receipt: Receipt, contract: Contract | None) -> str:
    """Return feed, supplier, period and receipt number, as `police/street_crime leicestershire 2021-04, receipt 12`.

    `contract` is that of the feed, if there is one.
    """
    who = supplier_told(receipt, contract) or NOT_KNOWN
    return f"{receipt.source_feed} {who} {_period(receipt)}, receipt {receipt.receipt_number}"


def supplier_told(receipt: Receipt, contract: Contract | None) -> str | None:
    """Return the supplier of a delivery where a contract or a seed knows it; None where nobody does."""
    is_known = (receipt.agency, receipt.supplier) in known_suppliers() or (
        contract is not None and receipt.supplier in {document.supplier for document in contract.documents}
    )
    return receipt.supplier if is_known else None


def _period(receipt: Receipt) -> str:
    if receipt.period_start is None or receipt.period_end is None:
        return "period unknown"
    first, last = receipt.period_start[:7], receipt.period_end[:7]
    return first if first == last else f"{first} to {last}"
