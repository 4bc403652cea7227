"""Looks for what is lost, doubled or told otherwise in a cluster whose processes were killed.

`python -m eval.crash_test.cluster.check CLUSTER.json` prints {"faults": [...]}; see `Cluster`.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from eval.crash_test.articles import InventedArticle, invent, write_jsonl
from eval.crash_test.check import MAX_MISSED_SHARE, archive_faults, finds_itself, listed
from rag.errors import NewsdeskError
from rag.scope import Scope
from rag.storage.archive.archive import Archive
from rag.storage.indexes.bm25 import BM25Index
from rag.storage.indexes.chroma_server import ChromaServer, ChromaServerIndex
from rag.storage.indexes.folders import IndexFolders
from rag.storage.indexes.health import disk_revisions

FOLLOW_SECONDS = 60.0
QUESTIONS = 5
_NEAREST = 5


@dataclass(frozen=True, kw_only=True, slots=True)
class Cluster:
    """Where everything is, and what it should hold: so many articles in this version (from 1).

    `libraries` are the folders of the machines, `pages` the addresses of their pages.
    """

    archive: str
    chroma: str
    libraries: tuple[str, ...]
    pages: tuple[str, ...]
    articles: int
    version: int
    seed: int

    def write(self, file: Path) -> None:
        """Write it down for `main`."""
        file.write_text(json.dumps(asdict(self)), encoding="utf-8")


def faults_in(cluster: Cluster) -> Iterator[str]:
    """Every fault, in words."""
    articles = [invent(number, version=cluster.version, seed=cluster.seed) for number in range(cluster.articles)]
    with closing(Archive(cluster.archive, create=False)) as archive:
        yield from archive_faults(archive, articles)
        yield from _doubled(archive, cluster.version)
        for folder in cluster.libraries:
            yield from _word_faults(Path(folder), archive, articles)
        yield from _vector_faults(ChromaServer(address=cluster.chroma), archive)


def _doubled(archive: Archive, version: int) -> Iterator[str]:
    """Each version of an article was stored once: no correction more than there were."""
    replaced = archive.history.corrections()
    for ref in archive.refs():
        if replaced.get(ref.id, 0) != version - 1:
            yield f"{ref.url} was replaced {replaced.get(ref.id, 0)} times and not {version - 1}"


def _word_faults(folder: Path, archive: Archive, articles: Sequence[InventedArticle]) -> Iterator[str]:
    """A machine's page follows by itself, as long as it may take."""
    deadline = time.monotonic() + FOLLOW_SECONDS
    while (reached := disk_revisions(folder, archive)[1]) != archive.revision():
        if time.monotonic() > deadline:
            yield f"the words of {folder.name} stay at {reached}, the archive is at {archive.revision()}"
            return
        time.sleep(0.2)
    with closing(BM25Index(IndexFolders(folder).current("words"), read_only=True)) as words:
        if words.count() != archive.passage_count():
            yield f"{folder.name} has words of {words.count()} passages, the archive {archive.passage_count()}"
        ids = {ref.url: ref.id for ref in archive.refs()}
        for article in articles:
            found = words.search(article.place, Scope(), _NEAREST)
            if not any(hit.passage_id.startswith(f"{ids.get(article.url)}:") for hit in found):
                yield f"{folder.name} does not find {article.url} by its words"


def _vector_faults(server: ChromaServer, archive: Archive) -> Iterator[str]:
    deadline = time.monotonic() + FOLLOW_SECONDS
    with closing(ChromaServerIndex(server, archive)) as vectors:
        while vectors.revision != archive.revision():
            if time.monotonic() > deadline:
                yield f"the vectors stay at {vectors.revision}, the archive is at {archive.revision()}"
                return
            time.sleep(0.2)
            vectors.refresh()
        total = archive.passage_count()
        if vectors.count() != total:
            yield f"the Chroma server has vectors of {vectors.count()} passages, the archive {total}"
        stored = archive.stored_passages(archive.article_ids())
        missed = [
            one.passage.id
            for one in stored
            if not finds_itself(vectors.search(one.vector, Scope(), _NEAREST), one.passage.id)
        ]
        # A graph may leave a vector without a link that leads to it; the server keeps nothing beside the graph.
        if len(missed) > max(1, MAX_MISSED_SHARE * total):
            yield f"{len(missed)} of {total} passages do not find themselves among the vectors"


def differing_answers(cluster: Cluster) -> Iterator[str]:
    """Questions that a page answers otherwise than one machine that ingested the same articles undisturbed."""
    from ingest.pipeline import ingest
    from rag.desk import Desk
    from rag.public_json import answer_json
    from rag.settings import Settings
    from rag.storage.library import open_library

    step = max(1, cluster.articles // QUESTIONS)
    with tempfile.TemporaryDirectory(prefix="newsdesk-alone-") as folder:
        source = Path(folder, "articles.jsonl")
        write_jsonl(source, articles=cluster.articles, version=cluster.version, seed=cluster.seed)
        settings = Settings(library=Path(folder, "library"), embedder="hashing", vector_index="exact")
        with Desk(open_library(settings, stay_open=True)) as desk:
            ingest([source], desk.library)
            for number in range(0, cluster.articles, step):
                article = invent(number, version=cluster.version, seed=cluster.seed)
                # A hashing embedder ranks almost by chance: the article's own day leaves few to choose from.
                day = article.published[:10]
                alone = told(answer_json(desk.ask(article.question, published_after=day, published_before=day)))
                for page in cluster.pages:
                    given = {"question": article.question, "after": day, "before": day}
                    if (answer := told(_asked(page, given))) != alone:
                        yield f"{page} answers {article.question!r} with {answer}, one machine with {alone}"
                if article.fact not in {quote for quote, _, _ in alone["quotes"]}:
                    yield f"{article.question!r} was not answered with its sentence"


def told(answer: dict[str, Any]) -> dict[str, Any]:
    """What a reader is told, and by which words of which articles."""
    quotes = [(one["quote"], one["url"], one["start"]) for one in answer["citations"]]
    return {"outcome": answer["outcome"], "text": answer["text"], "quotes": quotes}


def _asked(page: str, given: dict[str, str]) -> dict[str, Any]:
    body, kind = json.dumps(given).encode(), {"content-type": "application/json"}
    with urllib.request.urlopen(urllib.request.Request(f"{page}/api/v1/ask", body, kind), timeout=60) as got:
        answer: dict[str, Any] = json.loads(got.read())
    return answer


def main() -> int:
    """Print the faults as JSON; 0 whether there are any or not."""
    # Started by the crash test alone.
    cluster = Cluster(**json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))
    try:
        found = [*faults_in(cluster), *differing_answers(cluster)]
    except (NewsdeskError, OSError) as error:
        found = [f"the cluster cannot be asked: {error}"]
    print(json.dumps({"faults": listed(found)}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
