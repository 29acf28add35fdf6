"""What tests of the page for many pairs do, and what the page shows."""

import pandas as pd
from streamlit.testing.v1 import AppTest

from pages.batch.runs import find_run
from tests.pages.helpers import open_page, wait
from xsb_core.corpus.results import Results


def upload(model: str, name: str, content: bytes, **parameters: str) -> AppTest:
    app = open_page("batch", source="Upload", model=model, **parameters)
    app.file_uploader(key="upload").set_value((name, content, "text/csv"))
    return app.run()


def run_to_the_end(app: AppTest) -> AppTest:
    app.button(key="run_button").click().run()
    return wait(app)


def metrics(app: AppTest) -> dict[str, str]:
    return {metric.label: metric.value for metric in app.metric}


def table(app: AppTest, column: str) -> pd.DataFrame:
    """The table that has this column."""
    return next(frame.value for frame in app.dataframe if column in frame.value)


def errors(app: AppTest) -> str:
    return " ".join(error.value.replace("\\", "") for error in app.error)


def run_of(app: AppTest) -> Results:
    return find_run(app.query_params["run"]).results()
