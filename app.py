"""XSB Explorer's server: ``streamlit run app.py``."""

import streamlit as st

# The script lies elsewhere: beside a folder ``pages``, Streamlit would look for pages itself, and
# tell the first to open a deep link that there is no such page.
app = st.App("pages/_frame/navigation.py")
