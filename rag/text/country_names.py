"""Names that mean the same: countries, their peoples and adjectives, and the short forms of large bodies, folded to
one key."""

from __future__ import annotations

import re

_COUNTRIES = """
af: Afghanistan Afghan Afghans | al: Albania Albanian Albanians | dz: Algeria Algerian Algerians
ad: Andorra Andorran | ao: Angola Angolan Angolans | ar: Argentina Argentine Argentinian Argentinians Argentines
am: Armenia Armenian Armenians | au: Australia Australian Australians | at: Austria Austrian Austrians
az: Azerbaijan Azerbaijani Azerbaijanis | bs: Bahamas Bahamian | bh: Bahrain Bahraini Bahrainis
bd: Bangladesh Bangladeshi Bangladeshis | by: Belarus Belarusian Belarusians | be: Belgium Belgian Belgians
bz: Belize Belizean | bj: Benin Beninese | bt: Bhutan Bhutanese | bo: Bolivia Bolivian Bolivians
ba: Bosnia Bosnian Bosnians | bw: Botswana | br: Brazil Brazilian Brazilians | bn: Brunei Bruneian
bg: Bulgaria Bulgarian Bulgarians | bf: Burkina_Faso Burkinabe | bi: Burundi Burundian
kh: Cambodia Cambodian Cambodians | cm: Cameroon Cameroonian Cameroonians | ca: Canada Canadian Canadians
td: Chad Chadian Chadians | cl: Chile Chilean Chileans | cn: China Chinese | co: Colombia Colombian Colombians
cg: Congo Congolese | cr: Costa_Rica Costa_Rican Costa_Ricans | hr: Croatia Croatian Croatians Croat Croats
cu: Cuba Cuban Cubans | cy: Cyprus Cypriot Cypriots | cz: Czech_Republic Czechia Czech Czechs
dk: Denmark Danish Dane Danes | dj: Djibouti Djiboutian | do: Dominican_Republic Dominican Dominicans
ec: Ecuador Ecuadorian Ecuadorians Ecuadorean | eg: Egypt Egyptian Egyptians | sv: El_Salvador Salvadoran Salvadorans
er: Eritrea Eritrean Eritreans | ee: Estonia Estonian Estonians | et: Ethiopia Ethiopian Ethiopians
fj: Fiji Fijian Fijians | fi: Finland Finnish Finn Finns | fr: France French Frenchman Frenchwoman
ga: Gabon Gabonese | gm: Gambia Gambian Gambians | ge: Georgia Georgian Georgians | de: Germany German Germans
gh: Ghana Ghanaian Ghanaians | gr: Greece Greek Greeks | gt: Guatemala Guatemalan Guatemalans
gn: Guinea Guinean Guineans | gy: Guyana Guyanese | ht: Haiti Haitian Haitians | hn: Honduras Honduran Hondurans
hu: Hungary Hungarian Hungarians | is: Iceland Icelandic Icelander Icelanders | in: India Indian Indians
id: Indonesia Indonesian Indonesians | ir: Iran Iranian Iranians | iq: Iraq Iraqi Iraqis | ie: Ireland Irish
il: Israel Israeli Israelis | it: Italy Italian Italians | ci: Ivory_Coast Ivorian Ivorians
jm: Jamaica Jamaican Jamaicans | jp: Japan Japanese | jo: Jordan Jordanian Jordanians | kz: Kazakhstan Kazakh Kazakhs
ke: Kenya Kenyan Kenyans | xk: Kosovo Kosovan Kosovar Kosovars | kw: Kuwait Kuwaiti Kuwaitis | kg: Kyrgyzstan Kyrgyz
la: Laos Laotian Laotians Lao | lv: Latvia Latvian Latvians | lb: Lebanon Lebanese | lr: Liberia Liberian Liberians
ly: Libya Libyan Libyans | lt: Lithuania Lithuanian Lithuanians | lu: Luxembourg | mg: Madagascar Malagasy
mw: Malawi Malawian | my: Malaysia Malaysian Malaysians | mv: Maldives Maldivian | ml: Mali Malian Malians
mt: Malta Maltese | mr: Mauritania Mauritanian | mu: Mauritius Mauritian | mx: Mexico Mexican Mexicans
md: Moldova Moldovan Moldovans | mn: Mongolia Mongolian Mongolians | me: Montenegro Montenegrin
ma: Morocco Moroccan Moroccans | mz: Mozambique Mozambican Mozambicans | mm: Myanmar Burma Burmese
na: Namibia Namibian Namibians | np: Nepal Nepalese Nepali Nepalis | nl: Netherlands Dutch Holland Dutchman
nz: New_Zealand New_Zealander New_Zealanders | ni: Nicaragua Nicaraguan Nicaraguans | ne: Niger Nigerien
ng: Nigeria Nigerian Nigerians | kp: North_Korea North_Korean North_Koreans DPRK | mk: North_Macedonia Macedonian
no: Norway Norwegian Norwegians | om: Oman Omani Omanis | pk: Pakistan Pakistani Pakistanis
ps: Palestine Palestinian Palestinians | pa: Panama Panamanian Panamanians | pg: Papua_New_Guinea
py: Paraguay Paraguayan Paraguayans | pe: Peru Peruvian Peruvians | ph: Philippines Philippine Filipino Filipinos
pl: Poland Polish Pole Poles | pt: Portugal Portuguese | qa: Qatar Qatari Qataris | ro: Romania Romanian Romanians
ru: Russia Russian Russians | rw: Rwanda Rwandan Rwandans | sa: Saudi_Arabia Saudi_Arabian Saudi Saudis
sn: Senegal Senegalese | rs: Serbia Serbian Serbians Serb Serbs | sl: Sierra_Leone Sierra_Leonean
sg: Singapore Singaporean Singaporeans | sk: Slovakia Slovak Slovaks Slovakian
si: Slovenia Slovenian Slovenians Slovene | so: Somalia Somali Somalis | za: South_Africa South_African South_Africans
kr: South_Korea South_Korean South_Koreans | ss: South_Sudan South_Sudanese | es: Spain Spanish Spaniard Spaniards
lk: Sri_Lanka Sri_Lankan Sri_Lankans | sd: Sudan Sudanese | se: Sweden Swedish Swede Swedes | ch: Switzerland Swiss
sy: Syria Syrian Syrians | tw: Taiwan Taiwanese | tj: Tajikistan Tajik Tajiks | tz: Tanzania Tanzanian Tanzanians
th: Thailand Thai Thais | tg: Togo Togolese | tn: Tunisia Tunisian Tunisians | tr: Turkey Turkish Turk Turks Türkiye
tm: Turkmenistan Turkmen | ug: Uganda Ugandan Ugandans | ua: Ukraine Ukrainian Ukrainians
uy: Uruguay Uruguayan Uruguayans | uz: Uzbekistan Uzbek Uzbeks | va: Vatican Holy_See
ve: Venezuela Venezuelan Venezuelans | vn: Vietnam Vietnamese | ye: Yemen Yemeni Yemenis | zm: Zambia Zambian Zambians
zw: Zimbabwe Zimbabwean Zimbabweans | korea: Korea Korean Koreans | england: England English Englishman Englishwoman
scotland: Scotland Scottish Scot Scots | wales: Wales Welsh Welshman | europe: Europe European Europeans
africa: Africa African Africans | asia: Asia Asian Asians
us: United_States United_States_of_America US USA America American Americans
gb: United_Kingdom Great_Britain UK Britain British Briton Britons | ae: United_Arab_Emirates UAE Emirati Emiratis
un: United_Nations UN | eu: European_Union EU
nato: NATO North_Atlantic_Treaty_Organization North_Atlantic_Treaty_Organisation
"""

