"""Shape vocabulary of the tensors in this library, for jaxtyping annotations.

Axis names: ``S`` positions of one text (special tokens included), ``G`` groups of positions,
``N`` quadrature nodes, ``T`` tangents, ``B`` a batch, ``d`` hidden size, ``D`` embedding size,
``Q`` directions of embeddings.
jaxtyping is imported at run time, so that the tests' import hook really checks the shapes.
"""

from collections.abc import Sequence

from jaxtyping import Bool, Float
from torch import Tensor

Hidden = Float[Tensor, "S d"]
HiddenBatch = Float[Tensor, "N S d"]
Texts = Float[Tensor, "B S d"]
Embedding = Float[Tensor, " D"]
EmbeddingBatch = Float[Tensor, "N D"]
Basis = Float[Tensor, "Q D"]
Factors = Float[Tensor, "G D"]
FactorBatch = Float[Tensor, "B G D"]
GroupMasks = Bool[Tensor, "G S"]
Members = Bool[Tensor, "G S"] | Float[Tensor, "G S"]
Nodes = Float[Tensor, " N"]
NodesOfTexts = Sequence[Float[Tensor, " _"]]  # each text has as many as it needs
