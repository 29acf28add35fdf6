"""XSB Explorer's server: ``streamlit run app.py``, or ``xsb app``."""

import streamlit as st

from pages._frame.server import lifespan

# The script lies elsewhere: beside a folder ``pages``, Streamlit would look for pages itself, and
# tell the first to open a deep link that there is no such page.
app = st.App("pages/navigation.py", lifespan=lifespan)
