"""What two texts have in common where an encoder keeps more than one number for it.

Late interaction matches the tokens of two texts; sparse embeddings share terms of a vocabulary.
Nothing is estimated here: cells and terms add up to the score as they are.
"""

import torch

from xsb_core.attribution.cosine import BorderedCells, cell_scale
from xsb_core.attribution.result import Term
from xsb_core.attribution.text_factors import TextFactors

MEAN = "meanmaxsim"


def best_matches(a: TextFactors, b: TextFactors) -> BorderedCells:
    """The cells of late interaction: each token of the query with its best token of the document.

    Args:
        a: The query: each of its scored tokens has one cell.
        b: The document.

    Returns:
        Cells that add up to MaxSim, Σ_i max_j q_i · d_j, or to its mean over the query's tokens;
        borders and corner are zero. Of several tokens that match alike, the first has the cell.
        Source: Khattab and Zaharia (2020), ColBERT, section 3.3.
    """
    own, other = a.token.factors, b.token.factors
    scored, offered = torch.tensor(a.side.scored), torch.tensor(b.side.scored)
    found = (own @ other.T).masked_fill(~offered.to(own.device), -torch.inf)
    values, columns = found.max(1, keepdim=True)
    values = values * scored.to(own.device)[:, None]
    if a.encoder.similarity == MEAN:
        values = values / scored.sum()
    nothing = own.new_zeros(max(found.shape))
    return BorderedCells(
        matrix=torch.zeros_like(found).scatter(1, columns, values),
        border_a=nothing[: len(own)],
        border_b=nothing[: len(other)],
        corner=0.0,
        error=0.0,
    )


def shared_terms(a: TextFactors, b: TextFactors) -> tuple[Term, ...]:
    """The terms that both of two sparse embeddings have, the largest products first.

    Returns:
        Terms whose values add up to the score.
    """
    scale = cell_scale(a.token, b.token, a.recipe.cosine)
    products = scale * a.token.embedding * b.token.embedding
    shared = products.nonzero().flatten()
    shared = shared[products[shared].abs().argsort(descending=True, stable=True)]
    rows, columns = (text.token.factors[:, shared].argmax(0).tolist() for text in (a, b))
    tokenizer = a.encoder.pipelines[a.side.task].first.tokenizer
    terms = tokenizer.convert_ids_to_tokens(shared.tolist())
    values = products[shared].tolist()
    return tuple(map(Term, map(str, terms), values, rows, columns))
