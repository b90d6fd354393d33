"""What the judge says: which law of the house is broken, where, and in words."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """A law that does not hold. law: I1 to I11, or one of our own words (`once`, `ladder`, `spacing` …)."""

    law: str
    sentence: str


class Broken(AssertionError):
    """The year broke a law; it says which, on which day, and with which seed to see it again."""

    def __init__(self, faults: list[Fault], where: str) -> None:
        self.laws = {fault.law for fault in faults}
        told = "\n".join(f"  {fault.law}: {fault.sentence}" for fault in faults[:12])
        super().__init__(f"{where}\n{told}\n  ({len(faults)} faults)")
