"""Tables of the archive, the same on every engine; `migrations` holds how they came to be."""

from __future__ import annotations

import sqlalchemy as sql

# Sorted and compared by code point on every engine, whatever language a server was set up for: what depends on an order
# then answers the same everywhere.
Text = sql.Text(collation="C").with_variant(sql.Text(), "sqlite")

metadata = sql.MetaData()

notes = sql.Table(
    "notes",
    metadata,
    sql.Column("key", Text, primary_key=True),
    sql.Column("value", Text, nullable=False),
)

articles = sql.Table(
    "articles",
    metadata,
    sql.Column("id", Text, primary_key=True),
    sql.Column("title", Text, nullable=False),
    sql.Column("outlet", Text, nullable=False, index=True),
    sql.Column("url", Text, nullable=False),
    # The text form keeps the source's time zone, the number is what is compared: it is empty where the date is not
    # believed.
    sql.Column("published", Text),
    sql.Column("published_epoch", sql.Float, index=True),
    sql.Column("precision", Text, nullable=False),
    sql.Column("authors", Text, nullable=False),
    sql.Column("language", Text, nullable=False),
    sql.Column("fetched", Text, nullable=False),
    sql.Column("text", Text, nullable=False),
    sql.Column("digest", Text, nullable=False),
    sql.Column("story", Text, nullable=False, index=True),
    sql.Column("revision", sql.Integer, nullable=False),
)

passages = sql.Table(
    "passages",
    metadata,
    sql.Column("article_id", Text, sql.ForeignKey("articles.id"), primary_key=True),
    sql.Column("position", sql.Integer, primary_key=True),
    sql.Column("start", sql.Integer, nullable=False),
    sql.Column("end", sql.Integer, nullable=False),
    sql.Column("sentences", Text, nullable=False),
    sql.Column("vector", sql.LargeBinary, nullable=False),
)

bands = sql.Table(
    "bands",
    metadata,
    sql.Column("band", sql.BigInteger, primary_key=True),
    sql.Column("article_id", Text, sql.ForeignKey("articles.id"), primary_key=True, index=True),
)

changes = sql.Table(
    "changes",
    metadata,
    sql.Column("revision", sql.Integer, primary_key=True, autoincrement=True),
    sql.Column("article_id", Text, nullable=False),
    sqlite_autoincrement=True,
)

# What was replaced by a correction. It refers to no article: in the transaction of a change the article's row is gone
# for a moment.
former = sql.Table(
    "former",
    metadata,
    sql.Column("article_id", Text, primary_key=True),
    sql.Column("number", sql.Integer, primary_key=True),
    *(sql.Column(name, Text, nullable=False) for name in ("title", "outlet", "url")),
    sql.Column("published", Text),
    *(
        sql.Column(name, Text, nullable=False)
        for name in ("precision", "authors", "language", "fetched", "text", "digest", "story")
    ),
    sql.Column("revision", sql.Integer, nullable=False),
    sql.Column("replaced", Text, nullable=False),
)

# Tags with their history: one that is taken away keeps its row. `revision` is that of the change that gave it.
tags = sql.Table(
    "tags",
    metadata,
    sql.Column("article_id", Text, primary_key=True),
    sql.Column("tag", Text, primary_key=True, index=True),
    sql.Column("revision", sql.Integer, primary_key=True, autoincrement=False),
    sql.Column("added", sql.Float, nullable=False),
    sql.Column("removed", sql.Float),
)

# The pages of articles that came from a PDF, as JSON, and the file where it is kept; see decision 0048. They are those
# of the version that has the digest.
pdfs = sql.Table(
    "pdfs",
    metadata,
    sql.Column("article_id", Text, primary_key=True),
    sql.Column("digest", Text, nullable=False),
    sql.Column("starts", Text, nullable=False),
    sql.Column("data", sql.LargeBinary),
)

# Times of tags, feeds and answers are this machine's own, so seconds since 1970 (UTC) say everything about them.
feeds = sql.Table(
    "feeds",
    metadata,
    sql.Column("id", sql.Integer, primary_key=True),
    sql.Column("url", Text, nullable=False, unique=True),
    sql.Column("title", Text, nullable=False),
    sql.Column("follow", sql.Boolean, nullable=False),
    sql.Column("added", sql.Float, nullable=False),
    sql.Column("etag", Text, nullable=False),
    sql.Column("last_modified", Text, nullable=False),
    sql.Column("body_digest", Text, nullable=False),
    sql.Column("polled", sql.Float),
    sql.Column("next_poll", sql.Float),
    sql.Column("failures", sql.Integer, nullable=False),
    sql.Column("problem", Text, nullable=False),
    sql.Column("claimed_by", Text),
    sql.Column("claimed_until", sql.Float),
)

entries = sql.Table(
    "entries",
    metadata,
    sql.Column("feed_id", sql.Integer, sql.ForeignKey("feeds.id"), primary_key=True),
    sql.Column("key", Text, primary_key=True),
    sql.Column("digest", Text, nullable=False),
    sql.Column("last_seen", sql.Float, nullable=False),
    sqlite_with_rowid=False,
)

answers = sql.Table(
    "answers",
    metadata,
    sql.Column("id", sql.Integer, primary_key=True, autoincrement=True),
    sql.Column("asked", sql.Float, nullable=False),
    sql.Column("answer", Text, nullable=False),
    # The number of a forgotten answer is never given to another.
    sqlite_autoincrement=True,
)

# Which articles an answer cites; the quotes and their places stand in the answer itself.
answer_citations = sql.Table(
    "answer_citations",
    metadata,
    sql.Column("answer_id", sql.Integer, sql.ForeignKey("answers.id"), primary_key=True),
    sql.Column("article_id", Text, primary_key=True, index=True),
    sql.Column("article_digest", Text, nullable=False),
    sqlite_with_rowid=False,
)

users = sql.Table(
    "users",
    metadata,
    sql.Column("name", Text, primary_key=True),
    sql.Column("hash", Text, nullable=False),
)

# Counted attempts, each until it counts no longer (seconds since 1970); `key` is a digest of whose they are.
attempts = sql.Table(
    "attempts",
    metadata,
    sql.Column("id", sql.BigInteger().with_variant(sql.Integer(), "sqlite"), primary_key=True),
    sql.Column("key", Text, nullable=False, index=True),
    sql.Column("until", sql.Float, nullable=False),
)

spending = sql.Table(
    "spending",
    metadata,
    sql.Column("day", Text, primary_key=True),
    sql.Column("spent", sql.Float, nullable=False),
)

feedback = sql.Table(
    "feedback",
    metadata,
    sql.Column("id", sql.Integer, primary_key=True, autoincrement=True),
    sql.Column("said", Text, nullable=False),
)

# What each reader asked, for that reader alone. `text` is what words are looked for in, `turns` what the page shows
# again, `changed` the time that the reader's browser said, as ISO 8601 in UTC.
conversations = sql.Table(
    "conversations",
    metadata,
    sql.Column("owner", Text, primary_key=True),
    sql.Column("id", Text, primary_key=True),
    sql.Column("name", Text, nullable=False),
    sql.Column("changed", Text, nullable=False),
    sql.Column("answers", sql.Integer, nullable=False),
    sql.Column("size", sql.Integer, nullable=False),
    sql.Column("text", Text, nullable=False),
    sql.Column("turns", Text, nullable=False),
)
