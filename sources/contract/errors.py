"""What is wrong with a contract."""


class ContractError(Exception):
    """A contract document is wrong; the message names the file, the key and the remedy."""


class Mistake(Exception):
    """A mistake in a document, before its file is named: where it stands, what is wrong, and what to do."""

    def __init__(self, key: str, problem: str, remedy: str) -> None:
        super().__init__(f"{key}: {problem}. {remedy}")
        self.key, self.problem, self.remedy = key, problem, remedy
