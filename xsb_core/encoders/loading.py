"""Loading encoders: the embedded model, a local folder, or a model of the Hugging Face hub."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import torch
from huggingface_hub import HfApi
from huggingface_hub.errors import HfHubHTTPError, HFValidationError
from huggingface_hub.utils import validate_repo_id
from sentence_transformers import SentenceTransformer
from sentence_transformers.base.modules import Transformer
from transformers import PreTrainedTokenizerBase
from transformers.utils import logging as transformers_logging

from xsb_core.encoders.adapters import adapted, adapter_base
from xsb_core.encoders.encoder import Encoder
from xsb_core.encoders.ready import EMBEDDED_MODEL, EMBEDDED_ON_HUB, ready_folder
from xsb_core.encoders.shift import Shift
from xsb_core.encoders.training_record import TrainingRecord
from xsb_core.errors import ModelError, first_sentence

# The one module class from outside sentence-transformers that a model may name, by its name of
# today and by that in models of version 0.1.
_OWN_MODULES = {
    f"{Shift.__module__}.{Shift.__qualname__}": Shift,
    "xsb_core.shift.Shift": Shift,
}


def load_encoder(model: str | Path | None = None, device: str | None = None) -> Encoder:
    """Loads a sentence-transformer to be explained.

    A transformer's weights and adapters are read from safetensors only, to single precision; other
    modules' (a Dense layer's) also from a pickle of bare tensors. A model's own code is never run.

    Args:
        model: None, "shelf" or "all-MiniLM-L6-v2" for the embedded model, which needs no network;
            "exact", "tuned" or "orig" for its fine-tuned variants; a local sentence-transformers
            folder, such as ``train`` makes ("./exact" where it has one of these names); or a hub id
            such as "sentence-transformers/all-mpnet-base-v2".
        device: "cuda", "mps" or "cpu"; None takes the first of these that is there.

    Returns:
        The encoder.

    Raises:
        ModelError: If there is no such model, it can't be reached or read, or it isn't a
            sentence-transformer whose first module is a text transformer.

    Examples:
        >>> exact = load_encoder("exact")
        >>> exact.shifted, exact.similarity
        (True, 'cosine')
    """
    name = EMBEDDED_MODEL if model is None else str(model)
    folder = ready_folder(name) or _folder(name)
    device = device or best_device()
    base = adapter_base(folder) if folder else None
    if base is None:
        loaded = _loaded(name, folder, device)
    else:
        base_folder = ready_folder(EMBEDDED_MODEL) if base == EMBEDDED_ON_HUB else _folder(base)
        loaded = _loaded(base, base_folder, device)
        with _explaining(name, found=True):
            loaded = adapted(loaded, folder)
    revision = getattr(loaded[0].model.config, "_commit_hash", None)
    trained = folder is not None and TrainingRecord.load(folder) is not None
    try:
        return Encoder(loaded, name, revision, trained)
    except ModelError:
        raise
    except Exception as error:
        raise ModelError(
            f"{name} does not turn a text into an embedding ({first_sentence(error)}); choose a "
            "model made of a text transformer and pooling."
        ) from error


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


def _loaded(name: str, folder: Path | None, device: str) -> SentenceTransformer:
    """The model in a folder, or by its name on the hub, checked."""
    on_hub = folder is None and _hub_answers(name)
    with _explaining(name, found=on_hub or folder is not None):
        loaded = _load(str(folder or name), device, only_local=not on_hub)
    _check_loaded(loaded, name)
    return loaded


def _load(source: str, device: str, only_local: bool) -> SentenceTransformer:
    with quiet_transformers():  # what the report of a load tells is checked below
        # the public way to a module class from outside the library would trust any code
        return SentenceTransformer._load_with_module_classes(
            source,
            _OWN_MODULES,
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


@contextmanager
def quiet_transformers() -> Iterator[None]:
    """No progress bars and no notes from transformers, but errors."""
    transformers_logging.disable_progress_bar()
    verbosity = transformers_logging.get_verbosity()
    transformers_logging.set_verbosity_error()
    try:
        yield
    finally:
        transformers_logging.set_verbosity(verbosity)


def _folder(source: str) -> Path | None:
    """The folder that a source names, or None for a hub id; refuses what can be neither."""
    if not source.strip() or not source.isprintable():
        raise ModelError("No model was named; give a hub id or a sentence-transformers folder.")
    try:
        path = Path(source).expanduser()
        if path.is_dir():
            _check_modules(path, source)
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


def _check_modules(folder: Path, source: str) -> None:
    """Reads a folder's list of modules, and refuses those that would run the model's own code."""
    listing = folder / "modules.json"
    if not listing.is_file():
        raise ModelError(
            f"The folder {source} is not a sentence-transformers model (it has no "
            "modules.json); give the folder that SentenceTransformer.save made."
        )
    try:
        types = [str(module["type"]) for module in json.loads(listing.read_bytes())]
    except (ValueError, TypeError, KeyError) as error:
        raise ModelError(
            f"{source} can't be loaded: its modules.json is broken; save the model again."
        ) from error
    if not all(kind.startswith("sentence_transformers.") or kind in _OWN_MODULES for kind in types):
        raise _own_code(source)


def _check_loaded(loaded: SentenceTransformer, name: str) -> None:
    """Refuses what loading lets pass: other kinds of models, made-up weights, no vocabulary."""
    first = loaded[0]
    if not isinstance(first, Transformer):
        raise ModelError(
            f"{name} does not start with a text transformer ({type(first).__name__}), so it "
            "has no blocks to explain."
        )
    # transformers marks what it read; a pooler is often missing, and never used
    if any(
        not getattr(parameter, "_is_hf_initialized", False)
        for key, parameter in first.model.named_parameters()
        if "pooler." not in key
    ):
        raise ModelError(
            f"{name} lacks some of its weights, which would be random numbers; save or download it "
            "again."
        )
    tokenizer = loaded.tokenizer
    if isinstance(tokenizer, PreTrainedTokenizerBase) and len(tokenizer) <= len(
        tokenizer.all_special_ids
    ):
        raise ModelError(f"{name} has no vocabulary; save it again with its tokenizer.")


@contextmanager
def _explaining(name: str, found: bool) -> Iterator[None]:
    """Makes one sentence of whatever the loading stack raises within."""
    try:
        yield
    except ModelError:
        raise
    except Exception as error:
        raise _explained(error, name, found) from error


def _explained(error: Exception, name: str, found: bool) -> ModelError:
    """One sentence with what to do, from whatever the loading stack raised."""
    chain = []
    cause: BaseException | None = error
    while cause is not None and cause not in chain:
        chain.append(cause)
        cause = cause.__cause__ or cause.__context__
    texts = " ".join(f"{type(link).__name__} {link}" for link in chain)
    if "trust_remote_code" in texts:
        return _own_code(name)
    if "GatedRepo" in texts:
        return ModelError(f"{name} is gated; accept its terms on the hub and set HF_TOKEN.")
    if "RepositoryNotFound" in texts:
        return _unknown(name)
    if not found:
        return ModelError(
            f"{name} is not on this machine and the hub could not be reached; check the name and "
            f"the network, or use the embedded model {EMBEDDED_MODEL}."
        )
    if isinstance(error, json.JSONDecodeError):
        detail = f"a configuration file is broken ({error})"
    elif "safetensor" in texts.lower():
        detail = (
            "it has no readable model.safetensors, and other weight files are not loaded because "
            "they can run code"
        )
    elif "mismatched_sizes" in texts or "size mismatch" in texts:
        detail = "its weights do not fit its configuration"
    elif isinstance(error, TypeError | KeyError | AttributeError):
        detail = f"a configuration file is incomplete ({first_sentence(error)})"
    else:
        detail = first_sentence(error)
    return ModelError(f"{name} can't be loaded: {detail}.")


def _own_code(name: str) -> ModelError:
    return ModelError(
        f"{name} needs code of its own to run, which is never done here; choose another model."
    )


def _unknown(name: str) -> ModelError:
    return ModelError(
        f"There is no model {name!r} on the hub; check the spelling, or give a local folder."
    )
