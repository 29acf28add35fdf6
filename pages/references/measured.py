"""What was measured of runs: what ships, or of the user's results; and their single pairs."""

from dataclasses import dataclass, field

import streamlit as st

from pages._frame.gathered import pick_results
from pages._frame.links import warn_of_link
from pages._frame.uploads import megabytes_allowed, own_names, pick_uploads
from pages._frame.work import made, state_of
from xsb_core import Attribution, DataError
from xsb_core.corpus.results import Results
from xsb_core.studies.measurements import STSB, Measurements, measure_runs
from xsb_core.studies.runs import keys_of, run_name

SOURCES = ("STS-B test, shipped", "Results files")


@dataclass(frozen=True)
class Opened:
    """Measurements, and the results that they are of.

    Attributes:
        measured: The measurements.
        results: The results; none of the shipped one, which has figures only.
    """

    measured: Measurements
    results: tuple[Results, ...] = field(default=())

    def pair(self, run: str, layer: int, name: str) -> Attribution:
        """A pair of a run at a layer.

        Raises:
            DataError: If there is none.
        """
        for one in self.results:
            shared = one.manifest.shared
            if (run_name(shared), shared["layer"]) != (run, layer):
                continue
            key = keys_of(*self.results)
            for row in one.rows(["row", "id"]):
                if str(row[key]) == name:
                    return one.pair(row["row"])
        raise DataError(f"There is no pair {name} of {run} at layer {layer}; choose another one.")


@st.cache_resource
def _shipped() -> Measurements:
    return Measurements.load(STSB)


def open_measurements() -> Opened | None:
    """The study that is chosen; None while there is no file, or while it is measured.

    Raises:
        ValueError: If the files can't be used.
    """
    warn_of_link("results", "Results", lambda asked: asked in SOURCES, SOURCES[0])
    source = st.segmented_control(
        "Results", SOURCES, default=SOURCES[0], required=True, key="results", bind="query-params"
    )
    if source == SOURCES[0]:
        return Opened(_shipped())
    kept = pick_uploads(
        "Parquet files of batch runs over the same pairs",
        ["parquet"],
        "results_files",
        help="What the page Many pairs offers as Parquet; one file a model and layer. Agreement "
        f"takes two. Up to {megabytes_allowed()} MB each.",
    )
    folders = pick_results(
        "folders",
        "Results on this machine",
        "Folders of batch runs, one a line",
        "over the same pairs, one a model and layer",
    )
    if not kept and not folders:
        st.info(
            "Give the Parquet files that the page Many pairs offers for download, or the folders "
            "of batch runs, one a model and layer. With one, there are reference terms and signs; "
            "agreement takes two."
        )
        return None
    with own_names(*kept):
        sets = {str(path): Results(path) for path in [*kept, *folders]}
        measured = made(
            ("measured", state_of(sets)),
            "Measuring pairs",
            lambda job: measure_runs(list(sets), job.tell),
        )
    return Opened(measured, tuple(sets.values())) if measured else None
