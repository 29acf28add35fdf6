"""The frame around all pages, of a server that nobody has visited yet."""

import re

from playwright.sync_api import expect

from pages._frame.listed import PAGES
from tests.browser.helpers import PATIENT, new_context


def test_a_cold_server_opens_at_any_link_in_its_frame(browser, start_server):
    address = start_server()
    context = new_context(browser)
    links = ["", *PAGES]
    opened = {link: context.new_page() for link in links}
    # all at once: each begins before any has told the server which pages there are
    for link, page in opened.items():
        page.goto(f"{address}/{link}", wait_until="commit")
    titles = set()
    for link, page in opened.items():
        heading = page.get_by_role("heading", level=1)
        expect(heading).to_have_text(re.compile(r"\?$"), timeout=PATIENT)
        expect(page.get_by_role("link", name=PAGES[link or "pair"], exact=True)).to_be_visible()
        expect(page.get_by_text("Page not found")).to_have_count(0)
        expect(page.get_by_test_id("stException")).to_have_count(0)
        expect(page).to_have_title("XSB Explorer")
        titles.add(heading.inner_text())
        page.close()  # what it would go on to compute is seen in other tests
    assert len(titles) == len(PAGES)
    context.close()
