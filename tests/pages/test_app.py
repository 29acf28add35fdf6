"""The frame around all pages."""

import gc

from streamlit.testing.v1 import AppTest

from pages._frame import server
from pages._frame.listed import PAGES
from tests.pages.helpers import ROOT


def test_a_server_that_is_ready_leaves_little_to_collect():
    gc.unfreeze()
    before = len(gc.get_objects())
    server.get_ready()
    # else every collection, and Streamlit starts one after each run, goes through torch again
    assert gc.get_freeze_count() > 0.9 * before
    app = AppTest.from_file(str(ROOT / "pages/navigation.py"), default_timeout=300).run()
    assert not app.exception
    assert len(gc.get_objects()) < 0.2 * before
    frozen = gc.get_freeze_count()
    app.run()
    assert gc.get_freeze_count() <= frozen  # once per server: a session's objects must not stay


def test_every_folder_of_a_page_is_in_the_navigation():
    folders = {path.parent.name for path in (ROOT / "pages").glob("*/page.py")}
    assert set(PAGES) == folders
