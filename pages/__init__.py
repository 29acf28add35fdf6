"""One folder a page, each with a function ``page`` that app.py registers; guides are Markdown."""
