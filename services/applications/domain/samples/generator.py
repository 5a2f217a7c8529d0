"""Lifelike applications to the sample round, the same ones for the same seed."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from services.applications.domain.rounds import parse_times
from services.applications.domain.samples.files import round_definition
from services.applications.domain.samples.organisations import Organisation, Organisations
from services.applications.domain.samples.people import People, Person
from services.applications.domain.samples.stock import shares, stock
from services.applications.domain.samples.writing import Essay, Writer

LANGUAGES = {"ar": 0.07, "fa-AF": 0.06, "cy": 0.04, "en": 0.83}
# Both facts; the first alone; neither; rather not say; question skipped.
LIVED = {"both": 0.60, "direct": 0.07, "neither": 0.25, "unsaid": 0.04, "skipped": 0.04}
TRAINING = {"never": 0.56, "short": 0.27, "long": 0.17}
ROLES = {"founder": 0.36, "staff": 0.34, "volunteer": 0.16, "trustee": 0.10, "other": 0.04}
NAMES_ITSELF = 0.08
_OTHER_ROLES = ("Interpreter and driver, mostly", "Artist in residence", "I run the youth board", "Freelance trainer")
_HELP = ("data", "device", "childcare", "captions", "bsl", "interpreter")
_INTERPRETED = ("Tigrinya", "Kurdish (Sorani)", "Vietnamese", "Dari", "Arabic", "Ukrainian")
_NOTES = (
    "Evenings are better for me than mornings.",
    "Please send slides a day before. I read slowly on a screen.",
    "I have a chronic illness and may need to lie down with my camera off.",
    "I share a computer with my daughter, who has exams in June.",
    "I have some hearing loss on the left side; please speak one at a time.",
    "I fast during Ramadan and would be glad of a break at sunset.",
)


@dataclass(frozen=True)
class SampleApplication:
    """One application as it would be stored: answers to every section, those of the eligibility check included.

    Times are aware UTC. `names_itself` says that an answer the panel may read holds the person's own name or their
    organisation's, which blind review has to catch.
    """

    number: int
    name: str
    email: str
    language: str
    started_at: datetime
    submitted_at: datetime
    answers: dict[str, Any]
    names_itself: bool


def generate(
    count: int, seed: int = 1, *, opens_at: datetime | None = None, closes_at: datetime | None = None
) -> list[SampleApplication]:
    """Return `count` applications in the order they were sent, between two aware times (the sample round's own).

    About 60% lead from lived experience, 80% come from small or medium organisations, and 84% from outside London.
    """
    times = parse_times(**{key: round_definition()[key] for key in ("zone", "deadline", "opens")})
    first, last = opens_at or times.opens_at or times.closes_at - timedelta(days=49), closes_at or times.closes_at
    maker = _Maker(Random(seed), count)  # noqa: S311  # a seed that gives the same sample again is the point
    moments = sorted(maker.moment(first, last) for _ in range(count))
    return [maker.application(number, moment, first) for number, moment in enumerate(moments, start=1)]


class _Maker:
    def __init__(self, random: Random, count: int) -> None:
        self.random = random
        self.people, self.organisations = People(random), Organisations(random, count)
        self.writers = {language: Writer(random, language) for language in LANGUAGES}
        self.languages = shares(random, count, LANGUAGES)
        self.lived = shares(random, count, LIVED)
        self.training = shares(random, count, TRAINING)
        self.roles = shares(random, count, ROLES)
        self.written: set[str] = set()
        self.areas = list(stock("answers.en")["areas"])

    def moment(self, first: datetime, last: datetime) -> datetime:
        """Return a time of sending: more of them towards the deadline, few of them at night."""
        span = (last - first).total_seconds()
        for _ in range(20):
            found = first + timedelta(seconds=span * self.random.betavariate(1.6, 0.9) * 0.9999)
            if 7 <= found.hour <= 23 or self.random.random() < 0.08:
                break
        return found.replace(microsecond=0)

    def application(self, number: int, moment: datetime, first: datetime) -> SampleApplication:
        language = self.languages[number - 1]
        person, organisation = self.people.person(language), self.organisations.organisation(language)
        areas = self.random.sample(self.areas, self.random.choices((1, 2, 3), (30, 50, 20))[0])
        names = None
        if self.random.random() < NAMES_ITSELF:
            names = {"name": person.name, "given": person.given, "organisation": organisation.name}
        written = language if self.random.random() < 0.8 else "en"
        essay = self.essay(written, areas, organisation.place, names)
        answers = {
            **{"works_with_migrants": "yes", "based_in_uk": "yes", "can_attend": "yes"},
            **self._contact(person, language),
            **self._organisation(number, organisation, areas),
            **self._lived(self.lived[number - 1], essay),
            **self._leadership(number, essay),
            **self._access(),
            **self._equality(person),
        }
        started = max(first, moment - timedelta(minutes=self.random.choice((25, 40, 70, 180, 1500, 4400, 11_000))))
        return SampleApplication(
            number, person.name, person.email, language, started, moment, answers, essay.names_itself
        )

    def essay(self, language: str, areas: list[str], place: str, names: dict[str, str] | None) -> Essay:
        """Return an essay whose main answers nobody has written yet, or the last of ten tries."""
        for _ in range(10):
            essay = self.writers[language].essay(areas, place, names)
            if not {essay.motivation, essay.change} & self.written:
                break
        self.written |= {essay.motivation, essay.change}
        return essay

    def _contact(self, person: Person, language: str) -> dict[str, Any]:
        phone = {"phone": f"07700 900{self.random.randint(0, 999):03}"} if self.random.random() < 0.6 else {}
        return {"full_name": person.name, "email": person.email, "language": language, **phone}

    def _organisation(self, number: int, organisation: Organisation, areas: list[str]) -> dict[str, Any]:
        role = self.roles[number - 1]
        return {
            "organisation_name": organisation.name,
            "organisation_postcode": organisation.postcode,
            "organisation_income": organisation.income,
            "role": role,
            **({"role_other": self.random.choice(_OTHER_ROLES)} if role == "other" else {}),
            "work_areas": sorted(areas, key=self.areas.index),
        }

    def _lived(self, lived: str, essay: Essay) -> dict[str, Any]:
        if lived == "both":
            use = {"lived_experience_use": essay.lived} if self.random.random() < 0.7 else {}
            return {"lived_experience_direct": "yes", "lived_experience_activated": "yes", **use}
        if lived == "direct":
            return {"lived_experience_direct": "yes", "lived_experience_activated": "no"}
        said = {"neither": "no", "unsaid": "prefer_not_to_say"}.get(lived)
        return {"lived_experience_direct": said} if said else {}

    def _leadership(self, number: int, essay: Essay) -> dict[str, Any]:
        return {
            "motivation": essay.motivation,
            "change": essay.change,
            "learning": essay.learning,
            **({"sharing": essay.sharing} if essay.sharing else {}),
            "leadership_training": self.training[number - 1],
            "consent_privacy": True,
            **({"consent_listing": True} if self.random.random() < 0.8 else {}),
        }

    def _access(self) -> dict[str, Any]:
        chance = self.random.random()
        if chance < 0.3:
            return {}
        if chance < 0.6:
            return {"access_help": ["none"]}
        chosen = set(self.random.choices(_HELP, (40, 12, 25, 15, 2, 6), k=self.random.choice((1, 1, 2))))
        found: dict[str, Any] = {"access_help": [one for one in _HELP if one in chosen]}
        if "interpreter" in chosen:
            found["interpreter_language"] = self.random.choice(_INTERPRETED)
        return found | ({"access_notes": self.random.choice(_NOTES)} if self.random.random() < 0.3 else {})

    def _equality(self, person: Person) -> dict[str, Any]:
        if self.random.random() < 0.25:
            return {}
        ages, groups = (
            ("under_25", "25_to_34", "35_to_49", "50_or_over"),
            ("asian", "black", "middle_eastern", "mixed", "white"),
        )
        asked = {
            "gender": person.gender if self.random.random() < 0.97 else "another",
            "age_band": self.random.choices(ages, (8, 30, 42, 20))[0],
            "ethnic_group": self.random.choices(groups, (22, 28, 24, 10, 16))[0],
            "disability": self.random.choices(("yes", "no"), (18, 82))[0],
        }
        chances = {key: self.random.random() for key in asked}
        said = {key: value if chances[key] > 0.12 else "prefer_not_to_say" for key, value in asked.items()}
        return {key: value for key, value in said.items() if chances[key] > 0.05}
