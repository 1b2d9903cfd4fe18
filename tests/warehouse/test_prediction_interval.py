"""The 95% prediction interval of a projected outturn holds its coverage, as the model's own SQL computes it.

The model runs here on made-up years: Poisson months round a seasonal mean, a profile of one year or of three, and an
outturn that is known because the rest of the year is drawn too.
"""

import re

import duckdb
import numpy as np
import pandas as pd
import pytest

from tests.places import DBT_PROJECT

MODEL = next((DBT_PROJECT / "models").rglob("int_outturns__projected.sql"))
YEARS = 4_000
MEANS = (1, 2, 3, 5, 10, 30, 100, 300)
CHANGES = (0.8, 1.0, 1.2)


def projections(followed: pd.DataFrame) -> pd.DataFrame:
    """Return what the model makes of these targets; it reads nothing else."""
    sql, references = re.subn(r'\{\{ ref\("int_targets__followed"\) \}\}', "followed", MODEL.read_text())
    assert references == 1
    assert "{{" not in sql
    with duckdb.connect() as connection:
        connection.register("followed", followed)
        return connection.execute(sql).df()


def made_up_years(seasonality: float, profile_years: int) -> pd.DataFrame:
    """Return every month of many years, each with its outturn: whole years of months, cut after each month in turn."""
    random = np.random.default_rng(20220331 + profile_years)
    season = 1 + seasonality * np.cos(np.arange(12) * np.pi / 6)
    frames = []
    for mean in MEANS:
        for change in CHANGES:
            months = mean * season / season.mean()
            actual = random.poisson(change * months, (YEARS, 12))
            profile = random.poisson(months, (YEARS, profile_years, 12)).sum(axis=1)
            for elapsed in range(1, 12):
                frames.append(
                    pd.DataFrame(
                        {
                            "mean": mean,
                            "change": change,
                            "months_elapsed": elapsed,
                            "actual_count": actual[:, :elapsed].sum(axis=1).astype(float),
                            "profile_to_date_count": profile[:, :elapsed].sum(axis=1).astype(float),
                            "profile_count": profile.sum(axis=1).astype(float),
                            "known_outturn": actual.sum(axis=1),
                        }
                    )
                )
    years = pd.concat(frames, ignore_index=True)
    return years.assign(target_id=np.arange(len(years)))


@pytest.mark.parametrize("profile_years", [1, 3])
@pytest.mark.parametrize("seasonality", [0.0, 0.4])
def test_the_interval_covers_as_it_promises(seasonality: float, profile_years: int) -> None:
    """Over all years between 93% and 97%, and so, give or take chance, at each size, change and month elapsed.

    Below five a month whole numbers leave no choice but to cover more; nothing covers less than it should.
    """
    years = made_up_years(seasonality, profile_years)
    projected = projections(years).merge(years, on=["target_id", "months_elapsed"])
    assert len(projected) == (years["profile_to_date_count"] > 0).sum()
    projected["held"] = projected["known_outturn"].between(projected["lower_95"], projected["upper_95"])
    assert (projected["lower_95"] >= projected["actual_count"]).all()
    enough = projected[projected["mean"] >= 5]
    assert 0.93 <= enough["held"].mean() <= 0.97
    for mean in MEANS:
        held = projected.loc[projected["mean"] == mean, "held"].mean()
        assert 0.93 <= held <= (0.97 if mean >= 5 else 0.995), f"{held:.3f} of years with {mean} a month"
    # Four standard errors of a share of so many years.
    chance = 4 * np.sqrt(0.95 * 0.05 / YEARS)
    shares = projected.groupby(["mean", "change", "months_elapsed"])["held"].mean()
    assert shares.min() >= 0.95 - 0.01 - chance, shares.idxmin()
    of_enough = shares[shares.index.get_level_values("mean") >= 5]
    assert of_enough.max() <= 0.95 + 0.01 + chance, of_enough.idxmax()
