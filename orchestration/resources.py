"""Resources: the data folder, as Dagster's steps get it."""

from dagster import ConfigurableResource

from sources.data_folder import DataFolder


class DataFolderResource(ConfigurableResource[DataFolder]):
    """The data folder that CSP_DATA_DIR names; every path of a run comes from it."""

    def open(self) -> DataFolder:
        """Return the folder's paths."""
        return DataFolder.from_environment()
