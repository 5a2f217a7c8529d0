"""What a time zone is called in a language, as its speakers write it."""

from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import get_timezone_name


def zone_name(zone: ZoneInfo, locale: Locale | str | None) -> str:
    """The zone's own name, not that of a moment in it: "United Kingdom Time".

    The names of countries that CLDR puts into a phrase begin with a capital; the Welsh article, which is a word like
    others there, does not: "Amser y Deyrnas Unedig".
    """
    found = str(get_timezone_name(zone, width="long", zone_variant="generic", locale=locale))
    return found.replace(" Y ", " y ") if str(locale).startswith("cy") else found
