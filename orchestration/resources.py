"""Resources: the data folder, as Dagster's steps get it."""

from pathlib import Path

from dagster import ConfigurableResource

from sources.folder.data_folder import DataFolder


class DataFolderResource(ConfigurableResource[DataFolder]):
    """The data folder that the code location was loaded for; every path of a run comes from it."""

    root: str

    def open(self) -> DataFolder:
        """Return the folder's paths."""
        return DataFolder(Path(self.root))
