"""Where a page's parses come from: a CoNLL-U file, Stanza's models, or the examples' own."""

from itertools import count
from weakref import WeakKeyDictionary

import streamlit as st

from pages._frame import jobs
from pages._frame.say import as_typed, say, told
from pages._frame.settings import settings
from pages._frame.uploads import own_names, pick_upload
from xsb_core import ModelError
from xsb_core.studies.syntax.word_pairs import EXAMPLE_PARSES
from xsb_core.syntax.parser import Parser, download
from xsb_core.syntax.treebank import Treebank

Source = Parser | Treebank
_JOB = "stanza download"
# an object's id can come again once it is gone
_NUMBERS: WeakKeyDictionary[Source, int] = WeakKeyDictionary()
_COUNT = count()


@st.cache_resource(max_entries=2, show_spinner="Loading the parser …")
def _parser(folder: str) -> Parser:
    return Parser(folder or None)


@st.cache_resource(max_entries=4, show_spinner="Reading the parses …")
def _treebank(path: str) -> Treebank:
    return Treebank.read(path)


@st.cache_resource
def _examples() -> Treebank:
    return Treebank.read(EXAMPLE_PARSES)


def pick_source() -> Source:
    """Fields for a folder of models and for a file of parses.

    Returns:
        One object for the same choice in all sessions: the file's parses; else Stanza; else, where
        there is none, the parses of the examples, and the page says what to do.
    """
    public, folder = settings().public, ""
    if not public:
        folder = st.text_input(
            "Folder with Stanza's models",
            key="stanza",
            bind="query-params",
            placeholder="Empty: where Stanza downloads to",
            help="It holds resources.json and a folder en with tokenize, pos, lemma and depparse.",
        ).strip()
    with told():
        if file := pick_upload("Parses as CoNLL-U, in place of Stanza", ["conllu"], "conllu"):
            with own_names(file):
                return _treebank(str(file))
        try:
            return _parser(folder)
        except ModelError as error:
            if folder:
                raise
            st.info(
                "This server has no parser; upload parses as CoNLL-U."
                if public
                else as_typed(str(error))
            )
        if not public:
            _offer_download()
    st.caption("Until then, the examples and the study that ships can be seen.")
    return _examples()


def knows_examples_only(source: Source) -> bool:
    """Whether there is neither a parser nor a file, so that only the examples have parses."""
    return source is _examples()


def source_key(source: Source) -> str:
    """A name for work on its parses, which no other source has or had."""
    return f"{source.name} {_NUMBERS.setdefault(source, next(_COUNT))}"


def source_for(source: Source, texts: tuple[str, str]) -> Source:
    """The source, or the examples' own parses where it is a file that lacks these examples."""
    examples = _examples()
    lacks = isinstance(source, Treebank) and not all(map(source.sentences, texts))
    return examples if lacks and all(map(examples.sentences, texts)) else source


def _offer_download() -> None:
    job = jobs.find(_JOB)
    if job and job.error:
        say(job.error)
    if job and job.active:
        jobs.watch(job)
    elif st.button("Download Stanza's English models", help="Some hundred MB, once."):
        jobs.start(_JOB, "Downloading Stanza's models", lambda job: download(job.tell))
        st.rerun()
