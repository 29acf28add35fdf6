"""One module a page, each with a function ``page`` that app.py registers."""
