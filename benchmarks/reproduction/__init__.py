"""docs/reproduction.md: the paper's claims beside our figures, from the shipped assets."""

from pathlib import Path

from xsb_core.encoders.ready import ASSETS

STEPS = Path(__file__).parent / "steps.sh"
MPNET_STUDIES = ASSETS / "studies" / "mpnet"
COMPUTED = MPNET_STUDIES / "computed.csv"
REPRODUCTION = Path(__file__).parents[2] / "docs" / "reproduction.md"
