"""Sources in, articles with passages into the library.

    crawl.py         sources -> raw articles: files, addresses, links as far as asked
    sources.py       files, folders and ZIP archives, in order
    readers/         one format each: bytes -> RawArticle, or a Problem; registry.py knows them all
    fetching/        the one door to the web: pacing, robots.txt, bounds, public addresses alone
    metadata/        title, outlet, date, authors and address from what a source says
    text/            bytes -> characters, markup -> plain text
    cleaning/        a page's boilerplate off: menus, bylines, notices, timestamps
    preparing/       RawArticle -> Article -> passages with vectors; near_duplicates.py: wire copies -> one story
    run.py           one run: batches, what was seen before, what is counted; report.py and progress.py say so
    subscriptions/   feeds that are polled; schedule.py polls them while the page is open
    pipeline.py      all of it, streaming, into a Library: `from ingest.pipeline import ingest`

Nothing heavy is imported until a file needs it.
"""
