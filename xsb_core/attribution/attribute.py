"""Attributions of one pair and of many, each distinct text computed once."""

from collections.abc import Iterator, Sequence
from itertools import chain

from xsb_core.attribution.pair import pair_attribution
from xsb_core.attribution.recipe import Recipe
from xsb_core.attribution.result import Attribution
from xsb_core.attribution.store import FactorStore, Instructed
from xsb_core.attribution.text_factors import PASSAGE, TextFactors, text_factors
from xsb_core.attribution.work import Work
from xsb_core.encoders.encoder import Encoder
from xsb_core.encoders.instruction import Instruction
from xsb_core.errors import about_text
from xsb_core.integration.jacobians import Progress
from xsb_core.integration.quadrature import GAUSS_LEGENDRE
from xsb_core.integration.settings import TOLERANCE, WORK_LIMIT

# So many pairs' texts are sorted into batches together, before the first pair is given.
PAIRS_AT_ONCE = 512

Instructions = tuple[Instruction, Instruction]


def attribute(
    encoder: Encoder,
    text_a: str,
    text_b: str,
    layer: int | None = None,
    *,
    cosine: str | None = None,
    quadrature: str = GAUSS_LEGENDRE,
    tolerance: float = TOLERANCE,
    steps: int | None = None,
    work_limit: int = WORK_LIMIT,
    prompt_a: str | None = None,
    prompt_b: str | None = None,
    task_a: str | None = None,
    task_b: str | None = None,
    unit: str = "tokens",
    progress: Progress | None = None,
) -> Attribution:
    """Attributes the similarity of two texts to pairs of their tokens.

    Args:
        encoder: From ``load_encoder``.
        text_a: First text: the rows.
        text_b: Second text: the columns.
        layer: As in ``Recipe``, like the five that follow.
        cosine: See ``Recipe``.
        quadrature: See ``Recipe``.
        tolerance: See ``Recipe``.
        steps: See ``Recipe``.
        work_limit: See ``Recipe``.
        prompt_a: What to put before the first text: the name of one of the model's prompts, a
            single word, or any other text; None takes what the model's ``encode`` would.
        prompt_b: The same for the second.
        task_a: What the first text is encoded for, in models that tell tasks apart; None takes
            "query" where the model knows it, as ``encode_query`` does.
        task_b: The same for the second; None takes "document".
        unit: "tokens", "words" or "sentences": what has a row or a column. The cells of words and
            sentences are sums of token cells, at so much less work as there are fewer of them.
        progress: Told the share of the work done, 0 to 1; what it raises ends the computation.

    Returns:
        The attribution. Source: the paper's Eq. 2 and 4 (``cosine.bordered_cells``) and Eq. 3
        (``integration.jacobians``); docs/method.md, sections 2 to 5.

    Raises:
        TextError: For a text without anything to attribute.
        LayerError: For a layer that the model does not have.
        ModelError: For a model whose blocks can't be differentiated, or without the prompt or task.
        ValueError: For settings that don't fit.

    Examples:
        >>> one = attribute(encoder, "A dog.", "A puppy.", tolerance=1e-4)
        >>> one.matrix.shape, one.converged
        ((5, 5), True)
    """
    recipe = Recipe(
        layer=layer,
        cosine=cosine,
        quadrature=quadrature,
        tolerance=tolerance,
        steps=steps,
        work_limit=work_limit,
    )
    hows = encoder.instructions((prompt_a, prompt_b), (task_a, task_b))
    store = FactorStore(encoder, recipe, unit=unit)
    pair = tuple(zip((text_a, text_b), hows, strict=True))
    lengths = []
    for name, (text, how) in zip("AB", pair, strict=True):
        with about_text(name):
            lengths.append(float(len(encoder.tokenise(text, how))))
    if max(lengths) >= PASSAGE:
        return _of_passage(encoder, pair, lengths, recipe, unit, progress)
    (found,) = attempt_pairs(store, [(text_a, text_b)], [hows], progress)
    if isinstance(found, ValueError):
        raise found
    return found


