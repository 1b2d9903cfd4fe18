"""Make seeds/indicators/poisson_limits.csv: exact 95% limits of a Poisson mean for counts of 0 to 9 (Garwood).

Run by hand: `python dbt_project/reference/poisson_limits.py`. From 10 on the models use Byar's approximation.
"""

import csv
import sys
from pathlib import Path

from scipy.stats import chi2

SEED = Path(__file__).resolve().parents[1] / "seeds" / "indicators" / "poisson_limits.csv"


def exact_limits(count: int) -> tuple[float, float]:
    """Return the lower and upper 95% limit of the mean behind an observed count."""
    lower = float(chi2.ppf(0.025, 2 * count) / 2) if count else 0.0
    return lower, float(chi2.ppf(0.975, 2 * count + 2) / 2)


def write_seed(path: Path = SEED) -> None:
    """Write the limits, rounded to six decimals."""
    with path.open("w", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(["observed_count", "lower_95", "upper_95"])
        rows.writerows((count, *(f"{limit:.6f}" for limit in exact_limits(count))) for count in range(10))


if __name__ == "__main__":
    write_seed(Path(sys.argv[1]) if len(sys.argv) > 1 else SEED)
