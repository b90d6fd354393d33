"""The strategies Al Día comes with, as the TOML documents a creditor starts from."""

from importlib.resources import files


def shipped_strategies() -> dict[str, str]:
    """Name → TOML text of every shipped strategy, in alphabetical order; each begins with delivery."""
    documents = [each for each in files(__name__).iterdir() if each.name.endswith(".toml")]
    texts = {each.name.removesuffix(".toml"): each.read_text("utf-8") for each in documents}
    return dict(sorted(texts.items()))
