"""Record a transformer's blocks on a text, then replay the tail from any block on.

The model itself is never touched: recording runs a *shadow* of it, in which the modules on the way
to the blocks are shallow copies that share every parameter, and the blocks report their arguments.
So there is nothing to undo, and threads can share a model.
"""

from collections.abc import Callable
from copy import copy as shallow_copy
from dataclasses import dataclass, replace
from typing import Any, cast

import torch
from torch import Tensor, nn
from transformers import PreTrainedModel

from xsb_core.errors import LayerError, ModelError, first_sentence
from xsb_core.integration.dual import NoTangentError
from xsb_core.integration.jacobians import Tail
from xsb_core.integration.shapes import Embedding, EmbeddingBatch, Hidden, HiddenBatch, Texts

# What modules raise that want other input than a replay has for them.
NOT_REPLAYED = (KeyError, RuntimeError, IndexError, ValueError, TypeError)


@dataclass(frozen=True, eq=False)
class Call:
    """One call of a module, which may be called several times: what went in, what came out."""

    module: nn.Module
    args: tuple
    kwargs: dict[str, Any]
    output: Any

    @property
    def hidden_in(self) -> Tensor:
        """The hidden states that entered."""
        return self.args[0] if self.args else self.kwargs["hidden_states"]

    @property
    def hidden_out(self) -> Tensor:
        """The hidden states that left."""
        return _hidden(self.output)

    def again(self, hidden: Tensor) -> Tensor:
        """The same call on other hidden states."""
        if self.args:
            return _hidden(self.module(hidden, *self.args[1:], **self.kwargs))
        return _hidden(self.module(**{**self.kwargs, "hidden_states": hidden}))


@dataclass(frozen=True)
class Recording:
    """A transformer's blocks with the arguments that they had on a text, or on texts of one length.

    Attributes:
        blocks: The blocks' calls, in order.
        after: Calls of what the transformer applies behind its last block (a final norm).
        output: The token embeddings that the transformer gave, B × S × d.
        features: What the modules behind the transformer get beside the token embeddings.
        modules: Those modules: pooling and what follows it, a last Normalize left out.
    """

    blocks: tuple[Call, ...]
    after: tuple[Call, ...]
    output: Tensor
    features: dict[str, Any]
    modules: tuple[nn.Module, ...]

    def with_features(self, more: dict[str, Any]) -> "Recording":
        """The same recording, whose modules behind the transformer get some features more."""
        return replace(self, features=self.features | more)

    def with_states(self, other: "Recording") -> "Recording":
        """The same recording, whose blocks were entered by another's hidden states."""
        blocks = tuple(
            replace(own, args=(its.hidden_in, *own.args[1:]), output=its.output)
            if own.args
            else replace(
                own, kwargs=own.kwargs | {"hidden_states": its.hidden_in}, output=its.output
            )
            for own, its in zip(self.blocks, other.blocks, strict=True)
        )
        return replace(self, blocks=blocks, output=other.output)

    def hidden(self, layer: int) -> Hidden:
        """Hidden states of the only text, or the first, that enter block ``layer``.

        Errors are those of ``hidden_batch``.
        """
        return self.hidden_batch(layer)[0]

    def hidden_batch(self, layer: int) -> Texts:
        """Hidden states of all texts that enter block ``layer``.

        Raises:
            LayerError: If there is no such block, or the model changes the hidden states between
                that block and the next by something that is no block.
        """
        count, lowest = len(self.blocks), self._lowest_layer()
        if not lowest <= layer < count:
            why = "" if lowest == 0 else " (below, its blocks do not follow one another directly)"
            choice = f"layer {lowest}" if lowest == count - 1 else f"{lowest} to {count - 1}"
            raise LayerError(
                f"Layer {layer} is out of range for this model of {count} "
                f"block{'s' * (count > 1)}; choose {choice}{why}."
            )
        return self.blocks[layer].hidden_in

    def tail(self, layer: int) -> Callable[[HiddenBatch], EmbeddingBatch]:
        """t_l: from hidden states entering block ``layer`` to unnormalised embeddings.

        For a recording of one text; it can be replayed on any number of hidden states.
        """

        def replay(hidden: HiddenBatch) -> EmbeddingBatch:
            for call in self.blocks[layer:] + self.after:
                hidden = call.again(hidden)
            return self._embeddings(hidden)

        return replay

    def serves_several(self) -> bool:
        """Whether the recorded tail gives the model's own embedding to each of several texts."""
        with torch.no_grad():
            try:
                layer = self._lowest_layer()
                found = self.tail(layer)(self.hidden(layer).expand(2, -1, -1))
                own = self._embeddings(self.output).expand_as(found)
            except NOT_REPLAYED:  # blocks that want one batch size
                return False
        largest = float(own.abs().max())
        return torch.allclose(found, own, rtol=0, atol=1e-3 * largest, equal_nan=True)

    def embedding_of(self, text: "Recording") -> Embedding:
        """The unnormalised embedding of another's only text, by this one's replayed blocks."""
        layer = self._lowest_layer()
        with torch.no_grad():
            return self.tail(layer)(text.hidden(layer)[None])[0]

    def _embeddings(self, tokens: HiddenBatch) -> EmbeddingBatch:
        """What the modules behind the transformer make of token embeddings."""
        features = {key: _repeat(value, len(tokens)) for key, value in self.features.items()}
        features["token_embeddings"] = tokens
        for module in self.modules:
            features = module(features)
        return features["sentence_embedding"]

    def _lowest_layer(self) -> int:
        for layer in range(len(self.blocks) - 1, 0, -1):
            before, block = self.blocks[layer - 1], self.blocks[layer]
            if not _same(before.hidden_out, block.hidden_in):
                return layer
        return 0


