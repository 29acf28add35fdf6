"""Integrals over the parts of paths that rules are made of, none of them computed twice."""

from collections import Counter
from collections.abc import Callable, Sequence

import torch
from torch import Tensor

from xsb_core.integration.rules import Rule
from xsb_core.integration.shapes import FactorBatch, NodesOfTexts, Texts

# Factors of texts, each at nodes of its own with their weights.
Integrate = Callable[[Texts, NodesOfTexts, NodesOfTexts], FactorBatch]


class Sums:
    """Sums of factors over rules, text by text.

    Attributes:
        nodes: How many nodes each text has been computed at.
    """

    def __init__(self, integrate: Integrate, x: Texts) -> None:
        """Takes what integrates, and all texts."""
        self._integrate, self._x = integrate, x
        self._kept: dict[tuple[int, int | None], Tensor] = {}
        self.nodes: Counter[int] = Counter()

    def parts(self) -> list[int]:
        """The panels that some text has been computed on."""
        return [part for _, part in self._kept if part is not None]

    def of(self, texts: Sequence[int], rules: Sequence[Rule]) -> FactorBatch:
        """The sums over a rule for each of some texts, by their numbers."""
        new = [
            (text, part, nodes, weights)
            for text, rule in zip(texts, rules, strict=True)
            for part, nodes, weights in rule.pieces()
            if part is None or (text, part) not in self._kept
        ]
        if new:
            owners, parts, nodes, weights = zip(*new, strict=True)
            found = self._integrate(
                self._x[torch.tensor(owners, device=self._x.device)],
                [torch.from_numpy(some).to(self._x) for some in nodes],
                [torch.from_numpy(some).to(self._x) for some in weights],
            )
            for text, part, some, own in zip(owners, parts, nodes, found, strict=True):
                self._kept[text, part] = own
                self.nodes[text] += len(some)
        return torch.stack(
            [
                torch.stack([self._kept[text, part] for part, *_ in rule.pieces()]).sum(0)
                for text, rule in zip(texts, rules, strict=True)
            ]
        )
