"""The sample library: articles of our own from six invented outlets, one folder an outlet."""

from __future__ import annotations

from pathlib import Path


def sample_folder() -> Path:
    """Return the folder that holds the sample articles, to be ingested like any other."""
    return Path(__file__).parent