def transformer_of(model: nn.Sequential) -> PreTrainedModel:
    """The transformer in a sentence-transformer's first module."""
    return cast(PreTrainedModel, model[0].model)


def record(first: nn.Module, others: tuple[nn.Module, ...], features: dict[str, Any]) -> Recording:
    """Runs a sentence-transformer's first module on texts of one length and records its blocks.

    Args:
        first: The sentence-transformers ``Transformer`` module.
        others: The modules behind it, up to the unnormalised embedding.
        features: The tokenised text, or texts.

    Returns:
        The recording, whose ``tail(0)`` gives what the model gives.

    Raises:
        ModelError: If the blocks cannot be found, or what follows them cannot be replayed.
    """
    calls: list[Call] = []
    path = blocks_path(first)
    shadow = _shadow(first)
    parent = shadow
    for name in path[:-1]:
        # whatever stands beside the blocks may be a final norm: let it report too
        for sibling, module in parent._modules.items():
            if module is not None and sibling != name:
                parent._modules[sibling] = _reporting(module, calls)
        parent._modules[name] = _shadow(parent.get_submodule(name))
        parent = parent.get_submodule(name)
    for sibling, module in parent._modules.items():
        if module is not None and sibling != path[-1]:
            parent._modules[sibling] = _reporting(module, calls)
    blocks = parent.get_submodule(path[-1])
    listed = _shadow(blocks)
    for name in blocks._modules:
        listed._modules[name] = _reporting(blocks.get_submodule(name), calls)
    parent._modules[path[-1]] = listed

    with torch.no_grad():
        out = shadow(dict(features))["token_embeddings"]
    members = set(blocks._modules.values())
    block_calls = [call for call in calls if call.module in members]
    after = _after(block_calls[-1], calls[calls.index(block_calls[-1]) + 1 :], out)
    return Recording(tuple(block_calls), after, out, dict(features), others)


def blocks_path(first: nn.Module) -> list[str]:
    """Where a transformer keeps its blocks: the longest list of modules in it, outermost first.

    Raises:
        ModelError: If it has none.
    """
    lists = [(name, m) for name, m in first.named_modules() if isinstance(m, nn.ModuleList)]
    if not lists:
        raise ModelError("The model's first module has no list of transformer blocks to replay.")
    name, _ = max(lists, key=lambda item: (len(item[1]), -item[0].count(".")))
    return name.split(".")


def _after(last: Call, calls: list[Call], out: Tensor) -> tuple[Call, ...]:
    """The modules between the last block and the transformer's output, followed by identity."""
    chain: tuple[Call, ...] = ()
    hidden = last.hidden_out
    for call in calls:
        if _same(hidden, out):
            break
        tensor = isinstance(call.output, Tensor) and call.output.shape == out.shape
        if tensor and call.args and call.args[0] is hidden:
            chain += (call,)
            hidden = call.output
    if not _same(hidden, out):
        raise ModelError(
            "The model changes its last block's output in a way that can't be replayed; "
            "only models that end in blocks and an optional final norm can be explained."
        )
    return chain


def _shadow(module: nn.Module) -> nn.Module:
    """A shallow copy: parameters and submodules are shared, the table of submodules is its own."""
    copy = module.__class__.__new__(module.__class__)
    copy.__dict__ = dict(module.__dict__)
    copy.__dict__["_modules"] = dict(module._modules)
    config: Any = module.__dict__.get("config")
    if getattr(config, "output_hidden_states", False):
        # else transformers would put its hooks on the shared blocks, a second time
        copy.__dict__["config"] = config = shallow_copy(config)
        config.output_hidden_states = False
    return copy


def _reporting(module: nn.Module, calls: list[Call]) -> nn.Module:
    """A shadow of a module that notes each of its calls."""
    copy = _shadow(module)

    def forward(*args: Any, **kwargs: Any) -> Any:
        output = module(*args, **kwargs)
        calls.append(Call(module, args, kwargs, output))
        return output

    copy.__dict__["forward"] = forward
    return copy


def _same(a: Tensor, b: Tensor) -> bool:
    """Equality, where a value that is no number equals another: one text may overflow."""
    return a.shape == b.shape and bool(((a == b) | (a.isnan() & b.isnan())).all())


def _hidden(output: Any) -> Tensor:
    return output if isinstance(output, Tensor) else output[0]


def _repeat(value: Any, batch: int) -> Any:
    """A feature of one text as a batch's: sentence-transformers modules are batch first."""
    if isinstance(value, Tensor) and value.ndim and value.shape[0] == 1:
        return value.expand(batch, *value.shape[1:])
    return value


def refusing(tail: Tail) -> Tail:
    """A tail that says alike whatever torch's differentiation says of blocks that it can't pass."""

    def refusing(hidden: HiddenBatch) -> EmbeddingBatch:
        try:
            return tail(hidden)
        except NOT_REPLAYED as error:
            # too little memory is no fault of the blocks; only CUDA has a class for it
            if isinstance(error, torch.OutOfMemoryError) or "memory" in str(error):
                raise
            raise NoTangentError(first_sentence(error)) from error

    return refusing
