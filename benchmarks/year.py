"""Times many nights, one a day, with pruning on: does a night stay as quick and the data folder as small?

    python benchmarks/year.py                          365 nights, 52 of them with a new or corrected month
    python benchmarks/year.py --nights 72 --busy 12 --keep 3 --older-than 20

The deliveries are months of the bundled street-level crime. Each night is a `csp nightly` in a process of its own, on
Linux, whose clock days_later.c sets a day after the one before, so that age prunes as it would (it takes a C compiler).
CPU is that of the process and its children; disk is what the files of the data folder occupy.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean

PROJECT_ROOT = Path(__file__).resolve().parents[1]
CSP = Path(sys.executable).with_name("csp")
SAMPLE = PROJECT_ROOT / "sources" / "samples" / "leicestershire-street-2020-04-2022-03.zip"
FIRST_MONTHS = 12
CLOCK = Path(__file__).with_name("days_later.c")
DELIVERED = ("landing", "archive", "raw", "rejected", "ledger")
INTERVAL = 10


@dataclass(frozen=True)
class Night:
    """What a night took: CPU in seconds, peak memory in MB, and what it left, in bytes by folder."""

    is_busy: bool
    cpu: float
    memory: float
    disk: dict[str, int]

    @property
    def kept(self) -> int:
        """What is not a delivery, which nothing prunes."""
        return sum(size for name, size in self.disk.items() if name not in DELIVERED)


def deliveries() -> Iterator[tuple[str, bytes]]:
    """Yield name and bytes of what busy nights bring: in turn a new month, and it corrected, without its last row."""
    with zipfile.ZipFile(SAMPLE) as archive:
        months = sorted(archive.namelist())
        for month in months[:FIRST_MONTHS]:
            yield Path(month).name, archive.read(month)
        for month in months[FIRST_MONTHS:]:
            yield Path(month).name, archive.read(month)
            yield Path(month).name, _shorter(archive.read(month), 1)
        rows = 1
        while True:  # a longer benchmark than the sample has months
            rows += 1
            yield Path(months[-1]).name, _shorter(archive.read(months[-1]), rows)


def _shorter(content: bytes, rows: int) -> bytes:
    return b"".join(content.splitlines(keepends=True)[:-rows])


def run_night(data: Path, day: int, is_busy: bool, keep: int, older_than: int) -> Night:
    """Run a night `day` days from now.

    Raises:
        SystemExit: it did not end with what a good night says; its output is printed.
    """
    environment = {
        **{name: value for name, value in os.environ.items() if name != "DAGSTER_HOME"},
        "CSP_DATA_DIR": str(data),
        "CSP_PRUNE_KEEP": str(keep),
        "CSP_PRUNE_OLDER_THAN": str(older_than),
        "LD_PRELOAD": str(data.with_name("days_later.so")),
        "CLOCK_DAYS_LATER": str(day),
    }
    with tempfile.TemporaryFile("w+") as output:
        process = subprocess.Popen([CSP, "nightly"], env=environment, stdout=output, stderr=subprocess.STDOUT)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        said = output.read()
    last = said.strip().splitlines()[-1]
    if process.returncode or last.startswith("published" if not is_busy and day > 0 else "nothing new"):
        raise SystemExit(f"night {day} ended with {process.returncode}:\n{said[-3000:]}")
    return Night(is_busy, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, occupied(data))


def occupied(data: Path) -> dict[str, int]:
    """Return what the files of each folder of the data folder occupy, in bytes; a file of two names counts once."""
    seen: set[int] = set()
    sizes: dict[str, int] = {}
    for path in data.rglob("*"):
        found = path.lstat()
        if path.is_file() and not path.is_symlink() and found.st_ino not in seen:
            seen.add(found.st_ino)
            name = path.relative_to(data).parts[0]
            sizes[name] = sizes.get(name, 0) + found.st_blocks * 512
    return sizes


def line(label: str, nights: Sequence[Night]) -> str:
    """Return how a stretch of nights went, in a row under HEADER."""
    cpu = [
        f"{mean(times):.1f}" if (times := [night.cpu for night in nights if night.is_busy is is_busy]) else "-"
        for is_busy in (False, True)
    ]
    last = nights[-1]
    megabytes = [
        last.kept,
        *(last.disk.get(name, 0) for name in ("dagster", "releases", "lineage", "dbt")),
        sum(last.disk.get(name, 0) for name in DELIVERED),
    ]
    memory = max(night.memory for night in nights)
    return f"{label:<10}{cpu[0]:>8}{cpu[1]:>8}{memory:>8.0f}" + "".join(f"{size / 1e6:>11.1f}" for size in megabytes)


HEADER = f"{'':<10}{'CPU seconds':>16}{'MB':>8}{'MB on disk at the end':>33}\n" + (
    f"{'nights':<10}{'quiet':>8}{'busy':>8}{'memory':>8}{'all but':>11}{'dagster':>11}{'releases':>11}{'lineage':>11}"
    f"{'dbt':>11}{'deliveries':>11}"
)


def main() -> None:
    """Run the nights and print how each stretch of ten went."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--nights", type=int, default=365)
    parser.add_argument("--busy", type=int, default=52, help="how many of them bring something")
    parser.add_argument("--keep", type=int, default=12, help="as `csp prune --keep`")
    parser.add_argument("--older-than", type=int, default=90, help="days, as `csp prune --older-than`")
    chosen = parser.parse_args()
    brought = deliveries()
    nights: list[Night] = []
    with tempfile.TemporaryDirectory() as temporary:
        data = Path(temporary) / "data"
        landing = data / "landing" / "police" / "street_crime"
        landing.mkdir(parents=True)
        clock = Path(temporary) / "days_later.so"
        subprocess.run(["cc", "-O2", "-shared", "-fPIC", "-o", clock, CLOCK, "-ldl"], check=True)
        for _ in range(FIRST_MONTHS):
            drop(landing, *next(brought))
        first = run_night(data, 0, True, chosen.keep, chosen.older_than)
        print(HEADER, line("first", [first]), sep="\n", flush=True)  # noqa: T201
        for day in range(1, chosen.nights + 1):
            is_busy = day * chosen.busy // chosen.nights > (day - 1) * chosen.busy // chosen.nights
            if is_busy:
                drop(landing, *next(brought))
            nights.append(run_night(data, day, is_busy, chosen.keep, chosen.older_than))
            if day % INTERVAL == 0 or day == chosen.nights:
                start = (day - 1) // INTERVAL * INTERVAL
                print(line(f"{start + 1}-{day}", nights[start:]), flush=True)  # noqa: T201


def drop(landing: Path, name: str, content: bytes) -> None:
    """Deliver a file."""
    (landing / name).write_bytes(content)


if __name__ == "__main__":
    main()
