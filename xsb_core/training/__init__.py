"""Fine-tuning the paper's variants, and judging them (METHOD section 6)."""

from xsb_core.training.data import (
    ScoredPairs,
    Splits,
    evaluation_pairs,
    load_split,
    load_splits,
    read_scored,
)
from xsb_core.training.evaluation import Evaluation, evaluate
from xsb_core.training.run import train
from xsb_core.training.significance import Order, almost_stochastic_order, compare_all
from xsb_core.training_record import TrainingRecord, TrainingSettings

__all__ = [
    "Evaluation",
    "Order",
    "ScoredPairs",
    "Splits",
    "TrainingRecord",
    "TrainingSettings",
    "almost_stochastic_order",
    "compare_all",
    "evaluate",
    "evaluation_pairs",
    "load_split",
    "load_splits",
    "read_scored",
    "train",
]