def _of_passage(
    encoder: Encoder,
    pair: Sequence[Instructed],
    lengths: Sequence[float],
    recipe: Recipe,
    unit: str,
    progress: Progress | None,
) -> Attribution:
    """A pair with a long text, which is computed for the shorter one alone if that saves much."""
    work = Work(sum(lengths), progress)
    found: dict[int, TextFactors] = {}
    for at in sorted((0, 1), key=lengths.__getitem__):
        text, how = pair[at]
        with about_text("AB"[at]):
            found[at] = text_factors(
                encoder,
                text,
                recipe,
                prompt=how,
                unit=unit,
                seen_by=found.get(1 - at),
                progress=work.within(lengths[at]),
            )
        work.add(lengths[at])
    return pair_attribution(found[0], found[1])


def attribute_pairs(
    encoder: Encoder,
    pairs: Sequence[tuple[str, str]],
    recipe: Recipe = Recipe(),
    *,
    prompts: tuple[str | None, str | None] = (None, None),
    tasks: tuple[str | None, str | None] = (None, None),
    progress: Progress | None = None,
) -> Iterator[Attribution]:
    """Attributes many pairs: each distinct text once, texts of one length together.

    Memory does not grow with the number of pairs.

    Args:
        encoder: From ``load_encoder``.
        pairs: Pairs of texts.
        recipe: How to compute.
        prompts: What to put before all first and all second texts, as for ``attribute``.
        tasks: What these are encoded for, as for ``attribute``.
        progress: Told the share of the work done, 0 to 1; what it raises ends the computation.

    Yields:
        Each pair's attribution, at token level, in the order of the pairs.

    Raises:
        ValueError: As ``attribute`` raises it, with the number of the pair whose text is at fault.

    Examples:
        >>> [one.b.text for one in attribute_pairs(encoder, pairs, Recipe(layer=5))]
        ['She went to the bank.', 'A puppy.']
    """
    hows = encoder.instructions(prompts, tasks)
    each = [hows] * len(pairs)
    attempts = attempt_pairs(FactorStore(encoder, recipe), pairs, each, progress)
    for number, found in enumerate(attempts, 1):
        if isinstance(found, ValueError):
            raise type(found)(f"Pair {number}: {found}") from found
        yield found


def attempt_pairs(
    store: FactorStore,
    pairs: Sequence[tuple[str, str]],
    hows: Sequence[Instructions] | None = None,
    progress: Progress | None = None,
) -> Iterator[Attribution | ValueError]:
    """Attributes pairs of which some may have a text that can't be used.

    Args:
        store: For encoder and recipe; texts that it has are not computed again.
        pairs: Pairs of texts.
        hows: How each pair's texts are to be read, from ``Encoder.instructions``; None leaves that
            to the model.
        progress: As for ``attribute_pairs``.

    Yields:
        Each pair's attribution, or the error that says what is wrong with which of its texts.

    Raises:
        LayerError: For a layer that the model does not have.
        ModelError: For a model that can't be explained, or without the prompt.
    """
    if hows is None:
        hows = [store.encoder.instructions()] * len(pairs)
    for start in range(0, len(pairs), PAIRS_AT_ONCE):
        own = slice(start, start + PAIRS_AT_ONCE)
        some = [
            tuple(zip(texts, how, strict=True))
            for texts, how in zip(pairs[own], hows[own], strict=True)
        ]

        def tell(share: float, start: int = start, count: int = len(some)) -> None:
            if progress is not None:
                progress((start + share * count) / len(pairs))

        store.compute(chain.from_iterable(some), tell)
        tell(1.0)
        for pair in some:
            yield _attempt(store, pair)


def _attempt(store: FactorStore, pair: Sequence[Instructed]) -> Attribution | ValueError:
    found = []
    for name, (text, how) in zip("AB", pair, strict=True):
        try:
            found.append(store.get(text, how))
        except ValueError as error:
            return type(error)(f"Text {name}: {error}")
    return pair_attribution(*found)
