"""What a feed has received, indexed by what intake asks of it: one more delivery costs the same late as early."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from pathlib import PurePosixPath

from sources.folder.landed import Candidate
from sources.ledger.delivery_key import DeliveryKey
from sources.ledger.receipts import Acceptance, LandingFile, Receipt


class History:
    """The receipts of one feed and the landing files that are done with, seen under the contracts of today.

    `version_for` tells which version of a contract decides about a file of a given base name now, and
    `has_other_columns` whether the rows taken in by a receipt have other columns or types than that version says.
    """

    def __init__(
        self,
        receipts: Iterable[Receipt],
        landing_files: Iterable[LandingFile],
        version_for: Callable[[str], str],
        has_other_columns: Callable[[Receipt], bool],
    ) -> None:
        self._version_for = version_for
        self._has_other_columns = has_other_columns
        self._accepted: dict[str, Acceptance] = {}
        self._seen: defaultdict[tuple[str, int, int], list[LandingFile]] = defaultdict(list)
        self._done: set[tuple[str, str, str]] = set()
        self._by_path: defaultdict[str, list[Receipt]] = defaultdict(list)
        self._latest: dict[tuple[str, str | None], Receipt] = {}
        self._read_as: set[tuple[tuple[str, str | None], str, str]] = set()
        self._standing: dict[DeliveryKey, Receipt] = {}
        for landing_file in landing_files:
            self.add_landing_file(landing_file)
        for receipt in receipts:
            self.add(receipt)
        self._of_earlier_runs = {
            (
                path,
                receipt.container_sha256 or receipt.file_sha256,
                receipt.file_sha256,
                receipt.file_name,
                receipt.contract_version,
            )
            for path, received in self._by_path.items()
            for receipt in received
        }

    def add(self, receipt: Receipt) -> None:
        """Add the next receipt."""
        self._by_path[receipt.landing_path].append(receipt)
        # A release from quarantine says nothing about the number of rows.
        if receipt.acceptance and not receipt.carries_personal_data:
            self._accepted[receipt.file_sha256] = receipt.acceptance
        if receipt.outcome != "duplicate":
            identity = _identity(receipt.file_sha256, receipt.container_sha256, receipt.file_name)
            self._latest[identity] = receipt
            self._read_as.add((identity, receipt.file_name, receipt.contract_version))
        if receipt.is_taken_in:
            self._standing[receipt.delivery_key] = receipt

    def add_landing_file(self, landing_file: LandingFile) -> None:
        """Add a landing file that is done with."""
        self._seen[landing_file.path, landing_file.size, landing_file.mtime_ns].append(landing_file)
        self._done.add((landing_file.path, landing_file.sha256, landing_file.contract_version))

    def is_pending(self, candidate: Candidate) -> bool:
        """Return whether the file was not seen yet, or another contract refused rows of it, or someone accepted it."""
        seen = self._seen.get((candidate.path, candidate.size, candidate.mtime_ns))
        if seen is None:
            return True
        version = self._version_for(candidate.name)
        is_tried = any(one.contract_version == version for one in seen)
        brought = self.brought_by(candidate.path, seen[-1].sha256)
        if not brought:
            return True  # the ledger lost the end of its receipts
        return any(
            self._is_confirmed(receipt) if is_tried else self.is_worth_another_try(receipt) for receipt in brought
        )

    def is_worth_another_try(self, receipt: Receipt) -> bool:
        """Return whether the contract's version of now may give other rows than the one of then, or someone accepts it.

        It may where rows were refused, and where a column came, went or has another type.
        """
        standing = self.standing(receipt.delivery_key)
        return self._is_confirmed(receipt) or (
            receipt.withdrawal is None
            and receipt.contract_version != self._version_for(receipt.file_name)
            # No contract makes a part of a period whole.
            and not came_early(receipt)
            # A correction that came since stays the one that counts.
            and (standing is None or standing.receipt_number <= receipt.receipt_number)
            and (receipt.outcome == "refused" or receipt.rows_rejected > 0 or self._has_other_columns(receipt))
        )

    def _is_confirmed(self, receipt: Receipt) -> bool:
        """Return whether someone accepted the delivery, or that of its bytes, and nothing was taken in since."""
        delivery = self.latest(receipt.file_sha256, receipt.container_sha256, receipt.file_name)
        if delivery is None or delivery.acceptance is None:
            return False
        standing = self.standing(delivery.delivery_key)
        return standing is None or standing.receipt_number < delivery.receipt_number

    def acceptance(self, file_sha256: str) -> Acceptance | None:
        """Return the latest acceptance of these bytes."""
        return self._accepted.get(file_sha256)

    def is_resumed(self, landing_path: str, landed_sha256: str, file_sha256: str, file_name: str) -> bool:
        """Return whether an earlier run died after this delivery's receipt and before its landing file was done."""
        landed_version = self._version_for(PurePosixPath(landing_path).name)
        return (landing_path, landed_sha256, landed_version) not in self._done and (
            landing_path,
            landed_sha256,
            file_sha256,
            file_name,
            self._version_for(file_name),
        ) in self._of_earlier_runs

    def brought_by(self, landing_path: str, landed_sha256: str) -> list[Receipt]:
        """Return the receipts of a landing file of these bytes, or of its members."""
        return [
            receipt
            for receipt in self._by_path[landing_path]
            if landed_sha256 in {receipt.file_sha256, receipt.container_sha256}
        ]

    def is_of_personal_data(self, receipt: Receipt) -> bool:
        """Return whether the delivery of a receipt carries personal data, as it was last read."""
        latest = self.latest(receipt.file_sha256, receipt.container_sha256, receipt.file_name)
        return (latest or receipt).carries_personal_data

    def latest(self, file_sha256: str, container_sha256: str | None, file_name: str) -> Receipt | None:
        """Return the latest receipt of these bytes that is itself no duplicate."""
        return self._latest.get(_identity(file_sha256, container_sha256, file_name))

    def was_read_as(self, file_sha256: str, container_sha256: str | None, file_name: str) -> bool:
        """Return whether these bytes were read before under this name and the contract's version of now."""
        identity = _identity(file_sha256, container_sha256, file_name)
        return (identity, file_name, self._version_for(file_name)) in self._read_as

    def standing(self, key: DeliveryKey) -> Receipt | None:
        """Return the receipt of the delivery of this key that stands."""
        return self._standing.get(key)

    def standing_before(self, key: DeliveryKey) -> list[Receipt]:
        """Return what stands for the periods of the same series before one, in their order."""
        earlier = {
            other.period_start: receipt
            for other, receipt in self._standing.items()
            if other.series == key.series and other.period_start and other.period_start < str(key.period_start)
        }
        return [earlier[start] for start in sorted(earlier)]


def came_early(receipt: Receipt) -> bool:
    """Return whether the delivery was received before its period was over."""
    return receipt.period_end is not None and receipt.received_at[:10] <= receipt.period_end


def _identity(file_sha256: str, container_sha256: str | None, file_name: str) -> tuple[str, str | None]:
    """Return what is the same for the same bytes; members that could not be read share their zip's, and have a name."""
    return file_sha256, file_name if file_sha256 == container_sha256 else None
