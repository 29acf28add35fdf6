"""``python -m xsb_core``."""

import sys

from xsb_core.cli import main

sys.exit(main())
