"""What ends the serving of a release."""


class ServeError(Exception):
    """A release cannot be served; the message says where, why, and what to do."""


class PasswordOnCommandLineError(ServeError):
    """A password was given where everyone on the machine can read it."""
