"""Ingest: sources in, articles with passages into the library.

    sources.py     files and folders, in order, each to the reader that knows its format
    *_reader.py    one format each: bytes -> RawArticle, or a Problem that says what is wrong
    articles.py    RawArticle -> Article: cleaned, dated, named
    chunking.py    Article -> Passages
    dedupe.py      wire copies -> one story
    pipeline.py    all of it, streaming, into a Library: `from ingest.pipeline import ingest`

Nothing heavy is imported until a file needs it.
"""
