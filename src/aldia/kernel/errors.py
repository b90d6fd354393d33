"""Expected trouble has a name, a Spanish sentence for the reader and the facts behind it."""

from typing import Any


class AldiaError(Exception):
    """Something a user can understand and mend.

    sentence: Spanish, says what happened and what to do. facts: the values behind it, for `--json` and logs.
    The class attribute `code` is the stable name a program may compare with.
    """

    code = "error"

    def __init__(self, sentence: str, **facts: Any) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.facts = facts

    def as_dict(self) -> dict[str, Any]:
        """The refusal as `aldia … --json` prints it."""
        return {"error": self.code, "sentence": self.sentence, **self.facts}
