"""Shape vocabulary of the tensors in this library, for jaxtyping annotations.

Axis names: ``S`` positions of one text (special tokens included), ``G`` groups of positions,
``N`` quadrature nodes, ``T`` tangents, ``B`` a batch, ``d`` hidden size, ``D`` embedding size.
jaxtyping is imported at run time, so that the tests' import hook really checks the shapes.
"""

from jaxtyping import Bool, Float
from torch import Tensor

Hidden = Float[Tensor, "S d"]
HiddenBatch = Float[Tensor, "N S d"]
Embedding = Float[Tensor, " D"]
EmbeddingBatch = Float[Tensor, "N D"]
Factors = Float[Tensor, "G D"]
Groups = Bool[Tensor, "G S"]
Nodes = Float[Tensor, " N"]
