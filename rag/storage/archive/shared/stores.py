"""What stands in `rag.storage.archive.shared`, as one value."""

from __future__ import annotations

from rag.storage.archive.database import Database
from rag.storage.archive.shared.attempts import AttemptStore
from rag.storage.archive.shared.conversations import ConversationStore
from rag.storage.archive.shared.feedback import FeedbackStore
from rag.storage.archive.shared.spending import SpendingStore
from rag.storage.archive.shared.users import UserStore


class SharedStores:
    """Reach it as `Archive.shared`."""

    def __init__(self, database: Database) -> None:
        self.users = UserStore(database)
        self.attempts = AttemptStore(database)
        self.spending = SpendingStore(database)
        self.feedback = FeedbackStore(database)
        self.conversations = ConversationStore(database)
