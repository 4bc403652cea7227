"""A CI job that builds a newsletter and fails where an editor would not send it.

    python examples/ci_newsletter.py examples/weekly.toml --sources ingest/sample --out issue

It makes a library from the sources, builds the issue, checks it and leaves every format in the folder for the job to
keep. Exit codes: 0 the issue can go out, 1 it cannot, with the reasons, 2 something given is wrong.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from ingest.pipeline import ingest
from newsletter import Issue, build_issue, load_config, write_issue
from rag import open_desk
from rag.errors import NewsdeskError, UsageError

LONGEST_SENTENCE_WORDS = 80


def faults(issue: Issue) -> list[str]:
    """Why an editor would not send it. That every quote is exact needs no check here: an issue that is not, is none."""
    found = [
        f"the section {section.title!r} is empty: {section.notice}" for section in issue.sections if not section.items
    ]
    for item in issue.items:
        if not any(article.url for article in item.articles):
            found.append(f"{item.title!r} leads to no source")
        for sentence in item.sentences:
            if len(sentence.text.split()) > LONGEST_SENTENCE_WORDS:
                found.append(f"{item.title!r} has a sentence of more than {LONGEST_SENTENCE_WORDS} words")
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description="Build a newsletter and check it.")
    parser.add_argument("config", type=Path)
    parser.add_argument("--sources", nargs="+", required=True, help="files, folders, feeds or addresses to ingest")
    parser.add_argument("--out", type=Path, default=Path("issue"))
    parser.add_argument("--may-be-empty", action="append", default=[], metavar="SECTION", help="may be repeated")
    given = parser.parse_args()
    try:
        config = load_config(given.config)
        with tempfile.TemporaryDirectory() as folder, open_desk(library=Path(folder, "library")) as desk:
            report = ingest(given.sources, desk.library)
            for problem in report.problems:
                print(f"not read: {problem.where}: {problem.reason}", file=sys.stderr)
            issue = build_issue(desk, config)
            files = write_issue(issue, given.out, config=config)
    except NewsdeskError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2 if isinstance(error, UsageError) else 1
    print(*files.values(), sep="\n")
    told = [fault for fault in faults(issue) if not any(repr(name) in fault for name in given.may_be_empty)]
    print(*told, sep="\n", file=sys.stderr)
    return 1 if told else 0


if __name__ == "__main__":
    sys.exit(main())
