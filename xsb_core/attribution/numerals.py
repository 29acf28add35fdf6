"""Numbers, counts and times as people read them: with a true minus, and none before zero."""

from math import isnan


def signed(value: float, places: int = 4) -> str:
    """A number with its sign."""
    return f"{value:+z.{places}f}".replace("-", "\u2212")


def share(value: float, whole: float) -> str:
    """A value as a percentage of a whole; a dash where that is 0."""
    return f"{100 * value / whole:z.1f}%".replace("-", "\u2212") if whole else "\u2013"


def correlation(value: float) -> str:
    """A correlation with its sign; words for NaN, that of numbers which don't differ."""
    return "not defined" if isnan(value) else signed(value, 2)


def counted(count: int, name: str) -> str:
    """A number of things, whose name takes an s where they are not one."""
    return f"{count:,} {name}{'s' * (count != 1)}"


def span(seconds: float) -> str:
    """Seconds as hours, minutes and seconds, such as 1:02:03 or 2:03."""
    minutes, seconds = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
