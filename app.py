"""XSB Explorer's server: ``streamlit run app.py``, or ``xsb app``."""

import os

import streamlit as st
from starlette.routing import Route

from pages._frame.server import HEADERS, lifespan, ready, tell_unexpected

# As in xsb_core/__main__.py; the pages import torch later.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
# The script lies elsewhere: beside a folder ``pages``, Streamlit would look for pages itself, and
# tell the first to open a deep link that there is no such page.
app = st.App(
    "pages/navigation.py",
    lifespan=lifespan,
    routes=[Route("/ready", ready)],
    middleware=[HEADERS],
    on_script_error=tell_unexpected,
)
