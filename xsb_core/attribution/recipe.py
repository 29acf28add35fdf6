"""How attributions are computed, whatever the texts: one object, which goes wherever they do."""

import dataclasses
from dataclasses import dataclass
from numbers import Integral

from xsb_core.attribution.cosine import COSINES, treatment
from xsb_core.encoders.encoder import Encoder
from xsb_core.errors import LayerError
from xsb_core.integration.settings import Settings


@dataclass(frozen=True, kw_only=True)
class Recipe(Settings):
    """Layer, treatment of the cosine, and how the integral is computed.

    Attributes:
        layer: Attribution is to the hidden states that enter this block; None takes the encoder's
            default, three quarters up.
        cosine: "through" (factors of normalised embeddings) or "endpoint" (normalised at the end,
            as the published code does); None takes what is exact for the encoder: endpoint for
            shifted ones, through for others. Not for dot-product models.
        quadrature: "gauss-legendre" or "right-endpoint".
        tolerance: What residual and error of single factors must not exceed, in each text; results
            say whether they do.
        steps: A fixed number of nodes instead.
        work_limit: Most tangents (nodes times tokens) for a text; results of texts that need more
            say what it would take.

    Raises:
        LayerError: For a layer that is no number.
        ValueError: For settings that don't fit.

    Examples:
        >>> recipe = Recipe(tolerance=1e-4).resolved(encoder)
        >>> recipe.layer, recipe.cosine
        (4, 'through')
    """

    layer: int | None = None
    cosine: str | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.layer is not None and not isinstance(self.layer, Integral):
            raise LayerError(f"A layer is a whole number; got {self.layer!r}.")
        if self.cosine not in (None, *COSINES):
            raise ValueError(
                f"The cosine is brought in {' or '.join(COSINES)}, not {self.cosine!r}."
            )

    def resolved(self, encoder: Encoder) -> "Recipe":
        """The recipe with an encoder's own layer and cosine for what was left open.

        Raises:
            ValueError: For a treatment of the cosine where the encoder compares by dot product, or
                a tolerance that its precision can't reach.
        """
        self.check_reachable(encoder.dtype)
        layer = encoder.default_layer if self.layer is None else self.layer
        return dataclasses.replace(self, layer=layer, cosine=treatment(encoder, self.cosine))
