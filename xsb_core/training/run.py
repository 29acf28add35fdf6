"""A training run: from a base model and scored pairs to a variant in a folder."""

import dataclasses
import json
import shutil
from importlib.metadata import version
from pathlib import Path

import torch
from datasets import Dataset
from peft import LoraConfig
from sentence_transformers import (
    SentenceTransformer,
    SentenceTransformerTrainer,
    SentenceTransformerTrainingArguments,
)
from sentence_transformers.sentence_transformer.evaluation import EmbeddingSimilarityEvaluator
from transformers import PrinterCallback, set_seed

from xsb_core.encoders.encoder import Encoder
from xsb_core.encoders.loading import load_encoder
from xsb_core.encoders.quiet import quiet_transformers
from xsb_core.encoders.ready import (
    EMBEDDED_MODEL,
    EMBEDDED_ON_HUB,
    MPNET_MODELS,
    READY_MODELS,
    SHELF,
    VARIANTS,
    Variant,
)
from xsb_core.encoders.replay import transformer_of
from xsb_core.encoders.training_record import LORA_RANK, TrainingRecord, TrainingSettings
from xsb_core.encoders.variants import as_variant
from xsb_core.errors import ModelError
from xsb_core.tables.files import user_path
from xsb_core.training.card import model_card
from xsb_core.training.data import Splits
from xsb_core.training.evaluation import check_rankable, evaluate
from xsb_core.training.loss import SimilarityLoss
from xsb_core.training.progress import Clock, Reporter, Watch, dev_figures

CHECKPOINTS = "checkpoints"
SAVES_AN_EPOCH = 4
LIBRARIES = ("torch", "transformers", "sentence-transformers", "peft")
# Texts whose mean length sets the scale of dot products.
CALIBRATION_TEXTS = 1000


