"""Runs nights on street-level crime of many forces: what they take, and how each model grows with the rows.

    make benchmark-nation                            4, 12 and all 43 forces, 24 months
    make benchmark-nation FORCES="1 4" MONTHS=12
    make benchmark-nation FORCES="12 43" MONTHS=120  58 million crimes in ten years: 40 GB of disk, some hours
    python -m benchmarks.nation --forces 43 --months 24 --crimes-an-area 14 --keep FOLDER

Each force delivers a file a month in the form of data.police.uk, and after the first night one month of one force comes
anew. A month has about as many crimes for each of its LSOAs as Leicestershire has, more in some LSOAs than in others.
The growth of a model between two sizes is the exponent of its time: 1 where it doubles with the rows. Times of models
are by the clock, so run it where nothing else does. Without `--keep` a folder is removed once it is measured.
"""

import argparse
import json
import math
import os
import tempfile
from collections.abc import Iterator, Mapping
from itertools import pairwise
from pathlib import Path

import duckdb

from benchmarks.nightly import BIN, PROJECT_ROOT, measure

REFERENCE = PROJECT_ROOT / "dbt_project" / "reference"
FORCES = PROJECT_ROOT / "dbt_project" / "seeds" / "areas" / "police_forces.csv"
LATEST_START, LAST_YEAR = 2020, 2024  # ten years begin after May 2013, when the types of crime changed
TOLD_FROM_SECONDS = 0.5  # the exponent of what is quicker tells of starting, not of growing
LINEAR = 1.05

LSOAS_OF_FORCES = f"""
    create table lsoas as
    select
        forces.supplier, forces.force_name, lsoas.lsoa_code, lsoas.lsoa_name,
        row_number() over (partition by forces.supplier order by hash(lsoas.lsoa_code)) - 1 as number,
        count(*) over (partition by forces.supplier) as area_count
    from read_csv('{REFERENCE / "lsoas.csv"}', quote = '"', all_varchar = true) as lsoas
    inner join read_csv('{REFERENCE / "districts.csv"}', quote = '"', all_varchar = true) as districts
        using (district_code)
    inner join read_csv('{FORCES}', quote = '"', all_varchar = true) as forces using (force_code)
    where lsoas.is_2011 = 'true'
"""
# The square of an even chance: a quarter of the LSOAs has half of the crimes.
ONE_MONTH = """
    copy (
        with crimes as (
            select
                i, hash($supplier || $month || i) as draw,
                (hash(i || $month || $supplier || 'place') % 1000003) / 1000003.0 as chance
            from range($crimes) as numbers (i)
        )
        select
            case when draw % 7 > 0 then sha256($supplier || $month || i) end as "Crime ID",
            $month as "Month", lsoas.force_name as "Reported by", replace($supplier, '-', ' ') as "Falls within",
            -1.2 as "Longitude", 52.6 as "Latitude", 'On or near High Street' as "Location",
            lsoas.lsoa_code as "LSOA code", lsoas.lsoa_name as "LSOA name",
            case
                when draw % 7 = 0 then 'Anti-social behaviour'
                when draw % 7 < 3 then 'Violence and sexual offences'
                else [
                    'Bicycle theft', 'Burglary', 'Criminal damage and arson', 'Criminal damage and arson', 'Drugs',
                    'Other crime', 'Other theft', 'Possession of weapons', 'Public order', 'Public order', 'Robbery',
                    'Shoplifting', 'Shoplifting', 'Theft from the person', 'Vehicle crime', 'Vehicle crime'
                ][1 + cast(draw // 7 % 16 as bigint)]
            end as "Crime type",
            case when draw % 7 > 0 then 'Unable to prosecute suspect' end as "Last outcome category",
            null as "Context"
        from crimes
        inner join lsoas
            on lsoas.supplier = $supplier and lsoas.number = cast(floor(area_count * chance * chance) as bigint)
    ) to '{file}' (header)
"""


