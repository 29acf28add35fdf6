"""Whether two models' corpus studies are of one kind, so that their ranks can be compared."""

from xsb_core.studies.lexical.same_tokens import LexicalStudy
from xsb_core.studies.syntax.relations import SyntaxStudy

CorpusStudy = LexicalStudy | SyntaxStudy


def unlike_notes(first: CorpusStudy, second: CorpusStudy) -> list[str]:
    """Says in what two studies differ besides the model.

    Args:
        first: One model's study.
        second: Another's.

    Returns:
        A sentence, or none where both leave as many blocks before the score and are of the same
        pairs.
    """
    depths = [study.settings["blocks"] - study.settings["layer"] for study in (first, second)]
    apart = []
    if depths[0] != depths[1]:
        apart.append(f"one leaves {depths[0]} blocks before the score, the other {depths[1]}")
    if (first.pairs, sorted(first.sources)) != (second.pairs, sorted(second.sources)):
        apart.append(
            f"one is of {first.pairs:,} pairs ({', '.join(first.sources)}), the other of "
            f"{second.pairs:,} ({', '.join(second.sources)})"
        )
    if not apart:
        return []
    return [
        f"These results differ in more than the model: {'; '.join(apart)}. What the comparison "
        "shows may come from that."
    ]
