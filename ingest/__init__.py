"""Ingest: sources in, articles with passages into the library.

    gathering.py   sources -> raw articles: files, addresses, links as far as asked
    sources.py     files, folders and ZIP archives, in order; formats.py tells the format of each
    fetch.py       the one door to the web (fetch_*.py, addresses.py, robots.py)
    subscriptions.py  feeds that are polled; schedule.py polls them while the page is open
    *_reader.py    one format each: bytes -> RawArticle, or a Problem that says what is wrong
    articles.py    RawArticle -> Article: cleaned, dated, named
    cleaning.py    the page's furniture off (boilerplate.py, bylines.py, notices.py, stamps.py)
    chunking.py    Article -> Passages
    dedupe.py      wire copies -> one story
    run.py         one run: batches, what was met, what is counted
    pipeline.py    all of it, streaming, into a Library: `from ingest.pipeline import ingest`

Nothing heavy is imported until a file needs it.
"""
