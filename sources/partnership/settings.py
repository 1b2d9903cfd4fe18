"""What a partnership.yaml may say."""

from pydantic import BaseModel, ConfigDict, Field


class Settings(BaseModel):
    """What partnership.yaml says."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(min_length=1)
    """The partnership, as its pages call it."""
    plans_in_force: list[str] | None = None
    """Folders of plans/ that count; all of them where nothing is said."""
