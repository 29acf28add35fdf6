"""XSB Explorer: page setup and navigation."""

import streamlit as st

from pages import pair


def main() -> None:
    """Draws the frame and runs the chosen page."""
    st.set_page_config(page_title="XSB Explorer", page_icon="🔎", layout="wide")
    st.navigation([st.Page(pair.page, title="Pair", url_path="pair", default=True)]).run()


if __name__ == "__main__":
    main()
