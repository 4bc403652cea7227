"""What a page says about itself and to its readers: consent, newsletters, accounts, rights, a story not finished yet.

A correction is news about the article: no notice here may take one.
"""

from __future__ import annotations

import re

_LETTER = r"(?:news ?letters?|briefings?|inbox|mailing list)"
_NETWORK = (
    r"(?:facebook|twitter|x|instagram|telegram|whatsapp|linkedin|youtube|threads|bluesky|tiktok|google news|viber)"
)
_STORY = r"(?:story|article|post|page|live blog|report)"

_CALLS = (
    # Newsletters and subscriptions.
    rf"sign[- ]?up (?:(?:here|now|today|below|free) )?(?:for|to) [^.!?]{{0,80}}\b{_LETTER}",
    rf"(?:subscribe|sign[- ]?up) (?:to|for) (?:our|the|this)\b[^.!?]{{0,80}}\b(?:{_LETTER}|channel|podcast|feed)\b",
    r"subscribe (?:to|for) (?:our|free|full access)\b",
    rf"(?:get|receive|want)\b[^.!?]{{0,100}}\b(?:in|to|into) your {_LETTER}",
    rf"(?:get|join) our\b[^.!?]{{0,40}}\b{_LETTER}",
    r"(?:please )?enter (?:your|a valid) e-?mail\b",
    r"you can unsubscribe at any ?time|unsubscribe at any ?time",
    r"thank(?: you|s) for (?:subscribing|signing up)",
    r"by (?:signing up|subscribing|registering|entering your e-?mail\b[^.!?]{0,40}),?"
    r" you (?:agree|consent|accept|confirm)\b",
    r"this site is protected by recaptcha",
    # Consent to cookies, and scripts.
    r"(?:we|this (?:web)?site|our (?:web)?site) (?:and our partners )?uses? (?:our |necessary )?cookies\b",
    r"we (?:value your privacy|and our (?:\d+ )?partners (?:use|store|process|share|access)\b)",
    r"by (?:continuing|browsing)\b[^.!?]{0,40} (?:this|our) (?:web)?site,? you (?:agree|consent|accept)\b",
    r"(?:please )?(?:enable|turn on) javascript\b",
    r"diese (?:web)?seite verwendet cookies|wir verwenden cookies|nous utilisons des cookies"
    r"|ce site utilise des cookies|utilizamos cookies|este sitio (?:web )?utiliza cookies|este site utiliza cookies",
    # Accounts and payment.
    r"already (?:a|an) (?:subscriber|member)\?|already have an account\?",
    r"(?:subscribe|register|log ?in|sign in) to (?:continue reading|keep reading|read the full|unlock)\b",
    rf"to (?:continue|keep) reading(?:$|,| this {_STORY})",
    rf"this {_STORY} is (?:only )?(?:available )?(?:only )?(?:for|to) (?:our |paying )?(?:subscribers|members)\b",
    r"(?:support|consider supporting) (?:our|local|independent) journalism\b",
    # Follow and share us.
    rf"(?:follow|like|find|join) us (?:on|at|in) (?:our )?{_NETWORK}\b",
    r"follow us (?:on|at|in) |follow our (?:live|coverage|channel|page)|connect with us (?:on|at)\b",
    r"join our (?:telegram|whatsapp|channel|community)\b",
    rf"share (?:on|via|to) {_NETWORK}\b",
    rf"(?:share|email|print) this {_STORY}\b",
    r"(?:click|tap) here (?:to|for)\b|download our app\b",
    r"(?:have you )?got (?:a|an) (?:news )?(?:tip|story)\b|do you have a (?:news tip|story (?:to share|idea|for us))\b",
    rf"(?:this )?(?:story|article) (?:continues|continued) (?:below|after)\b|continue reading the main {_STORY}",
    r"scroll (?:down )?to continue|skip (?:to main content|advertisement|past newsletter)",
    # Rights.
    r"© ?\w|copyright (?:©|\(c\)|(?:19|20)\d\d\b)|all rights reserved\b",
    rf"this (?:material|content|{_STORY}) (?:may|must|can) ?not be (?:published|reproduced|republished)\b",
    # In other languages.
    r"abonnez-vous à |suivez-nous sur |folgen sie uns |síguenos en |suscríbete a |seguici su |iscriviti alla newsletter"
    r"|подписывайтесь на |підписуйтесь на ",
)  # fmt: skip
"""How a line begins that speaks to the reader of a page; no sentence of an article opens so."""

_NEWS = (
    r"(?:(?:an? |the )?(?:new|more|additional|further|latest) )*"
    r"(?:information|details|developments|comments?|quotes|reporting|reaction|photos?|videos?|(?:photo )?gallery|news)"
)
_STATES = (
    # Unfinished.
    r"this is a (?:developing|breaking)(?: news)? story(?:,? (?:and|which|that|it) (?:will|may) be updated"
    r"[^.!?]{0,80})?",
    rf"this (?:breaking |developing )?(?:news )?{_STORY} (?:is developing|(?:will|may) be updated|is being updated)\b"
    r"[^.!?]{0,80}",
    r"(?:please )?(?:check|come) back (?:here )?(?:later |soon |often )?for (?:the latest|updates|more)\b[^.!?]{0,60}",
    r"(?:please )?refresh (?:this|the) page\b[^.!?]{0,40}",
    r"more (?:details|information|updates) (?:to follow|to come|soon|shortly|will follow)|more follows|more to follow",
    r"developing(?: story)?|breaking(?: news)?",
    # Changed, without a word of what was wrong before.
    rf"this {_STORY} (?:has been|was) updated(?: throughout)?"
    rf"(?: (?:with|to (?:add|include|reflect)) {_NEWS}(?:,? (?:and )?{_NEWS}){{0,4}})?",
    # What a page counts.
    r"(?:(?:view|show|see|read)(?: all)? )?comments(?: \(?[\d,.]{1,9}\)?)?|[\d,.]{1,9} comments"
    r"|\d{1,2}[ -]min(?:ute)?s? read|reading time:? \d{1,2} min(?:ute)?s?",
    r"listen to (?:this|the) article(?: [\d: ]{1,12}min(?:ute)?s?)?",
)  # fmt: skip
"""Whole sentences; a line goes only where every sentence of it is one of them."""

_CALL = re.compile("|".join(f"(?:{call})" for call in _CALLS))
_STATE = re.compile("|".join(f"(?:{state})" for state in _STATES))
_SENTENCES = re.compile(r"(?<=[.!?:]) +")
_AROUND = " .!?:;()[]*_-–—"  # noqa: RUF001

_CORRECTING = (
    "correct", "clarif", "retract", "amend", "erratum", "errata", "error", "mistake", "misstat", "misspel",
    "misidentif", "inaccura", "wrong", "earlier version", "previous version", "editor's note", "berichtig",
    "korrektur", "rectific", "corrig", "correcci", "fe de errores", "correção", "rettific", "sprostowan",
    "исправлен", "уточнен", "виправлен",
)  # fmt: skip


def is_correction(folded: str) -> bool:
    """Whether the folded line may correct the article: one word of such a notice is enough."""
    return any(stem in folded for stem in _CORRECTING)


def is_notice(folded: str) -> bool:
    """Whether the folded line is one of a page's notices to its readers."""
    if _CALL.match(folded) is not None:
        return True
    return all(_STATE.fullmatch(sentence.strip(_AROUND)) for sentence in _SENTENCES.split(folded))