_KEY = "country:"
_EXACT_CASE_LENGTH = 4
"""Short all-capital forms (US, UN, EU, UK, UAE, DPRK) count only in capitals: "us" and "un" are words."""

_ALSO_WORDS = frozenset(
    (
        "afghan", "afghans", "argentine", "argentines", "bolivia", "brazil", "canada", "chad", "chile", "china",
        "danish", "dutch", "english", "finland", "french", "gambia", "german", "germans", "guinea", "iceland",
        "japan", "jordan", "mali", "morocco", "mozambique", "panama", "pole", "poles", "polish", "russia", "scot",
        "scots", "swede", "swedes", "swiss", "turk", "turkey", "turks", "wales", "welsh", "zimbabwe",
    )
)  # fmt: skip
"""Forms that mean something else in small letters: dishes, birds, coats, leather, roots, dances.

All forms of the table that SCOWL (up to size 70) or Webster's Second lists in small letters, or whose singular they
list; every other form can be nothing but a country, however it is written.
"""

TITLES = frozenset(
    (
        "mr", "mrs", "ms", "miss", "dr", "sir", "lord", "lady", "dame", "president", "vice", "prime", "premier",
        "minister", "chancellor", "secretary", "senator", "governor", "mayor", "general", "colonel", "captain",
        "king", "queen", "prince", "princess", "pope", "professor", "judge", "justice", "chief", "director",
        "chairman", "chairwoman", "spokesman", "spokeswoman", "spokesperson", "ambassador", "representative",
        "congressman", "congresswoman", "sergeant", "lieutenant", "officer",
    )
)  # fmt: skip
"""Words that stand before a person's name and are no part of it."""


