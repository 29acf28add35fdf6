"""Where a page's parses come from: a CoNLL-U file, Stanza's models, or the examples' own."""

import streamlit as st

from pages._frame import jobs
from pages._frame.say import say
from xsb_core import ModelError
from xsb_core.analysis.shipped import example_parses
from xsb_core.syntax import Treebank, parse_conllu
from xsb_core.syntax.parser import Parser, download

Source = Parser | Treebank
_JOB = "stanza download"


@st.cache_resource(max_entries=2, show_spinner="Loading the parser …")
def _parser(folder: str) -> Parser:
    return Parser(folder or None)


@st.cache_resource(max_entries=4, show_spinner="Reading the parses …")
def _treebank(content: bytes, name: str) -> Treebank:
    return Treebank(parse_conllu(content, name), name)


def pick_source() -> Source:
    """Fields for a folder of models and for a file of parses.

    Returns:
        The file's parses; else Stanza; else, where there is none, the parses of the examples, and
        the page says what to do.
    """
    folder = st.text_input(
        "Folder with Stanza's models",
        key="stanza",
        bind="query-params",
        placeholder="Empty: where Stanza downloads to",
        help="It holds resources.json and a folder en with tokenize, pos, lemma and depparse.",
    ).strip()
    file = st.file_uploader(
        "Parses as CoNLL-U",
        "conllu",
        key="conllu",
        help="In place of Stanza: texts are matched by “# text”, or by their words.",
    )
    try:
        return _treebank(file.getvalue(), file.name) if file else _parser(folder)
    except ModelError as error:
        say(error)
        if not folder:
            _offer_download()
    except ValueError as error:
        say(error)
    st.info("Until then, the examples above and the study that ships can be seen.")
    return example_parses()


def _offer_download() -> None:
    job = jobs.find(_JOB)
    if job and job.error:
        say(job.error)
    if job and job.active:
        jobs.watch(job)
    elif st.button("Download Stanza's English models", help="Some hundred MB, once."):
        jobs.start(_JOB, "Downloading Stanza's models", lambda job: download(job.tell) or True)
        st.rerun()
