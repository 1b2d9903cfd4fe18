"""Dagster's storage in PostgreSQL, in the database that the environment names; dagster.yaml holds no address."""

from collections.abc import Mapping
from typing import Any

from dagster._serdes import ConfigurableClassData
from dagster_postgres import DagsterPostgresStorage

from orchestration.dagster_server import DagsterServerError, server_address


class ServerStorage(DagsterPostgresStorage):
    """Runs, events and schedules of an instance in a database of its own.

    Dagster speaks to it through psycopg2, and SQLAlchemy from 2.1 on takes that only where the address says so.
    """

    @classmethod
    def config_type(cls) -> dict[str, Any]:
        """Return the settings that dagster.yaml gives: none."""
        return {}

    @classmethod
    def from_config_value(  # type: ignore[override]
        cls,
        inst_data: ConfigurableClassData | None,
        config_value: Mapping[str, str],  # noqa: ARG003
    ) -> "ServerStorage":
        """Return the storage in the database of the environment.

        Raises:
            DagsterServerError: the environment names none.
        """
        address = server_address()
        if address is None:
            raise DagsterServerError("dagster.yaml is of runs in PostgreSQL, and no variable names the database")
        return cls(address.replace("postgresql:", "postgresql+psycopg2:", 1), inst_data=inst_data)
