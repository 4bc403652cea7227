"""A reader's session: what is remembered from one question to the next."""

from __future__ import annotations

import secrets
from dataclasses import replace
from typing import TYPE_CHECKING

from rag.summaries.briefing_types import Briefing
from rag.types import ArticleRef
from rag.wording import N_
from web.page.conversation import Answered, Asking, Conversation
from web.page.editor.draft import Drafting

if TYPE_CHECKING:
    from ingest.preparing.edit import Removed
    from web.page.feedback import Feedback, Verdict
    from web.page.html.conversation import TurnCache


class Steps:
    """A view that is made in steps: the newest piece of work alone may change what it shows."""

    def __init__(self) -> None:
        self.shown = ""
        self._work: object | None = None

    def begin(self) -> object:
        """Begin a piece of work, in place of any other."""
        self._work = work = object()
        return work

    def keep(self, work: object, shown: str) -> bool:
        """Take over what a step of `work` shows; False, with nothing changed, where another began."""
        if self._work is not work:
            return False
        self.shown = shown
        return True


class Session:
    """One browser tab: its conversation, and which piece of work may still change it.

    Stopping, or asking anew, takes that right from the work that is going on; it ends when it next looks.
    """

    def __init__(self) -> None:
        self.id = secrets.token_hex(8)
        self.conversation = Conversation()
        self.briefing: Briefing | None = None
        self.briefing_steps = Steps()
        self.stories = Steps()
        self.newsletter = Drafting()
        self.story: tuple[ArticleRef, ...] = ()
        self.turn_cache: TurnCache = {}
        self.removed: Removed | None = None
        self._work: object | None = None

    def __deepcopy__(self, memo: dict[int, object]) -> Session:
        """Another reader's session: Gradio copies the first one for every tab, and nothing may go along."""
        return Session()

    @property
    def busy(self) -> bool:
        """Whether a question is being worked on."""
        return self._work is not None

    def start(self) -> object:
        """Begin a piece of work, in place of any other; its steps go through `keep`."""
        self._work = work = object()
        return work

    def keep(self, work: object, conversation: Conversation) -> bool:
        """Take over a step of `work`; False, with nothing changed, where that work has lost its right."""
        if self._work is not work:
            return False
        # A turn may have been rated since this piece of work began.
        rated = [turn.rated if isinstance(turn, Answered) else "" for turn in self.conversation.turns]
        self.conversation = Conversation(
            tuple(
                replace(turn, rated=rated[i]) if i < len(rated) and isinstance(turn, Answered) else turn
                for i, turn in enumerate(conversation.turns)
            )
        )
        if not isinstance(conversation.turns[-1], Asking):
            self._work = None
        return True

    def keep_briefing(self, work: object, made: Briefing | None, shown: str) -> bool:
        """Take over a step of a briefing and what is shown of it; False, with nothing changed, where another began."""
        if not self.briefing_steps.keep(work, shown):
            return False
        self.briefing = made
        return True

    def stop(self) -> None:
        """End the work that is going on, and mark its question as stopped."""
        self._work = None
        self.conversation = self.conversation.stopped()

    def clear(self) -> None:
        """End the work that is going on, and begin a new conversation."""
        self._work = None
        self.id = secrets.token_hex(8)
        self.story = ()
        self.conversation = Conversation()
        self.turn_cache = {}

    def resume(self, name: str, conversation: Conversation) -> None:
        """End the work that is going on, and go on with a conversation that the reader's browser kept as `name`."""
        self.clear()
        self.id = name
        self.conversation = conversation

    def go_on(self, answered: Answered, questions: tuple[str, ...]) -> bool:
        """Set the questions to go on with under an answer; False where it is no longer the last turn."""
        match self.conversation.turns:
            case (*_, Answered() as last) if last.answer is answered.answer:
                self.conversation = self.conversation.with_last(replace(last, further=questions))
                return True
        return False

    def note(self, feedback: Feedback, number: int, verdict: Verdict, reason: str) -> None:
        """Keep what the reader says of a turn, once; a turn that cannot be rated is left alone.

        Raises `StorageError` where it cannot be kept; then nothing is noted.
        """
        turns = self.conversation.turns
        turn = turns[number] if 0 <= number < len(turns) else None
        if not isinstance(turn, Answered) or turn.rated or turn.recalled:
            return
        before = [earlier.question for earlier in turns[:number] if isinstance(earlier, Answered)]
        feedback.keep(turn.answer, verdict, reason, history=before, scope=turn.limits.scope)
        said = N_("it helped") if verdict == "good" else reason or N_("it did not help")
        self.conversation = Conversation((*turns[:number], replace(turn, rated=said), *turns[number + 1 :]))
