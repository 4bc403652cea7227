"""Names of months and weekdays, in small letters."""

from __future__ import annotations

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july", "august", "september", "october"),
    *("november", "december"),
)
SHORT_MONTHS = ("jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec")
"""How English shortens them, without the full stop; May is not shortened."""

MONTH_NUMBERS = {
    name: number
    for number, names in enumerate(
        [
            "january jan januar janvier janv enero ene gennaio janeiro",
            "february feb februar février févr febrero febbraio fevereiro",
            "march mar märz mars marzo março",
            "april apr avril avr abril aprile",
            "may mai mayo maggio maio",
            "june jun juni juin junio giugno junho",
            "july jul juli juillet juil julio luglio julho",
            "august aug août agosto",
            "september sept sep septembre septiembre settembre setembro",
            "october oct oktober okt octobre octubre ottobre outubro",
            "november nov novembre noviembre novembro",
            "december dec dezember dez décembre déc diciembre dicembre dezembro",
        ],
        start=1,
    )
    for name in names.split()
}
"""Name or short form -> number, 1 to 12: English, German, French, Spanish, Italian and Portuguese, as news sites date
articles."""
