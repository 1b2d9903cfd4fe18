"""Times the generator of recorded-crime extracts: one month of any size, a force, or all of England and Wales.

    python benchmarks/extracts.py --area leicestershire --crimes 10000000 --months 12
    python benchmarks/extracts.py --area all --crimes 10000000 --months 12

Wards are those of the reference data, weighted by their lower layer areas, so a nation's crimes lie all over it.
Everything is written to a temporary folder, or to --out to be kept. Memory is the peak resident size of the process.
"""

import argparse
import resource
import tempfile
import time
from pathlib import Path

import duckdb

from sources.samples.generate import write_months

PROJECT_ROOT = Path(__file__).resolve().parents[1]
REFERENCE = PROJECT_ROOT / "dbt_project" / "reference"
FORCES = PROJECT_ROOT / "dbt_project" / "seeds" / "police_forces.csv"
_QUOTED = "all_varchar = true, quote = '\"'"
_WARDS = f"""
    SELECT lsoa.ward_code, count(*) AS weight
    FROM read_csv('{REFERENCE / "lsoas.csv"}', {_QUOTED}) AS lsoa
    INNER JOIN read_csv('{REFERENCE / "districts.csv"}', {_QUOTED}) AS district USING (district_code)
    INNER JOIN read_csv('{FORCES}', {_QUOTED}) AS force USING (force_code)
    WHERE force.supplier = $supplier AND lsoa.ward_code IS NOT NULL
    GROUP BY lsoa.ward_code
"""


def write_places(connection: duckdb.DuckDBPyConnection, supplier: str, target: Path) -> int:
    """Write the wards of a force as places of the generator; return how many lower layer areas they have."""
    wards = connection.execute(f"{_WARDS} ORDER BY ward_code", {"supplier": supplier}).fetchall()
    lines = [f",{ward},,450000,300000,9000{f',{weight}' * 4}\n" for ward, weight in wards]
    header = "locality,ward_code,beat_code,easting,northing,radius,spread,town,centre,rural\n"
    target.write_text(header + "".join(lines), encoding="utf-8")
    return sum(weight for _, weight in wards)


def main() -> None:
    """Write the extracts and print what they took."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--area", default="leicestershire", help="a force by its name in file names, or all")
    parser.add_argument("--crimes", type=int, default=10_000_000)
    parser.add_argument("--months", type=int, default=12)
    parser.add_argument("--out", type=Path)
    chosen = parser.parse_args()
    started = time.perf_counter()
    files = crimes = size = 0
    with tempfile.TemporaryDirectory() as temporary, duckdb.connect() as connection:
        suppliers = [
            supplier
            for (supplier,) in connection.execute(f"SELECT supplier FROM '{FORCES}' ORDER BY supplier").fetchall()
            if chosen.area in {supplier, "all"}
        ]
        places = {supplier: Path(temporary, f"{supplier}.csv") for supplier in suppliers}
        weights = {supplier: write_places(connection, supplier, file) for supplier, file in places.items()}
        for supplier, weight in weights.items():
            if not weight:
                continue
            share = chosen.crimes * weight // sum(weights.values())
            out = chosen.out or Path(temporary, "out")
            for file, rows in write_months(out, share, chosen.months, supplier, places[supplier]):
                files, crimes, size = files + 1, crimes + rows, size + file.stat().st_size
                if not chosen.out:
                    file.unlink()
    seconds = time.perf_counter() - started
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(  # noqa: T201
        f"{chosen.area}: {crimes:,} crimes in {files} files, {size / 1e9:.2f} GB, {seconds:.1f} s, "
        f"{crimes / seconds:,.0f} crimes a second, {memory:,.0f} MB"
    )


if __name__ == "__main__":
    main()