def _read_table() -> tuple[dict[str, str], dict[str, str]]:
    words: dict[str, str] = {}
    phrases: dict[str, str] = {}
    for entry in re.split(r"[|\n]", _COUNTRIES.strip()):
        code, forms = entry.strip().split(": ")
        for form in forms.split():
            target = phrases if "_" in form else words
            is_short = form.isupper() and len(form) <= _EXACT_CASE_LENGTH
            target[form.replace("_", " ") if is_short else form.replace("_", " ").casefold()] = _KEY + code
    return words, phrases


_WORDS, _PHRASES = _read_table()
_PHRASE = re.compile(
    r"\b(?:the\s+)?(" + "|".join(sorted(map(re.escape, _PHRASES), key=len, reverse=True)) + r")\b", re.IGNORECASE
)
_JOINED = {key: phrase.title().replace(" ", "") for phrase, key in reversed(_PHRASES.items())}
"""The first name of several words of each country, as one word: `NorthKorea`."""

_KEYS_OF_JOINED = {joined: key for key, joined in _JOINED.items()}


def name_key(word: str, *, any_case: bool = False) -> str:
    """One key for every form of a name: `China`, `Chinese` and `China's`; `US`, `U.S.`, `United States` and `American`.

    Words that are in no table give themselves, case-folded, without a possessive ending; so does a form in small
    letters that is a word as well ("turkey"), unless it may be a country in `any_case`, as readers type questions.
    """
    word = _without_possessive(word)
    if key := _KEYS_OF_JOINED.get(word):
        return key
    word = word.replace(".", "") if re.fullmatch(r"(?:[A-Z]\.)+", word) else word
    lowered = " ".join(word.casefold().split())
    if is_word_as_well(word) and not any_case:
        return lowered
    return _WORDS.get(word) or _WORDS.get(lowered) or _PHRASES.get(lowered) or lowered


def is_word_as_well(word: str) -> bool:
    """Whether the word is a form of the table in small letters that means something else as well: "turkey"."""
    return word[:1].islower() and _without_possessive(word) in _ALSO_WORDS


def is_country(key: str) -> bool:
    """Whether a key that `name_key` gave is that of a country."""
    return key.startswith(_KEY)


def _without_possessive(word: str) -> str:
    return re.sub(r"'s?$", "", word.replace("\u2019", "'"))


def fold_names(text: str) -> str:
    """The text with every country name of several words written as one word that `name_key` knows: `NorthKorea`."""
    return _PHRASE.sub(lambda match: _JOINED[_PHRASES[match.group(1).casefold()]], text)
