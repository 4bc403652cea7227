"""The language and country of a source, as far as reading its dates depends on them; CLDR (babel) knows the rest.

"03/04/2024" and "IST" mean one thing in one country and another in the next.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from urllib.parse import urlsplit

from babel import Locale
from babel.core import get_global
from babel.languages import get_official_languages

_SOLD_WORLDWIDE = frozenset(["ag", "ai", "cc", "co", "fm", "gg", "io", "la", "ly", "me", "sh", "st", "to", "tv", "ws"])
"""Country domains that are sold to everybody: they say nothing of a country."""

_TAG_PARTS = re.compile(r"[-_]")
_COUNTRY_OF_DOMAIN = {"uk": "GB"}


@dataclass(frozen=True, kw_only=True, slots=True)
class SourceLocale:
    """`language` as ISO 639 in small letters, `region` and `country` as ISO 3166 in capitals; empty where not known.

    `region` is that of the declared language ("en-GB"), `country` that of the address; they may differ.
    """

    language: str = ""
    region: str = ""
    country: str = ""

    @classmethod
    def of(cls, language_tag: str, *addresses: str) -> SourceLocale:
        """Read a declared language ("en-GB", "de_DE", "pt") and the source's addresses, the surest first."""
        language_tag = language_code(language_tag)
        language, *rest = _TAG_PARTS.split(re.split(r"[,;\s]", language_tag.strip(), maxsplit=1)[0])
        is_tag = language.isascii() and language.isalpha() and len(language) in (2, 3)
        region = next((part.upper() for part in rest if len(part) == 2 and part.isalpha()), "") if is_tag else ""
        country = next((found for address in addresses if (found := _country_of(address))), "")
        return cls(language=language.lower() if is_tag else "", region=region, country=country)

    @property
    def countries(self) -> tuple[str, ...]:
        """The countries that it may come from, the surest first."""
        return tuple(dict.fromkeys(filter(None, (self.country, self.region))))

    @property
    def speaks(self) -> str:
        """Its language; where it declares none, the one that most people of its country speak."""
        return self.language or next(map(_language_of, self.countries), "")


ANYWHERE = SourceLocale()


def language_code(said: str) -> str:
    """The code of a language that is called by its English name or by three letters ("english", "eng"), else the same.

    Exports of news services name languages so.
    """
    name = said.strip().casefold()
    return get_global("language_aliases").get(name, "") or _codes_by_name().get(name, said)


@cache
def _codes_by_name() -> dict[str, str]:
    return {name.casefold(): code for code, name in Locale("en").languages.items() if "_" not in code}


@cache
def official_languages(country: str) -> frozenset[str]:
    """The languages that are official in a country, by law or in fact."""
    return frozenset(get_official_languages(country, de_facto=True))


@cache
def countries_of_zones() -> dict[str, str]:
    """Every canonical zone of the tz database -> its country."""
    return {zone: country for zone, country in get_global("zone_territories").items() if country != "001"}


@cache
def zones_by_name(language: str) -> dict[str, tuple[str, ...]]:
    """Names of time zones in a language, in small letters ("mesz", "eastern time") -> the zones that are called so.

    A name of standard or summer time is told apart from the one of the zone itself by `zone_seasons`.
    """
    return {name: zones for name, (zones, _) in _zone_names(language).items()}


def season_of_name(language: str, name: str) -> str:
    """ "standard", "daylight", or "generic" for a name that means whichever of them applies."""
    return _zone_names(language)[name][1]


@cache
def initials_of_zones(country: str) -> dict[str, tuple[tuple[str, ...], str]]:
    """Initials of the English zone names of a country ("bst" in Bangladesh) -> its zones, and the season they name.

    Australians leave the first word out of "Australian Eastern Standard Time".
    """
    found: dict[str, tuple[tuple[str, ...], str]] = {}
    for name, (zones, season) in _zone_names("en").items():
        own = tuple(zone for zone in zones if countries_of_zones().get(zone) == country)
        if own and " " in name and season != "generic":
            words = name.split()
            for said in (words, words[1:]) if len(words) > 3 else (words,):
                found.setdefault("".join(word[0] for word in said), (own, season))
    return found


@cache
def _zone_names(language: str) -> dict[str, tuple[tuple[str, ...], str]]:
    if not language or not _is_known(language):
        return {}
    zones: dict[str, list[str]] = {}
    for zone, metazone in get_global("meta_zones").items():
        zones.setdefault(metazone, []).append(zone)
    found: dict[str, tuple[tuple[str, ...], str]] = {}
    for metazone, names in Locale(language).meta_zones.items():
        for width in ("long", "short"):
            for season, name in dict(names.get(width, {})).items():
                if isinstance(name, str) and metazone in zones:
                    found.setdefault(name.casefold(), (tuple(zones[metazone]), season))
    for zone, own in Locale(language).time_zones.items():
        for season, name in dict(own.get("long", {})).items():
            found.setdefault(name.casefold(), ((zone,), season))
    return found


@cache
def _is_known(language: str) -> bool:
    from babel.localedata import exists

    return exists(language)


def _country_of(address: str) -> str:
    try:
        host = urlsplit(address).hostname or ""
    except ValueError:
        return ""
    domain = host.rpartition(".")[2]
    if len(domain) != 2 or not domain.isalpha() or domain in _SOLD_WORLDWIDE:
        return ""
    country = _COUNTRY_OF_DOMAIN.get(domain, domain.upper())
    return country if country in get_global("territory_languages") else ""


@cache
def _language_of(country: str) -> str:
    spoken = get_global("territory_languages").get(country, {})
    official = {tag: facts for tag, facts in spoken.items() if facts["official_status"]}
    best = max(official or spoken, key=lambda tag: float(spoken[tag]["population_percent"]), default="")
    return best.split("_")[0]
