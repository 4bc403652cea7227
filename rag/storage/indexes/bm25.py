"""Word search: BM25 over tantivy, kept in step with the archive. tantivy is used nowhere else.

Words are cut and stemmed by `rag.text.search_terms` on both sides, so that questions and passages meet on the same
terms in every script.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rag.errors import LibraryBusy, LibraryError
from rag.scope import Scope
from rag.storage.index_contract import Hit, IndexEntry, epoch_bounds, read_revision, write_revision
from rag.storage.indexes.refusals import is_panic, refused
from rag.text.search_terms import content_terms, terms

# A change of fields or of `rag.text.search_terms` needs a new number: indexes of another number are rebuilt from the
# archive.
FORMAT = 2

# The words of a title weigh this much more than those of the text.
TITLE_BOOST = 1.5

BACKGROUND_PASSAGES = 1000

_WRITER_MEMORY_BYTES = 64 * 2**20


def rarity_of(held: int, passages: int) -> float:
    """The inverse document frequency of BM25 of a term that so many passages hold, divided by that of an unseen one."""
    return math.log(1 + (passages - held + 0.5) / (held + 0.5)) / math.log(1 + (passages + 0.5) / 0.5)


class BM25Index:
    """A BM25 index (k1 = 1.2, b = 0.75; Robertson and Zaragoza 2009) in a folder, or in memory where `folder` is None.

    `read_only` opens an index that another process writes to.
    """

    def __init__(self, folder: Path | None, *, read_only: bool = False) -> None:
        import tantivy

        self._tantivy = tantivy
        self._folder = folder
        self._schema = _schema()
        with _tantivy_errors(folder):
            if folder is not None:
                _check_format(folder, create=not read_only)
                self._index = tantivy.Index(self._schema, path=str(folder))
            else:
                self._index = tantivy.Index(self._schema)
            self._index.register_tokenizer("terms", tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build())
            self._writer = None if read_only else self._index.writer(_WRITER_MEMORY_BYTES, num_threads=1)
            if self._writer is not None:
                # A commit that was killed leaves files that the next one would make under the same name, and fail.
                self._writer.garbage_collect_files()
        self._revision = read_revision(folder) if folder is not None else 0

    @property
    def revision(self) -> int:
        """The archive's revision that this index has reached."""
        return self._revision

    def update(self, *, drop: Sequence[str], add: Sequence[IndexEntry], revision: int) -> None:
        """Take out every passage of the articles `drop`, put in `add`, then note `revision`.

        Doing it twice changes nothing.
        """
        if self._writer is None:
            raise LibraryError("this process opened the word index for reading only")
        with _tantivy_errors(self._folder):
            for article_id in dict.fromkeys([*drop, *(entry.article_id for entry in add)]):
                self._writer.delete_documents_by_term("article", article_id)
            for entry in add:
                self._writer.add_document(self._document(entry))
            self._writer.commit()
            self._index.reload()
        if self._folder is not None:
            write_revision(self._folder, revision)
        self._revision = revision

    def search(self, text: str, scope: Scope, limit: int, *, languages: Iterable[str] = ("en",)) -> list[Hit]:
        """Passages that share words with `text` within the scope, best first.

        `languages` are those to stem the question in.
        """
        wanted = {term for language in languages for term in content_terms(text, language)}
        wanted = wanted or {term for language in languages for term in terms(text, language)}
        if not wanted:
            return []
        occur, query = self._tantivy.Occur, self._tantivy.Query
        clauses = [(occur.Must, query.boolean_query([(occur.Should, self._term(term)) for term in sorted(wanted)]))]
        clauses += [(occur.Must, query.const_score_query(clause, 0.0)) for clause in self._within(scope)]
        with _tantivy_errors(self._folder):
            searcher = self._index.searcher()
            result = searcher.search(query.boolean_query(clauses), limit)
            return [Hit(passage_id=searcher.doc(address)["passage"][0], score=score) for score, address in result.hits]

    def near(self, term: str, slips: int, limit: int) -> list[Hit]:
        """Passages with a word that differs from a term by so many slips at most (1 or 2; neighbours that change places
        are one), in no order."""
        occur, query = self._tantivy.Occur, self._tantivy.Query
        fields = [(occur.Should, query.fuzzy_term_query(self._schema, name, term, slips)) for name in ("text", "title")]
        with _tantivy_errors(self._folder):
            searcher = self._index.searcher()
            result = searcher.search(query.boolean_query(fields), limit)
            return [Hit(passage_id=searcher.doc(address)["passage"][0], score=score) for score, address in result.hits]

    def rarity(self, terms: Iterable[str]) -> dict[str, float]:
        """Term -> inverse document frequency as in BM25, divided by that of an unseen term: 0..1.

        A library of seven passages cannot tell which words are rare: `BACKGROUND_PASSAGES` others without the term are
        counted in.
        """
        total, seen = self.frequencies(terms)
        return {term: rarity_of(n, total + BACKGROUND_PASSAGES) for term, n in seen.items()}

    def frequencies(self, terms: Iterable[str]) -> tuple[int, dict[str, int]]:
        """Number of passages, and term -> how many of them hold it."""
        with _tantivy_errors(self._folder):
            searcher = self._index.searcher()
            return int(searcher.num_docs), {term: searcher.doc_freq("text", term) for term in terms}

    def count(self) -> int:
        """Number of passages held."""
        with _tantivy_errors(self._folder):
            return int(self._index.searcher().num_docs)

    def close(self) -> None:
        """Finish merges and release the lock; the index is complete on disk afterwards."""
        if self._writer is not None:
            with _tantivy_errors(self._folder):
                self._writer.wait_merging_threads()
            self._writer = None

    def _term(self, term: str) -> Any:
        query = self._tantivy.Query
        title = query.boost_query(query.term_query(self._schema, "title", term, "freq"), TITLE_BOOST)
        return query.disjunction_max_query([query.term_query(self._schema, "text", term, "freq"), title], 0.3)

    def _within(self, scope: Scope) -> Iterator[Any]:
        query, kind = self._tantivy.Query, self._tantivy.FieldType.Float
        after, before = epoch_bounds(scope)
        if after is not None or before is not None:
            yield query.range_query(self._schema, "published", kind, after, before)
        if scope.outlets:
            yield query.term_set_query(self._schema, "outlet", list(scope.outlets))
        if scope.articles:
            yield query.term_set_query(self._schema, "article", list(scope.articles))
        if scope.tags:
            yield query.term_set_query(self._schema, "tag", list(scope.tags))

    def _document(self, entry: IndexEntry) -> Any:
        document = self._tantivy.Document()
        document.add_text("passage", entry.passage_id)
        document.add_text("article", entry.article_id)
        document.add_text("outlet", entry.outlet)
        for tag in entry.tags:
            document.add_text("tag", tag)
        document.add_text("title", " ".join(terms(entry.title, entry.language)))
        document.add_text("text", " ".join(terms(entry.text, entry.language)))
        if entry.published is not None:
            document.add_float("published", entry.published)
        return document