def train(
    variant: str,
    splits: Splits,
    output: str | Path,
    base: str | None = None,
    settings: TrainingSettings | None = None,
    watch: Watch | None = None,
) -> TrainingRecord:
    """Fine-tunes a variant of a base model and saves it as a sentence-transformers folder.

    The epoch counts that is best on the development pairs.

    Args:
        variant: "exact", "tuned" or "orig".
        splits: Pairs to train on, to look at after each epoch, and to test on at the end.
        output: The folder to make. One that holds the checkpoints of the same run, killed before
            its end, is resumed; any other that exists is refused.
        base: What ``load_encoder`` takes; None is the embedded model.
        settings: Epochs, batch size, learning rate and the like; None takes the paper's.
        watch: Told of each step; what it raises ends the run, which can then be resumed.

    Returns:
        The run's record, also saved in the folder. Source: the paper, section 4.1 and Appendix A.

    Raises:
        ValueError: For another variant, or an output folder that can't be used.
        DataError: If the development or test pairs can't be ranked.
        ModelError: If the base can't be loaded, or can't be shifted.

    Examples:
        >>> settings = TrainingSettings(lora=True, epochs=1)
        >>> record = train("tuned", load_splits("scored.csv"), "my-tuned", settings=settings)
        >>> record.pairs
        (4, 3, 3)
    """
    kind, settings = _trainable(variant), settings or TrainingSettings()
    check_rankable(splits.dev, "the development set")
    check_rankable(splits.test, "the test set")
    output = user_path(output)
    if str(output) in (EMBEDDED_MODEL, *READY_MODELS, *MPNET_MODELS):
        raise ValueError(
            f"{output} names a model that comes with XSB Explorer, which would hide this folder; "
            "choose another output folder."
        )
    encoder = load_encoder(base)
    record = TrainingRecord(
        variant=variant,
        base=_public_name(encoder),
        data=splits.name,
        pairs=(len(splits.train), len(splits.dev), len(splits.test)),
        fingerprints=(splits.train.fingerprint, splits.dev.fingerprint, splits.test.fingerprint),
        settings=settings,
        versions={name: version(name) for name in LIBRARIES},
    )
    before = _earlier(record, output)
    set_seed(settings.seed)
    model, scale = _untrained(encoder, kind, splits, settings)
    record = dataclasses.replace(record, scale=scale, seconds=before.seconds if before else 0.0)
    output.mkdir(parents=True, exist_ok=True)
    record.save(output)

    steps = -(-len(splits.train) // settings.batch_size)
    clock = Clock(
        lambda seconds: record.after(seconds).save(output), max(1, steps // SAVES_AN_EPOCH)
    )
    with quiet_transformers():
        trainer = _trainer(model, splits, output / CHECKPOINTS, settings, watch)
        trainer.add_callback(clock)
        trainer.train(resume_from_checkpoint=_last_checkpoint(output / CHECKPOINTS))
    record = record.after(clock.seconds)
    model.eval()
    tested = evaluate(Encoder(model, str(output), trained=True), splits.test)
    model.save(str(output), create_model_card=False)
    if settings.lora:
        _name_base(output / "adapter_config.json", record.base)
    record = dataclasses.replace(record, dev=dev_figures(trainer.state), test=tested.spearman)
    (output / "README.md").write_text(model_card(record, output.name), encoding="utf-8")
    record.save(output)  # last: it says that the model is whole
    shutil.rmtree(output / CHECKPOINTS)
    return record


def _trainable(name: str) -> Variant:
    names = [kind.name for kind in VARIANTS.values() if kind.trained]
    if name not in names:
        raise ValueError(f"The variant to train is {', '.join(names)}; got {name!r}.")
    return VARIANTS[name]


def _public_name(encoder: Encoder) -> str:
    """What the base is called on other machines: the embedded model by its name on the hub."""
    if encoder.name in (EMBEDDED_MODEL, SHELF.name):
        return EMBEDDED_ON_HUB
    folder = Path(encoder.name).expanduser()
    return str(folder.resolve()) if folder.is_dir() else encoder.name


def _earlier(record: TrainingRecord, output: Path) -> TrainingRecord | None:
    """The same run's record where the folder holds one that was killed; refuses other folders."""
    if not output.exists():
        return None
    earlier = TrainingRecord.load(output)
    if earlier is None or earlier.finished:
        raise ValueError(f"{output} exists already; choose another output folder or remove it.")
    if differences := record.differences(earlier):
        raise ValueError(
            f"{output} holds an unfinished run of other settings ({'; '.join(differences)}); "
            "give the same settings to resume it, or choose another output folder."
        )
    return earlier


def _untrained(
    encoder: Encoder, kind: Variant, splits: Splits, settings: TrainingSettings
) -> tuple[SentenceTransformer, float]:
    """The variant before its training, and the scale of its shift."""
    model = as_variant(encoder.model, kind)
    scale = 1.0
    if kind.similarity == "dot":
        scale = _scale(model, splits.train.a[:CALIBRATION_TEXTS])
        model = as_variant(encoder.model, kind, scale)
    if kind.shift and not Encoder(model, encoder.name).shifted:
        raise ModelError(
            f"{encoder.name} turns a shifted reference into something other than zero (a Dense "
            "module with a bias behind the pooling, say), so it can't be made exact; choose "
            "another base, or train tuned."
        )
    model.requires_grad_()
    if settings.lora:
        model.add_adapter(_adapters(model))
    return model, scale


def _adapters(model: SentenceTransformer) -> LoraConfig:
    """Low-rank adapters of all linear layers, but what pools in the transformer: it is not used."""
    pools = any("pooler" in name for name, _ in transformer_of(model).named_modules())
    return LoraConfig(
        r=LORA_RANK,
        lora_alpha=2 * LORA_RANK,
        target_modules="all-linear",
        exclude_modules=r".*pooler.*" if pools else None,
    )


def _scale(model: SentenceTransformer, texts: tuple[str, ...]) -> float:
    """Brings embeddings to length one on average, so that dot products start where cosines do."""
    with torch.no_grad():
        embeddings = model.encode(list(texts), convert_to_tensor=True, show_progress_bar=False)
    return float(embeddings.square().sum(1).mean().rsqrt())


class _Trainer(SentenceTransformerTrainer):
    """The trainer without its own model card, whose examples take minutes on a CPU."""

    def add_model_card_callback(self, default_args_dict: dict) -> None:
        """Adds none."""


def _trainer(
    model: SentenceTransformer,
    splits: Splits,
    checkpoints: Path,
    settings: TrainingSettings,
    watch: Watch | None,
) -> SentenceTransformerTrainer:
    assert settings.learning_rate is not None
    trainer = _Trainer(
        model=model,
        args=SentenceTransformerTrainingArguments(
            output_dir=str(checkpoints),
            num_train_epochs=settings.epochs,
            per_device_train_batch_size=settings.batch_size,
            learning_rate=settings.learning_rate,
            weight_decay=settings.weight_decay,
            warmup_steps=settings.warmup,
            lr_scheduler_type="linear",
            seed=settings.seed,
            eval_strategy="epoch",
            save_strategy="epoch",
            save_total_limit=1,
            load_best_model_at_end=True,
            metric_for_best_model=f"dev_spearman_{model.similarity_fn_name}",
            greater_is_better=True,
            logging_steps=10,
            report_to="none",
            dataloader_pin_memory=torch.cuda.is_available(),
            disable_tqdm=True,
        ),
        train_dataset=Dataset.from_dict(
            {"a": splits.train.a, "b": splits.train.b, "score": splits.train.scores}
        ),
        evaluator=EmbeddingSimilarityEvaluator(
            list(splits.dev.a),
            list(splits.dev.b),
            splits.dev.scores.tolist(),
            name="dev",
            write_csv=False,
        ),
        loss=SimilarityLoss(model),
    )
    trainer.remove_callback(PrinterCallback)
    if watch:
        trainer.add_callback(Reporter(watch))
    return trainer


def _name_base(config: Path, base: str) -> None:
    """Has adapters ask for their base by a name that other machines know."""
    values = json.loads(config.read_bytes()) | {"base_model_name_or_path": base}
    config.write_text(json.dumps(values, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def _last_checkpoint(folder: Path) -> str | None:
    """The last checkpoint that was written to its end: the trainer's state comes last."""
    whole = [path.parent for path in folder.glob("checkpoint-*/trainer_state.json")]
    last = max(whole, key=lambda path: int(path.name.split("-")[1]), default=None)
    return last and str(last)
