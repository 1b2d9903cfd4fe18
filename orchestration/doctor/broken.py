"""How a point says that it is not sound."""


class BrokenError(Exception):
    """Something that keeps a night from working; the message says what to do."""