def _schema() -> Any:
    import tantivy

    builder = tantivy.SchemaBuilder()
    builder.add_text_field("passage", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("article", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("outlet", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("tag", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("title", tokenizer_name="terms", index_option="freq")
    builder.add_text_field("text", tokenizer_name="terms", index_option="freq")
    builder.add_float_field("published", indexed=True, fast=True)
    return builder.build()


def is_of_this_format(folder: Path) -> bool:
    """Whether the words in a folder are in the form of today; none at all are."""
    return _format_in(folder) in (None, FORMAT)


def _format_in(folder: Path) -> object:
    marker = folder / "format.json"
    return json.loads(marker.read_text(encoding="utf-8")).get("format", 0) if marker.exists() else None


def _check_format(folder: Path, *, create: bool) -> None:
    marker = folder / "format.json"
    if marker.exists():
        found = _format_in(folder)
        if found != FORMAT:
            raise LibraryError(
                f"the word index has format {found!r}, this Newsdesk needs {FORMAT}; run `newsdesk rebuild`"
            )
    elif create:
        folder.mkdir(parents=True, exist_ok=True)
        marker.write_text(json.dumps({"format": FORMAT}), encoding="utf-8")
    else:
        raise LibraryError("there is no word index yet; run `newsdesk rebuild`")


@contextmanager
def _tantivy_errors(folder: Path | None) -> Iterator[None]:
    # tantivy raises ValueError for everything it meets, with the cause in the text.
    try:
        yield
    except BaseException as error:
        if not (is_panic(error) or isinstance(error, ValueError | OSError)):
            raise
        if told := refused(error, "word index"):
            raise told from error
        if "lock" in str(error).lower() and not is_panic(error):
            raise LibraryBusy("another process is writing the word index; try again when it is done") from error
        raise _broken(folder, error) from error


def _broken(folder: Path | None, error: BaseException) -> LibraryError:
    return LibraryError(
        f"the word index in {str(folder)!r} does not work ({type(error).__name__}); run `newsdesk rebuild`"
    )
