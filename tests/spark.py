"""Whether Spark can run here: its tests skip where it cannot."""

from importlib.util import find_spec

import pytest

from orchestration.spark.engine import lack_of_java

WHY_NOT = "PySpark is not installed: `make setup-spark`" if find_spec("pyspark") is None else lack_of_java()
needs_spark = pytest.mark.skipif(WHY_NOT is not None, reason=WHY_NOT or "")
