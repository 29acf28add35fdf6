"""What a model did not read of its texts, and what else is to be known before a score is read."""

from xsb_core.attribution.result import Attribution

# Share of a text's characters from which a warning comes before the picture.
MUCH_UNREAD = 0.1


def warnings_of(result: Attribution) -> tuple[str, ...]:
    """What to know before a result is looked at, a sentence each.

    Args:
        result: A pair's attribution.

    Returns:
        The model's own notes, then texts of which more than a tenth was read as unknown.

    Examples:
        >>> warnings_of(result)
        ()
    """
    unread = tuple(
        f"The model's vocabulary lacks {side.unread:.0%} of what it read of text {name} (tokens "
        "marked ⁇): texts that differ only there are the same to it."
        for name, side in (("A", result.a), ("B", result.b))
        if side.unread > MUCH_UNREAD
    )
    return result.notes + unread


def reading_sentences(result: Attribution) -> tuple[str, ...]:
    """What a verdict adds on how the texts were read and in which precision."""
    sentences = []
    if result.a.unread or result.b.unread:
        sentences.append(
            f"Read as unknown (⁇): {result.a.unread:.0%} of text A, {result.b.unread:.0%} of text "
            "B."
        )
    unscored = [
        f"{len(side.scored) - sum(side.scored)} of text {name}"
        for name, side in (("A", result.a), ("B", result.b))
        if not all(side.scored)
    ]
    if unscored:
        sentences.append(f"Tokens that the model does not match: {' and '.join(unscored)}.")
    if result.stored not in (None, result.dtype):
        sentences.append(
            f"Computed in {result.dtype}; the model ships in {result.stored}, in which its own "
            "score may differ by up to about 0.001."
        )
    return tuple(sentences)
