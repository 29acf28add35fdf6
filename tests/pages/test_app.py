"""The frame around all pages."""

import gc

import streamlit as st
from streamlit.testing.v1 import AppTest

from tests.pages.helpers import ROOT


def test_a_run_of_the_script_leaves_little_to_collect():
    gc.unfreeze()
    st.cache_resource.clear()
    before = len(gc.get_objects())
    app = AppTest.from_file(str(ROOT / "pages/_frame/navigation.py"), default_timeout=300).run()
    assert not app.exception
    # else every collection, and Streamlit starts one after each run, goes through torch again
    assert gc.get_freeze_count() > 0.9 * before
    assert len(gc.get_objects()) < 0.2 * before
    frozen = gc.get_freeze_count()
    app.run()
    assert gc.get_freeze_count() <= frozen  # once per server: a session's objects must not stay
