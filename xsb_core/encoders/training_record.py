"""What a training run was and what came of it, kept in the model's folder as training.json.

The defaults of the settings are the paper's (Appendix A; docs/method.md, section 6).
"""

import dataclasses
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from xsb_core.errors import DataError, ModelError, first_sentence
from xsb_core.tables.strict_json import Count, Finite, Size, checked, one_of, read_json

RECORD_FILE = "training.json"

LEARNING_RATE = 2e-5
# Adapters are trained from nothing, in steps larger than those of weights that exist.
LORA_LEARNING_RATE = 3e-4
LORA_RANK = 16


@dataclass(frozen=True)
class TrainingSettings:
    """Settings of a training run.

    Attributes:
        lora: Train low-rank adapters of rank 16 instead of all weights.
        epochs: Passes over the training pairs.
        batch_size: Pairs a step.
        learning_rate: Its highest value, after the warm-up; None takes 2e-5, with LoRA 3e-4.
        weight_decay: Of AdamW.
        warmup: Share of the steps over which the rate rises linearly; then it falls to 0.
        seed: Of the order of the pairs, dropout and new weights.

    Examples:
        >>> TrainingSettings().learning_rate, TrainingSettings(lora=True).learning_rate
        (2e-05, 0.0003)
    """

    lora: bool = False
    epochs: int = 5
    batch_size: int = 16
    learning_rate: Finite | None = None
    weight_decay: Finite = 0.1
    warmup: Finite = 0.1
    seed: int = 42

    def __post_init__(self) -> None:
        if self.learning_rate is None:
            rate = LORA_LEARNING_RATE if self.lora else LEARNING_RATE
            object.__setattr__(self, "learning_rate", rate)
        for name in ("epochs", "batch_size"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name} must be at least 1; got {getattr(self, name)}.")
        assert self.learning_rate is not None
        if not 0 < self.learning_rate < 1:
            raise ValueError(f"learning_rate must be between 0 and 1; got {self.learning_rate}.")
        for name in ("weight_decay", "warmup"):
            if not 0 <= getattr(self, name) < 1:
                raise ValueError(
                    f"{name} must be from 0 to less than 1; got {getattr(self, name)}."
                )


@dataclass(frozen=True)
class TrainingRecord:
    """A training run.

    Attributes:
        variant: "exact", "tuned" or "orig".
        base: The base model, as SentenceTransformer would be given it.
        data: Where the pairs come from.
        pairs: How many were trained on, looked at after each epoch, and tested on.
        fingerprints: Hashes of those three sets.
        settings: The settings.
        scale: What shifted embeddings are multiplied by (``Shift.scale``).
        dev: Spearman × 100 on the development pairs after each epoch.
        test: Spearman × 100 on the test pairs, at the end; None until then.
        seconds: Wall-clock time of the training, interruptions left out.
        versions: Versions of the libraries.
    """

    variant: Annotated[str, one_of("exact", "tuned", "orig")]
    base: str
    data: str
    pairs: tuple[Count, Count, Count]
    fingerprints: tuple[str, str, str]
    settings: TrainingSettings
    versions: dict[str, str]
    scale: Finite = 1.0
    dev: tuple[Finite, ...] = ()
    test: Finite | None = None
    seconds: Size = 0.0

    @property
    def finished(self) -> bool:
        """Whether the model is whole."""
        return self.test is not None

    def after(self, seconds: float) -> "TrainingRecord":
        """The record of a run that went on for some seconds more."""
        return dataclasses.replace(self, seconds=self.seconds + seconds)

    def differences(self, other: "TrainingRecord") -> list[str]:
        """What makes it another run than ``other``: names of settings with both values."""
        mine, theirs = self._plan(), other._plan()
        return [
            f"{name} is {theirs[name]} there, {mine[name]} here"
            for name in mine
            if mine[name] != theirs[name]
        ]

    def save(self, folder: Path) -> None:
        """Writes the record into a model's folder, all of it or nothing."""
        part = folder / f"{RECORD_FILE}.part"
        part.write_text(json.dumps(dataclasses.asdict(self), indent=1) + "\n", encoding="utf-8")
        part.replace(folder / RECORD_FILE)

    @classmethod
    def load(cls, folder: Path) -> "TrainingRecord | None":
        """Reads a folder's record; None where it has none, or another's file of this name.

        Raises:
            ModelError: If it is damaged, naming the field that is missing or wrong.
        """
        path = folder / RECORD_FILE
        if not path.is_file():
            return None
        try:
            values = read_json(path)
            if not isinstance(values, dict) or not {"variant", "fingerprints"} & set(values):
                return None
            return checked(values, cls)
        except (OSError, DataError) as error:
            raise ModelError(
                f"{path} can't be read ({first_sentence(error)}); copy the model again, or train "
                "it into another folder."
            ) from error

    def _plan(self) -> dict[str, object]:
        plan = {name: getattr(self, name) for name in ("variant", "base", "data", "fingerprints")}
        return plan | dataclasses.asdict(self.settings)
