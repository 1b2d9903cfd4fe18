"""The content hash: equal for equal rows whatever their order, and different for any other rows."""

import duckdb
import pytest

from orchestration.releases import content_hash as content_hash_module
from orchestration.releases.content_hash import (
    MonthHashes,
    UnhashableColumnError,
    content_hash,
    hash_of_months,
    month_hashes,
)


def test_same_rows_give_the_same_hash_in_any_order_and_number_of_threads() -> None:
    hashes = set()
    for threads, order in [(1, "i"), (2, "i desc"), (8, "hash(i)")]:
        with duckdb.connect(config={"threads": threads}) as connection:
            connection.execute(
                f"create table t as select i, i / 3.0::double x from range(150000) r(i) order by {order}"
            )
            hashes.add(content_hash(connection, "t"))
    assert len(hashes) == 1


def test_hash_is_pinned() -> None:
    """A new DuckDB that writes a value differently shows here, not as a changed release."""
    with duckdb.connect() as connection:
        connection.execute(
            """create table t as select 1::bigint as n, 0.1::double as x, 1e300::double as y,
            -0.0::double as z, 1.50::decimal(9, 2) as d, date '2022-03-31' as day, true as yes,
            'é' as text, null::varchar as nothing, timestamp '2022-03-31 12:00:00' as at"""
        )
        found = content_hash(connection, "t")
    assert found == "d6b4cc1a50591f0d4af171aa9005c1f38bfdd6682c6228e04f8c7f650e14792f"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("null::varchar", "'null'"),
        ("null::varchar", "''"),
        ("null::varchar", "'-'"),
        ("1::integer", "1::bigint"),
        ("0.1::double", "0.1::double + 1e-17::double + 2e-17::double"),
        ("'a' as a, 'b'", "'ab' as a, ''"),
        ("'1:a' as a, 'b'", "'1' as a, 'a1:b'"),
        ("1 as a, 2", "2 as a, 1"),
    ],
)
def test_different_rows_give_different_hashes(one: str, other: str) -> None:
    with duckdb.connect() as connection:
        connection.execute(f"create table one as select {one} as value")
        connection.execute(f"create table other as select {other} as value")
        assert content_hash(connection, "one") != content_hash(connection, "other")


def test_repeated_rows_count() -> None:
    with duckdb.connect() as connection:
        connection.execute("create table once as select 1 as value")
        connection.execute("create table twice as select 1 as value from range(2)")
        assert content_hash(connection, "once") != content_hash(connection, "twice")


def test_type_without_a_stable_text_is_refused() -> None:
    with duckdb.connect() as connection:
        connection.execute("create table t as select [1, 2] as a")
        with pytest.raises(UnhashableColumnError, match="column a of t"):
            content_hash(connection, "t")


def test_the_hash_of_a_large_table_is_one_of_its_months() -> None:
    """In whatever order rows lie; a changed row changes the hash of its month alone, and a missing date is a month."""
    with duckdb.connect() as connection:
        connection.execute(
            "create table t as select date '2020-04-01' + i::int as day, i as value from range(40) as numbers (i) "
            "union all select null, -1"
        )
        connection.execute("create table turned as from t order by value desc")
        months = month_hashes(connection, "t", "day")
        assert list(months) == ["", "2020-04", "2020-05"]
        assert month_hashes(connection, "turned", "day") == months
        whole = content_hash(connection, "t", months_of="day")
        assert whole == hash_of_months(connection, "t", months) != content_hash(connection, "t")
        connection.execute("update t set value = 7 where day = date '2020-05-01'")
        changed = month_hashes(connection, "t", "day")
        assert [month for month in months if months[month] != changed[month]] == ["2020-05"]
        assert content_hash(connection, "t", months_of="day") != whole
        connection.execute("alter table t rename value to other")
        assert content_hash(connection, "t", months_of="day") != hash_of_months(connection, "turned", changed)


def test_a_month_that_is_known_is_not_hashed_again() -> None:
    """Its hash is taken from what is known by its fingerprint; whatever changes in it makes it unknown.

    A column of dates may be called month, as in measure_values, and have other days than the first.
    """
    with duckdb.connect() as connection:
        connection.execute(
            "create table t as select date '2020-04-01' + i::int as month, i as value, i % 3 as kind "
            "from range(60) as numbers (i)"
        )
        known: MonthHashes = {}
        months = month_hashes(connection, "t", "month", known=known)
        assert list(known.values()) == list(months.values())
        made_up = dict.fromkeys(known, "taken from what is known")
        assert set(month_hashes(connection, "t", "month", known=made_up).values()) == {"taken from what is known"}
        for change in (
            "update t set value = -1 where month = date '2020-04-02'",
            "update t set value = 3 - value where value in (1, 2)",  # two values change places
            "delete from t where month = date '2020-04-02'",
            "insert into t from t where month = date '2020-04-02'",
            "alter table t alter value type varchar",
            "alter table t rename value to other",
        ):
            connection.execute("begin")
            connection.execute(change)
            changed = {**known}
            assert month_hashes(connection, "t", "month", known=changed) == month_hashes(connection, "t", "month"), (
                change
            )
            assert set(changed) != set(known), change
            connection.execute("rollback")


def test_a_table_that_is_known_is_not_hashed_again() -> None:
    with duckdb.connect() as connection:
        connection.execute("create table t as select i, i / 7 as value from range(9) as numbers (i)")
        known: MonthHashes = {}
        assert content_hash(connection, "t", known=known) == content_hash(connection, "t")
        made_up = dict.fromkeys(known, "taken from what is known")
        assert content_hash(connection, "t", known=made_up) == "taken from what is known"
        connection.execute("update t set value = i / 7 + 1e-12 where i = 3")
        assert content_hash(connection, "t", known=made_up) == content_hash(connection, "t")
        assert known.keys().isdisjoint(made_up)
        connection.execute("delete from t")
        assert content_hash(connection, "t", known=made_up) == content_hash(connection, "t")
        assert list(made_up.values()) == [content_hash(connection, "t")]


def test_a_month_that_was_hashed_in_another_way_is_not_known(monkeypatch: pytest.MonkeyPatch) -> None:
    with duckdb.connect() as connection:
        connection.execute("create table t as select date '2020-04-01' as day, 0.5::double as value")
        known: MonthHashes = {}
        month_hashes(connection, "t", "day", known=known)
        before = {**known}
        monkeypatch.setitem(content_hash_module._TEXT_OF, "DOUBLE", "({column} + 1)::varchar")
        assert month_hashes(connection, "t", "day", known=known) == month_hashes(connection, "t", "day")
        assert known.keys().isdisjoint(before)
