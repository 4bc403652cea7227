"""`python -m eval`: run the evaluation, hold it against its baseline, measure speed, kill an ingest."""

from __future__ import annotations

import sys

from eval.commands import main

if __name__ == "__main__":
    sys.exit(main())
