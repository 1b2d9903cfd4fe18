"""What a partnership.yaml may say."""

from pydantic import BaseModel, ConfigDict, Field


class Settings(BaseModel):
    """What partnership.yaml says."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(min_length=1)
    """The partnership, as its pages call it."""
    plans_in_force: list[str] | None = None
    """Folders of plans/ that count; all of them where nothing is said."""
    partners_release: bool | None = None
    """Whether nights also make the partners' release, with exact figures; else none is made."""
    prune_keep: int | None = Field(default=None, ge=1, strict=True)
    """How many of the newest releases stay, when each night prunes; else that is not asked."""
    prune_older_than: int | None = Field(default=None, ge=1, strict=True)
    """How many days a release stays at least, when each night prunes."""
    quarantine_days: int | None = Field(default=None, ge=0, strict=True)
    """For how many days a file in quarantine stays; else 30."""