def write_nation(landing: Path, forces: int, months: int, crimes_an_area: int) -> int:
    """Write a file a month of each of so many forces, large and small ones alike; return the crimes in all."""
    landing.mkdir(parents=True)
    crimes = 0
    first_year = min(LATEST_START, LAST_YEAR - months // 12)
    with duckdb.connect() as connection:
        connection.execute(LSOAS_OF_FORCES)
        suppliers = connection.execute(
            "select supplier, count(*) from lsoas group by supplier order by hash(supplier) limit ?", [forces]
        ).fetchall()
        for supplier, areas in suppliers:
            for number in range(months):
                month = f"{first_year + (number + 3) // 12}-{(number + 3) % 12 + 1:02}"
                file = str(landing / f"{month}-{supplier}-street.csv").replace("'", "''")
                told = {"supplier": supplier, "month": month, "crimes": areas * crimes_an_area}
                connection.execute(ONE_MONTH.format(file=file), told)
                crimes += areas * crimes_an_area
    return crimes


def seconds_of_models(data: Path) -> dict[str, float]:
    """Return the time that each model and data test of the last build took."""
    results = json.loads((data / "dbt" / "target" / "run_results.json").read_text())["results"]
    return {result["unique_id"].split(".")[2]: result["execution_time"] for result in results}


def exponents(before: tuple[int, Mapping[str, float]], after: tuple[int, Mapping[str, float]]) -> Iterator[str]:
    """Yield a line for each model worth telling, the fastest growing first; rows and seconds by model of each size."""
    (fewer, slow), (more, slower) = before, after
    grown = {
        name: math.log(seconds / slow[name]) / math.log(more / fewer)
        for name, seconds in slower.items()
        if seconds >= TOLD_FROM_SECONDS and slow.get(name, 0) > 0
    }
    for name, exponent in sorted(grown.items(), key=lambda item: -item[1]):
        mark = "  faster than the rows" if exponent > LINEAR else ""
        yield f"    {name:<60}{slow[name]:8.2f} s{slower[name]:8.2f} s   exponent {exponent:5.2f}{mark}"


def correct_a_month(landing: Path) -> None:
    """Deliver the last month of one force anew, with one crime less; nothing waits for it to settle."""
    extract = max(landing.glob("*.csv"))
    delivered = extract.stat().st_mtime
    extract.write_bytes(b"".join(extract.read_bytes().splitlines(keepends=True)[:-1]))
    os.utime(extract, (0, delivered - 1))


def run(forces: int, months: int, crimes_an_area: int, data: Path) -> tuple[int, dict[str, float]]:
    """Run a night on so many forces and one after a corrected month, print what they took, and tell of the first.

    Returns the crimes, and the seconds of each model by its name.
    """
    landing = data / "landing" / "police" / "street_crime"
    crimes = write_nation(landing, forces, months, crimes_an_area)
    environment = {**os.environ, "CSP_DATA_DIR": str(data)}
    environment.pop("DAGSTER_HOME", None)
    label = f"{forces} forces, {months} months, {crimes:,} crimes"
    nightly = [str(BIN / "csp"), "nightly"]
    first = measure(label, nightly, environment)
    seconds = seconds_of_models(data)
    release = (data / "published" / "current").resolve()
    size = sum(file.stat().st_size for file in release.rglob("*") if file.is_file())
    with duckdb.connect(str(release / "indicators.duckdb"), read_only=True) as connection:
        tables = connection.execute(
            "select table_name, estimated_size from duckdb_tables() order by estimated_size desc limit 3"
        ).fetchall()
    print(f"    release {size / 1e6:,.0f} MB; " + ", ".join(f"{name} {rows:,}" for name, rows in tables), flush=True)  # noqa: T201
    correct_a_month(landing)
    corrected = measure("    one month of one force corrected", nightly, environment)
    before, after = sum(seconds.values()), sum(seconds_of_models(data).values())
    print(f"    of the first night {corrected / first:.2f}; of its models and tests {after / before:.2f} by the clock")  # noqa: T201
    return crimes, seconds


def main() -> None:
    """Run a night of each size, and tell how models grew from one to the next."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--forces", type=int, nargs="+", default=[4, 12, 43])
    parser.add_argument("--months", type=int, default=24)
    parser.add_argument("--crimes-an-area", type=int, default=14)
    parser.add_argument("--keep", type=Path, help="keep the data folders here")
    chosen = parser.parse_args()
    measured = []
    for forces in chosen.forces:
        with tempfile.TemporaryDirectory() as temporary:
            data = (chosen.keep or Path(temporary)) / f"{forces} forces"
            measured.append(run(forces, chosen.months, chosen.crimes_an_area, data))
    for before, after in pairwise(measured):
        print(f"from {before[0]:,} to {after[0]:,} crimes")  # noqa: T201
        print("\n".join(exponents(before, after)))  # noqa: T201


if __name__ == "__main__":
    main()
