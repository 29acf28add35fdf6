"""Loading encoders: the embedded model, a local folder, or a model of the Hugging Face hub."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import torch
from huggingface_hub import HfApi
from huggingface_hub.errors import HfHubHTTPError, HFValidationError
from huggingface_hub.utils import validate_repo_id
from sentence_transformers.base.model import BaseModel
from sentence_transformers.base.modules import Transformer
from sentence_transformers.sentence_transformer.modules import StaticEmbedding
from sentence_transformers.sparse_encoder.modules import SparseStaticEmbedding
from sentence_transformers.util import load_file_path
from transformers import PreTrainedTokenizerBase

from xsb_core.encoders.adapters import adapted, adapter_base, merge_saved
from xsb_core.encoders.declared import OWN_MODULES, Declared, declared
from xsb_core.encoders.encoder import Encoder
from xsb_core.encoders.pipeline import pipelines_of
from xsb_core.encoders.quiet import quiet_transformers
from xsb_core.encoders.ready import (
    EMBEDDED_MODEL,
    EMBEDDED_ON_HUB,
    MPNET_ON_HUB,
    MPNET_VARIABLE,
    ready_folder,
)
from xsb_core.encoders.told import own_code
from xsb_core.encoders.training_record import TrainingRecord
from xsb_core.encoders.weights import check_all_loaded
from xsb_core.errors import ModelError, first_sentence


def load_encoder(model: str | Path | None = None, device: str | None = None) -> Encoder:
    """Loads a sentence-transformer to be explained.

    A transformer's weights and adapters are read from safetensors only, to single precision; other
    modules' (a Dense layer's) also from a pickle of bare tensors. A model's own code is never run.

    Args:
        model: None, "shelf" or "all-MiniLM-L6-v2" for the embedded model, which needs no network;
            "exact", "tuned" or "orig" for its fine-tuned variants, "mpnet-exact" and so on for
            those of the paper's model; a local sentence-transformers folder, such as ``train``
            makes ("./exact" where it has one of these names); or a hub id such as
            "sentence-transformers/all-mpnet-base-v2", which is read from the folder that XSB_MPNET
            names where that is set.
        device: "cuda", "mps" or "cpu"; None takes the first of these that is there.

    Returns:
        The encoder.

    Raises:
        ModelError: If there is no such model, it can't be reached or read, it isn't a
            sentence-transformer whose first module reads texts, or its replayed blocks don't give
            the embedding that ``encode`` gives.

    Examples:
        >>> exact = load_encoder("exact")
        >>> exact.shifted, exact.similarity
        (True, 'cosine')
    """
    name = EMBEDDED_MODEL if model is None else str(model)
    folder = ready_folder(name) or _folder(name)
    device = device or best_device()
    record = TrainingRecord.load(folder) if folder else None
    base = adapter_base(folder) if folder and record else None
    if folder is None or base is None:
        loaded, said = _loaded(name, folder, device)
    else:
        own = EMBEDDED_MODEL if base == EMBEDDED_ON_HUB else base
        loaded, said = _loaded(base, ready_folder(own) or _folder(base), device)
        with _explaining(name, found=True):
            loaded = adapted(loaded, folder)
    return Encoder(
        loaded,
        name,
        revision=getattr(loaded.config, "_commit_hash", None),
        trained=record is not None,
        stored=said.stored,
        notes=said.notes,
    )


def best_device() -> str:
    """cuda, else mps, else cpu."""
    if torch.cuda.is_available():
        return "cuda"
    return "mps" if torch.backends.mps.is_available() else "cpu"


def _hub_answers(name: str) -> bool:
    """Whether the hub can be asked about a model; loading itself would retry for a minute."""
    try:
        HfApi().model_info(name, timeout=10)
    except HfHubHTTPError:
        return True  # an answer, if not a good one: loading finds the words for it
    except Exception:  # no network, a proxy's error page, offline mode
        return False
    return True


def _kept(name: str) -> bool:
    """Whether a model of the hub is on this machine, whole or in part."""
    files = ("modules.json", "config.json")
    return any(load_file_path(name, file, local_files_only=True) for file in files)


def _loaded(name: str, folder: Path | None, device: str) -> tuple[BaseModel, Declared]:
    """The model in a folder, or by its name on the hub, checked; and what its files say."""
    only_local = folder is not None or not _hub_answers(name)
    with _explaining(name, found=folder is not None or not only_local or _kept(name)):
        said = declared(str(folder or name), name, only_local=only_local)
        base = adapter_base(said.adapters) if said.adapters and only_local else None
        if base and _folder(base) is None and not _kept(base):
            raise ModelError(
                f"{name} holds adapters of the model {base}, which is not on this machine; run hf "
                f"download {base} first, or name its folder in adapter_config.json."
            )
        if said.adapters and (base := adapter_base(said.adapters)):
            # what is loaded in truth
            below = declared(str(_folder(base) or base), base, only_local=only_local)
            said = replace(said, configs=said.configs + below.configs, stored=below.stored)
        loaded = _load(str(folder or name), device, only_local=only_local, kind=said.kind)
        if said.adapters is not None:
            merge_saved(loaded, said.adapters)
    _check_loaded(loaded, name, said)
    kept = str(next(loaded.parameters()).dtype).removeprefix("torch.")
    # a table of rows is loaded as it was stored
    return loaded.float(), replace(said, stored=said.stored or kept)


def _load(source: str, device: str, *, only_local: bool, kind: type[BaseModel]) -> BaseModel:
    with quiet_transformers():  # what the report of a load tells is checked below
        # the public way to a module class from outside the library would trust any code
        return kind._load_with_module_classes(
            source,
            OWN_MODULES,
            device=device,
            trust_remote_code=False,
            local_files_only=only_local,
            model_kwargs={
                # forward-mode differentiation has no rule for the fused kernels
                "attn_implementation": "eager",
                # whatever precision was stored: in half of it residuals miss any tolerance
                "dtype": torch.float32,
                "use_safetensors": True,
            },
        )


def _folder(source: str) -> Path | None:
    """The folder that a source names, or None for a hub id; refuses what can be neither."""
    if not source.strip() or not source.isprintable():
        raise ModelError("No model was named; give a hub id or a sentence-transformers folder.")
    try:
        path = Path(source).expanduser()
        if path.is_dir():
            return path
        is_file = path.exists()
    except (OSError, RuntimeError):  # a name that is too long, an unknown user's home
        is_file = False
    if is_file:
        raise ModelError(f"{source} is a file; give the model's folder or a hub id.")
    if source.startswith(("/", ".", "~")) or source.count("/") > 1:
        raise ModelError(f"There is no folder {source}; check the path, or give a hub id.")
    try:
        validate_repo_id(source)
    except HFValidationError as error:
        raise _unknown(source) from error
    return None


def _check_loaded(loaded: BaseModel, name: str, said: Declared) -> None:
    """Refuses what loading lets pass: other kinds of models, made-up weights, no vocabulary."""
    for pipeline in pipelines_of(loaded, name).values():
        first = pipeline.first
        if isinstance(first, StaticEmbedding | SparseStaticEmbedding):
            continue
        if not isinstance(first, Transformer):
            raise ModelError(
                f"{name} does not start with a text transformer ({type(first).__name__}), so it "
                "has no blocks to explain."
            )
        check_all_loaded(first.model, name, own_code=said.own_code)
        tokenizer = first.tokenizer
        if isinstance(tokenizer, PreTrainedTokenizerBase) and len(tokenizer) <= len(
            tokenizer.all_special_ids
        ):
            raise ModelError(f"{name} has no vocabulary; save it again with its tokenizer.")


@contextmanager
def _explaining(name: str, *, found: bool) -> Iterator[None]:
    """Makes one sentence of whatever the loading stack raises within."""
    try:
        yield
    except ModelError:
        raise
    except Exception as error:
        raise _explained(error, name, found=found) from error


def _explained(error: Exception, name: str, *, found: bool) -> ModelError:
    """One sentence with what to do, from whatever the loading stack raised."""
    chain = []
    cause: BaseException | None = error
    while cause is not None and cause not in chain:
        chain.append(cause)
        cause = cause.__cause__ or cause.__context__
    texts = " ".join(f"{type(link).__name__} {link}" for link in chain)
    if "trust_remote_code" in texts:
        return own_code(name)
    if "GatedRepo" in texts:
        return ModelError(f"{name} is gated; accept its terms on the hub and set HF_TOKEN.")
    if "RepositoryNotFound" in texts:
        return _unknown(name)
    if not found:
        folder = f"name its folder in {MPNET_VARIABLE}, " if name == MPNET_ON_HUB else ""
        return ModelError(
            f"{name} is not on this machine and the hub could not be reached; check the name and "
            f"the network, {folder}or use the embedded model {EMBEDDED_MODEL}."
        )
    if isinstance(error, json.JSONDecodeError):
        detail = f"a configuration file is broken ({error})"
    elif "safetensor" in texts.lower():
        detail = (
            "it has no readable model.safetensors, and other weight files are not loaded because "
            "they can run code; bring a pytorch_model.bin into one by xsb convert"
        )
    elif "mismatched_sizes" in texts or "size mismatch" in texts:
        detail = "its weights do not fit its configuration"
    elif isinstance(error, TypeError | KeyError | AttributeError):
        detail = f"a configuration file is incomplete ({first_sentence(error)})"
    else:
        detail = first_sentence(error)
    return ModelError(f"{name} can't be loaded: {detail}.")


def _unknown(name: str) -> ModelError:
    return ModelError(
        f"There is no model {name!r} on the hub; check the spelling, or give a local folder."
    )
