"""Studies: what many pairs together say of models (paper, sections 4.3 to 4.5)."""

from xsb_core.studies.agreements import matched, pair_agreements
from xsb_core.studies.by_layer import ByLayer, agreement_by_layer
from xsb_core.studies.by_score import ByScore, between, spearman_by_score
from xsb_core.studies.finding import Line, Spread, spread
from xsb_core.studies.measures import keys_of, pair_measures, run_name
from xsb_core.studies.reference_terms import References, reference_terms
from xsb_core.studies.signs import Signs, Treatments, sign_sums, treatments
from xsb_core.studies.study import STSB, Study, study_of

__all__ = [
    "STSB",
    "ByLayer",
    "ByScore",
    "Line",
    "References",
    "Signs",
    "Spread",
    "Study",
    "Treatments",
    "agreement_by_layer",
    "between",
    "keys_of",
    "matched",
    "pair_agreements",
    "pair_measures",
    "reference_terms",
    "run_name",
    "sign_sums",
    "spearman_by_score",
    "spread",
    "study_of",
    "treatments",
]
