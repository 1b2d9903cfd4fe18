"""What a night leaves behind that someone should know, as it stands in ledger, quarantine and release."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

import duckdb

from orchestration import releases
from sources.contract.load import load_contracts
from sources.contract.model import Contract
from sources.folder.data_folder import DataFolder
from sources.intake.quarantine import days_kept, in_quarantine, named
from sources.ledger.lateness import MissingReturn, local_today, overdue
from sources.ledger.receipts import Ledger

# A signal is news in the latest month of its series, and where the month before was steady.
_SIGNALS = """
    select indicator_code, indicator_name, area_code, area_name, period_label, signals, control_state, is_synthetic
    from (
        select *, lead(is_signal) over series as was_signal, row_number() over series as number
        from control_charts
        window series as (partition by indicator_code, area_code order by period_start desc)
    ) as charted
    inner join (select indicator_code, title as indicator_name from indicators) as named using (indicator_code)
    where number = 1 and is_signal and not coalesce(was_signal, false)
    order by is_synthetic, period_label desc, control_state desc, indicator_code, area_code
"""


@dataclass(frozen=True)
class NightEnd:
    """How a night ended: outcome and reason as its run has them, in words of ours, and the day (London)."""

    outcome: str
    reason: str
    day: date
    run_id: str = ""


@dataclass(frozen=True)
class LateReturns:
    """What one supplier of a feed owes, oldest first."""

    agency: str
    feed: str
    title: str
    owner: str
    supplier: str
    file_name_example: str
    periods: tuple[MissingReturn, ...]

    @property
    def keys(self) -> dict[str, MissingReturn]:
        """Return the periods by what each is remembered by once it was told."""
        return {f"late {self.feed} {self.supplier} {one.period_start}": one for one in self.periods}


@dataclass(frozen=True)
class Signal:
    """A month of a control chart that is more than noise, after a steady one."""

    indicator_code: str
    indicator_name: str
    area_code: str
    area_name: str
    period: str
    rules: str
    state: str
    is_synthetic: bool

    @property
    def key(self) -> str:
        """Return what it is remembered by once it was told."""
        return f"signal {self.indicator_code} {self.area_code} {self.period}"


@dataclass(frozen=True)
class Quarantined:
    """A file in quarantine, by feed and receipts, and the day on which it is purged."""

    name: str
    until: date

    @property
    def key(self) -> str:
        """Return what it is remembered by once it was told."""
        return f"quarantine {self.name}"


@dataclass(frozen=True)
class Standing:
    """All that stands after a night, told before or not."""

    late: tuple[LateReturns, ...] = ()
    signals: tuple[Signal, ...] = ()
    quarantined: tuple[Quarantined, ...] = ()

    @property
    def keys(self) -> set[str]:
        """Return what all of it is remembered by."""
        late = {key for one in self.late for key in one.keys}
        return late | {one.key for one in self.signals} | {one.key for one in self.quarantined}


def standing_after_a_night(folder: DataFolder) -> Standing:
    """Look at ledger, quarantine and current release of a data folder."""
    contracts = load_contracts()
    late = overdue(contracts, Ledger(folder).standing(), local_today())
    return Standing(
        late=tuple(_late(contracts[feed], supplier, of_feed) for (feed, supplier), of_feed in _by_supplier(late)),
        signals=tuple(_signals(folder)),
        quarantined=tuple(_quarantined(folder)),
    )


def _by_supplier(late: Sequence[MissingReturn]) -> list[tuple[tuple[str, str], list[MissingReturn]]]:
    def of(one: MissingReturn) -> tuple[str, str]:
        return one.source_feed, one.supplier

    return [(key, list(of_feed)) for key, of_feed in groupby(sorted(late, key=of), key=of)]


def _late(contract: Contract, supplier: str, periods: Sequence[MissingReturn]) -> LateReturns:
    return LateReturns(
        agency=contract.agency,
        feed=contract.key,
        title=contract.title,
        owner=contract.owner,
        supplier=supplier,
        file_name_example=contract.file_name_example,
        periods=tuple(periods),
    )


def _signals(folder: DataFolder) -> list[Signal]:
    current = releases.current_id(folder)
    if current is None:
        return []
    try:
        with duckdb.connect(str(folder.releases / current / releases.DATABASE), read_only=True) as connection:
            return [Signal(*row) for row in connection.execute(_SIGNALS).fetchall()]
    except duckdb.Error:
        return []  # a release of before there were control charts; one that is damaged is for `csp doctor`


def _quarantined(folder: DataFolder) -> list[Quarantined]:
    found = in_quarantine(folder)
    receipts = Ledger(folder).receipts() if found else []
    return [Quarantined(named(one, receipts), one.ends(days_kept()).date()) for one in found]
