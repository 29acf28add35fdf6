"""Making one of the paper's four encoders of a base model (docs/method.md, section 6)."""

from sentence_transformers import SentenceTransformer
from sentence_transformers.base.model import BaseModel
from sentence_transformers.sentence_transformer.modules import Normalize, Pooling

from xsb_core.encoders.ready import Variant
from xsb_core.encoders.shift import Shift
from xsb_core.errors import ModelError


def as_variant(base: BaseModel, variant: Variant, scale: float = 1.0) -> SentenceTransformer:
    """Puts a base model's modules together as a variant asks; weights are shared, not copied.

    Args:
        base: A sentence-transformer off the shelf.
        variant: Its shift and similarity decide; training is another matter.
        scale: What shifted embeddings are multiplied by.

    Returns:
        The model. With a shift, ``Shift`` stands before the pooling; for a dot product, a last
        Normalize is left out.

    Raises:
        ModelError: If the base is shifted already, or has no pooling to shift before.
    """
    if not isinstance(base, SentenceTransformer):
        raise ModelError(
            f"The base model is a {type(base).__name__}; variants are made of a "
            "SentenceTransformer, which gives a text one embedding."
        )
    modules = list(base)
    if any(isinstance(module, Shift) for module in modules):
        raise ModelError("The base model is shifted already; name the model that it was made of.")
    if variant.shift:
        at = next((i for i, module in enumerate(modules) if isinstance(module, Pooling)), None)
        if at is None:
            raise ModelError(
                "The base model has no pooling module, before which embeddings are shifted; choose "
                "a model made of a transformer and pooling."
            )
        modules.insert(at, Shift(scale))
    if variant.similarity == "dot" and isinstance(modules[-1], Normalize):
        modules.pop()
    return SentenceTransformer(
        modules=modules,
        device=str(base.device),
        prompts={name: prompt or "" for name, prompt in base.prompts.items()},
        default_prompt_name=base.default_prompt_name,
        similarity_fn_name=variant.similarity,
    )
