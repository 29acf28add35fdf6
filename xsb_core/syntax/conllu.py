"""CoNLL-U: parsed sentences as files (https://universaldependencies.org/format.html)."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from xsb_core.errors import DataError
from xsb_core.syntax.sentence import Node, Sentence, Token
from xsb_core.syntax.tree import squeezed
from xsb_core.tables.files import user_path

_COLUMNS = 10
_ID, _FORM, _UPOS, _HEAD, _RELATION, _MISC = 0, 1, 3, 6, 7, 9
Document = tuple[Sentence, ...]


def read_conllu(path: str | Path) -> list[Document]:
    """Reads a file.

    Multi-word tokens keep their written form, empty nodes are passed over, and a sentence without
    a ``# text`` has that of its tokens and their SpaceAfter.

    Args:
        path: The file, in UTF-8.

    Returns:
        Its documents, as ``# newdoc`` parts them; all of the file where there is none.

    Raises:
        DataError: If it can't be read, or a line is not as it should be; the message names it.
    """
    try:
        # a text may hold characters at which splitlines would split
        lines = user_path(path).read_text(encoding="utf-8-sig").split("\n")
    except OSError as error:
        raise DataError(f"{path} can't be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise DataError(f"{path} is not UTF-8 text; save the CoNLL-U file in UTF-8.") from error
    documents: list[list[Sentence]] = [[]]
    for block in _blocks(lines):
        if any(line.startswith("# newdoc") for _, line in block):
            documents.append([])
        if any(not line.startswith("#") for _, line in block):
            documents[-1].append(_sentence(block, str(path)))
    found = [tuple(document) for document in documents if document]
    if not found:
        raise DataError(f"{path} has no sentence; give a CoNLL-U file of parsed texts.")
    return found


def write_conllu(documents: Iterable[Document], path: Path) -> None:
    """Writes documents, each with its ``# newdoc``, whole or not at all."""
    lines = []
    for document in documents:
        lines.append("# newdoc")
        for sentence in document:
            lines += [f"# text = {' '.join(sentence.text.split())}", *_lines(sentence), ""]
    unfinished = path.with_suffix(".tmp")
    unfinished.write_text("\n".join(lines) + "\n", encoding="utf-8")
    unfinished.replace(path)


def _lines(sentence: Sentence) -> Iterator[str]:
    number = 1
    for token in sentence.tokens:
        last = number + len(token.words) - 1
        if last > number:
            yield _line(f"{number}-{last}", token.form)
        for word in token.words:
            yield _line(str(number), word.form, word.upos, str(word.head), word.relation)
            number += 1


def _line(id_: str, form: str, upos: str = "_", head: str = "_", relation: str = "_") -> str:
    return "\t".join([id_, " ".join(form.split()), "_", upos, "_", "_", head, relation, "_", "_"])


def _blocks(lines: list[str]) -> Iterator[list[tuple[int, str]]]:
    """Lines of a sentence with their numbers."""
    block: list[tuple[int, str]] = []
    for number, line in enumerate(lines, 1):
        if line.strip():
            block.append((number, line))
        elif block:
            yield block
            block = []
    if block:
        yield block


def _sentence(block: list[tuple[int, str]], path: str) -> Sentence:
    text = None
    tokens: list[tuple[str, list[Node]]] = []
    spaces: list[str] = []
    open_until = 0  # the last word of the open multi-word token
    number = 0
    for line_number, line in block:
        if line.startswith("#"):
            name, _, value = line[1:].partition("=")
            if name.strip() == "text":
                text = value.strip()
            continue
        cells = line.split("\t")
        where = f"{path}, line {line_number}"
        if len(cells) != _COLUMNS:
            raise DataError(
                f"{where} has {len(cells)} of the {_COLUMNS} columns of CoNLL-U; expected tabs "
                "between them."
            )
        if not squeezed(cells[_FORM]):
            raise DataError(f"{where} has no FORM; expected the word in its second column.")
        if "." in cells[_ID]:  # an empty node of the enhanced graph
            continue
        if "-" in cells[_ID]:
            first, _, last = cells[_ID].partition("-")
            if first != str(number + 1) or number < open_until or not last.isdecimal():
                raise DataError(
                    f"{where}: expected a multi-word token that begins at word {number + 1}, "
                    f"outside any other one, got ID {cells[_ID]!r}."
                )
            open_until = int(last)
            tokens.append((cells[_FORM], []))
            spaces.append(_space(cells))
            continue
        try:
            number += 1
            node = Node(cells[_FORM], cells[_UPOS], int(cells[_HEAD]), cells[_RELATION])
            if int(cells[_ID]) != number or node.head < 0:
                raise ValueError
        except ValueError as error:
            raise DataError(
                f"{where}: expected word {number} with the number of its head, got ID "
                f"{cells[_ID]!r} and HEAD {cells[_HEAD]!r}."
            ) from error
        if number > open_until:
            tokens.append((node.form, []))
            spaces.append(_space(cells))
        tokens[-1][1].append(node)
    if open_until > number:
        raise DataError(
            f"{path}, line {block[-1][0]}: the sentence ends at word {number}, but a multi-word "
            f"token of it at word {open_until}."
        )
    sentence = Sentence(
        text if text is not None else _joined(tokens, spaces),
        tuple(Token(form, tuple(words)) for form, words in tokens),
    )
    _check(sentence, f"{path}, line {block[0][0]}")
    return sentence


def _space(cells: list[str]) -> str:
    return "" if "SpaceAfter=No" in cells[_MISC].split("|") else " "


def _joined(tokens: list[tuple[str, list[Node]]], spaces: list[str]) -> str:
    return "".join(form + space for (form, _), space in zip(tokens, spaces, strict=True)).strip()


def _check(sentence: Sentence, where: str) -> None:
    """Refuses what is no tree: relations are followed up to the root."""
    words = sentence.words
    rooted = {0}
    for number in range(1, len(words) + 1):
        at, way = number, []
        while at not in rooted and at <= len(words) and len(way) <= len(words):
            way.append(at)
            at = words[at - 1].head
        if at in rooted:
            rooted.update(way)
        else:
            raise DataError(
                f"{where}: the heads of word {number} of this sentence lead to no root; expected a "
                "tree."
            )
