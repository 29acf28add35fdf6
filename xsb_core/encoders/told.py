"""What a model's files tell the libraries that load it: only the harmless is let through."""

from pathlib import Path

from xsb_core.encoders.model_files import ModelFiles, within
from xsb_core.errors import ModelError

# What a saved module may tell the loader of its transformer, tokenizer and configuration.
_TOLD = tuple(
    f"{part}_{suffix}"
    for part in ("model", "tokenizer", "processor", "config")
    for suffix in ("args", "kwargs")
)
_HARMLESS = {
    *("torch_dtype", "dtype", "attn_implementation", "add_pooling_layer", "low_cpu_mem_usage"),
    *("padding_side", "truncation_side", "model_max_length", "max_length", "use_fast"),
    *("do_lower_case", "add_prefix_space", "clean_up_tokenization_spaces", "fix_mistral_regex"),
    *("use_cache", "is_causal", "use_bidirectional_attention", "output_hidden_states"),
    *("trust_remote_code", "use_safetensors"),  # always overruled
}
_TRANSFORMER_FILES = tuple(
    f"sentence_{name}_config.json"
    for name in ("bert", "roberta", "distilbert", "camembert", "albert", "xlm-roberta", "xlnet")
)


def check_told(files: ModelFiles, modules: list[tuple[str, str]]) -> None:
    """Refuses what a model tells its loaders beyond how texts are read: paths, offloading, code.

    Args:
        files: Its files.
        modules: Type and folder of each of its modules.

    Raises:
        ModelError: Naming the file and what it tells.
    """
    for kind, folder in modules:
        # a transformer's config.json is another thing: what its class was made with
        transformer = kind.split(".")[-1].endswith("Transformer")
        for name in _TRANSFORMER_FILES if transformer else ("config.json",):
            told = files.read(within(folder, name)) or {}
            if not isinstance(told, dict):
                raise files.broken(within(folder, name))
            found = [] if transformer or "path" not in told else ["path"]
            activation = str(told.get("activation_function", "torch."))
            # any other would be replaced by Tanh
            if kind.split(".")[-1] == "Dense" and not activation.startswith("torch."):
                raise own_code(files.name)
            for group in _TOLD:
                own = told.get(group) or {}
                if not isinstance(own, dict):
                    raise files.broken(within(folder, name))
                found += [key for key in own if key not in _HARMLESS]
            if found:
                raise ModelError(
                    f"{files.name} is not loaded: its {within(folder, name)} tells its loader "
                    f"{', '.join(sorted(found))}, which may lead out of its folder or run code; "
                    "remove that if you trust the rest."
                )


def own_code(name: str) -> ModelError:
    """The refusal of a model that would run code of its own."""
    return ModelError(
        f"{name} needs code of its own to run, which is never done here; choose another model."
    )


def adapters_of(files: ModelFiles, folders: tuple[str, ...]) -> Path | None:
    """Where its adapters are; they could be read from a pickle, which is refused.

    Args:
        files: Its files.
        folders: Those of its transformers.

    Returns:
        The folder; None where it has no adapters.

    Raises:
        ModelError: If they are not in a safetensors file.
    """
    for folder in folders:
        config = files.path(within(folder, "adapter_config.json"))
        if config is None:
            continue
        if files.path(within(folder, "adapter_model.safetensors")) is None:
            raise ModelError(
                f"{files.name} has no adapter_model.safetensors, and other weight files are not "
                "loaded because they can run code; save or download it again."
            )
        return Path(config).parent
    return None
