"""UK postcodes, and the twelve ITL1 regions and nations they lie in.

A postcode area (the leading letters) lies mostly in one region. Where whole districts of an area belong to
another region they are listed by number. A district astride a boundary gets the region of most of its people.
"""

import re
from dataclasses import dataclass

REGIONS: dict[str, str] = {
    "north_east": "North East",
    "north_west": "North West",
    "yorkshire": "Yorkshire and The Humber",
    "east_midlands": "East Midlands",
    "west_midlands": "West Midlands",
    "east_of_england": "East of England",
    "london": "London",
    "south_east": "South East",
    "south_west": "South West",
    "wales": "Wales",
    "scotland": "Scotland",
    "northern_ireland": "Northern Ireland",
}

_AREAS_BY_REGION = {
    "north_east": "DH DL NE SR TS",
    "north_west": "BB BL CA CH CW FY L LA M OL PR SK WA WN",
    "yorkshire": "BD DN HD HG HU HX LS S WF YO",
    "east_midlands": "DE LE LN NG NN",
    "west_midlands": "B CV DY HR ST SY TF WR WS WV",
    "east_of_england": "AL CB CM CO IP LU NR PE SG SS WD",
    "london": "BR CR E EC EN HA IG KT N NW RM SE SM SW TW UB W WC",
    "south_east": "BN CT DA GU HP ME MK OX PO RG RH SL SO TN",
    "south_west": "BA BH BS DT EX GL PL SN SP TA TQ TR",
    "wales": "CF LD LL NP SA",
    "scotland": "AB DD DG EH FK G HS IV KA KW KY ML PA PH TD ZE",
    "northern_ireland": "BT",
}
AREAS: dict[str, str] = {area: region for region, areas in _AREAS_BY_REGION.items() for area in areas.split()}

# (area, first district, last district) -> region
_EXCEPTIONS: tuple[tuple[str, int, int, str], ...] = (
    ("BR", 8, 8, "south_east"),
    ("CH", 5, 8, "wales"),
    ("CR", 3, 3, "south_east"),
    ("CR", 6, 6, "south_east"),
    ("DA", 5, 8, "london"),
    ("DA", 14, 18, "london"),
    ("DE", 13, 15, "west_midlands"),
    ("DL", 6, 11, "yorkshire"),
    ("DN", 21, 22, "east_midlands"),
    ("EN", 6, 11, "east_of_england"),
    ("HP", 1, 4, "east_of_england"),
    ("HP", 23, 23, "east_of_england"),
    ("IG", 7, 7, "east_of_england"),
    ("IG", 10, 10, "east_of_england"),
    ("KT", 7, 8, "south_east"),
    ("KT", 10, 24, "south_east"),
    ("MK", 40, 46, "east_of_england"),
    ("OL", 14, 14, "yorkshire"),
    ("PE", 9, 12, "east_midlands"),
    ("PE", 20, 25, "east_midlands"),
    ("RM", 15, 20, "east_of_england"),
    ("S", 18, 18, "east_midlands"),
    ("S", 32, 33, "east_midlands"),
    ("S", 40, 49, "east_midlands"),
    ("S", 80, 81, "east_midlands"),
    ("SK", 13, 13, "east_midlands"),
    ("SK", 17, 17, "east_midlands"),
    ("SK", 22, 23, "east_midlands"),
    ("SM", 7, 7, "south_east"),
    ("SN", 7, 7, "south_east"),
    ("SP", 10, 11, "south_east"),
    ("SY", 15, 25, "wales"),
    ("TD", 15, 15, "north_east"),
    ("TW", 15, 20, "south_east"),
)
CROWN_DEPENDENCIES = frozenset({"GY", "IM", "JE"})

_POSTCODE = re.compile(r"([A-Z]{1,2})([0-9][0-9A-Z]?)(?:([0-9])([ABD-HJLNP-UW-Z]{2}))?")


@dataclass(frozen=True)
class Postcode:
    """A postcode, whole (`LS1 4AP`) or its first half alone (`LS1`)."""

    area: str
    district: str
    inward: str = ""

    @property
    def region(self) -> str | None:
        """The key in `REGIONS`, or None for an area that is not in the United Kingdom."""
        number = int(re.match(r"\d+", self.district)[0])  # type: ignore[index]  # a district begins with a digit
        for area, first, last, region in _EXCEPTIONS:
            if area == self.area and first <= number <= last:
                return region
        return AREAS.get(self.area)

    def __str__(self) -> str:
        return f"{self.area}{self.district} {self.inward}".strip()


def read_postcode(text: str) -> Postcode | None:
    """Return the postcode written in `text` in any spacing or case, or None if it is not one."""
    found = _POSTCODE.fullmatch(re.sub(r"[\s.\-]", "", text).upper())
    if found is None:
        return None
    area, district, sector, unit = found.groups()
    return Postcode(area, district, f"{sector}{unit}" if sector else "")


def region_of(text: str) -> str | None:
    """Return the region key of the postcode written in `text`, or None if there is none."""
    postcode = read_postcode(text)
    return postcode.region if postcode else None
