"""The sample cohort's surveys: one before it began, an anonymous one half way, and two that are open."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from services.cohorts.domain.actor import Actor
from services.cohorts.domain.survey import Choice, Condition, Question
from services.cohorts.storage.tables import Cohort
from services.cohorts.storage.unit_of_work import CohortsUnit
from services.cohorts.use_cases.answer_survey import answer_survey
from services.cohorts.use_cases.publish_survey import close_survey, publish_survey
from services.cohorts.use_cases.write_survey import Settings, draft_survey, translate_survey

DAY = timedelta(days=1)
_SURE = Question(
    "sure", "scale", "How sure are you that you can lead others?", anchors=("Not sure at all", "Very sure")
)
_ALONE = Question("alone", "yes_no", "Do you feel alone in what you do?")
_PEOPLE = Question("people", "number", "How many people can you turn to with a hard question?", lowest=0, highest=100)
_USED = Question("used", "yes_no", "Did you meet your buddy?")
_LESS = Question("less", "yes_no", "Did that make you feel less alone?", condition=Condition("used", ("yes",)))
_WHY = Question("why", "long_text", "What stood in the way?", condition=Condition("used", ("no",)))
_HELPED = Question(
    "helped",
    "many",
    "What helped you most?",
    choices=(Choice("evenings", "The evenings"), Choice("buddy", "My buddy"), Choice("meals", "Eating together")),
)
_CHANGE = Question("change", "long_text", "What should we do differently?")
_SAFE = Question("safe", "scale", "Could you say what you think that evening?", anchors=("No", "Yes, all of it"))
_WORDS = {
    "cy": {
        "title": "Y noson ddiwethaf",
        "safe": "A allech chi ddweud eich barn y noson honno?",
        "safe.low": "Na",
        "safe.high": "Gallwn, y cyfan",
        "change": "Beth ddylem ni ei wneud yn wahanol?",
    },
    "ar": {
        "title": "الأمسية الأخيرة",
        "safe": "هل استطعت أن تقول رأيك في تلك الأمسية؟",
        "safe.low": "لا",
        "safe.high": "نعم، كله",
        "change": "ما الذي ينبغي أن نفعله بشكل مختلف؟",
    },
    "fa-AF": {
        "title": "شام گذشته",
        "safe": "آیا توانستید آن شام نظر تان را بگویید؟",
        "safe.low": "نه",
        "safe.high": "بلی، همه را",
        "change": "چه کار را باید طور دیگر انجام دهیم؟",
    },
}
_CHANGES = (
    "More time to eat together before we start.",
    "Fewer slides. The best evenings had none.",
    "Tell us earlier when an evening is moved.",
    "",
    "Nothing. Please go on like this.",
    "Somebody to look after children on the long evenings.",
    "",
)
Given = dict[str, list[str]]


def ask(uow: CohortsUnit, staff: Actor, cohort: Cohort, now: datetime) -> None:
    """Write, publish, answer and close them, each as if it were its day."""
    people = [participant.person_id for participant, _ in uow.cohorts.participants(cohort.id)]
    before = Settings(title="Before we begin", moment="baseline", closes_at=now - 22 * DAY)
    _closed(
        uow, staff, cohort, before, (_SURE, _ALONE, _PEOPLE), now - 30 * DAY, dict(zip(people, _first(), strict=False))
    )
    half = Settings(title="Half way: say what you think", moment="mid", anonymous=True, closes_at=now - 4 * DAY)
    free = (_USED, _LESS, _WHY, _HELPED, _CHANGE)
    _closed(uow, staff, cohort, half, free, now - 12 * DAY, dict(zip(people, _second(), strict=False)))
    going = Settings(
        title="How is it going?",
        intro="You told us how things were before we began. How are they now?",
        moment="mid",
        closes_at=now + 9 * DAY,
    )
    _open(
        uow,
        staff,
        cohort,
        going,
        (_SURE, _ALONE, _PEOPLE, _USED, _LESS, _WHY),
        now - 2 * DAY,
        dict(zip(people, _third(), strict=False)),
    )
    _after_the_last_evening(uow, staff, cohort, now)


def _first() -> list[Given]:
    sure, people = (2, 1, 3, 2, 2, 4, 1), (1, 0, 2, 3, 1, 4, 0)
    return [
        {"sure": [str(s)], "alone": ["no" if s > 2 else "yes"], "people": [str(p)]}
        for s, p in zip(sure, people, strict=True)
    ]


def _second() -> list[Given]:
    helped = (
        ["evenings", "meals"],
        ["buddy"],
        ["meals"],
        ["evenings", "buddy"],
        ["meals", "buddy"],
        ["meals"],
        ["buddy", "meals"],
    )
    return [
        {"used": ["yes"], "less": ["yes"], "helped": chosen, "change": [text]}
        for chosen, text in zip(helped, _CHANGES, strict=True)
    ]


def _third() -> list[Given]:
    sure, people = (4, 3, 4, 5), (4, 3, 5, 6)
    return [
        {"sure": [str(s)], "alone": ["no"], "people": [str(p)], "used": ["yes"], "less": ["yes"]}
        for s, p in zip(sure, people, strict=True)
    ]


def _open(
    uow: CohortsUnit,
    staff: Actor,
    cohort: Cohort,
    settings: Settings,
    questions: Sequence[Question],
    when: datetime,
    answers: dict[UUID, Given],
) -> UUID:
    uow.now = when
    survey = draft_survey(uow, cohort.id, settings, questions)
    publish_survey(uow, staff, survey.id, None)
    uow.now = when + DAY
    for person_id, given in answers.items():
        answer_survey(uow, person_id, survey.id, given)
    return survey.id


def _closed(
    uow: CohortsUnit,
    staff: Actor,
    cohort: Cohort,
    settings: Settings,
    questions: Sequence[Question],
    when: datetime,
    answers: dict[UUID, Given],
) -> None:
    survey_id = _open(uow, staff, cohort, settings, questions, when, answers)
    uow.now = settings.closes_at or when
    close_survey(uow, staff, survey_id, None)


def _after_the_last_evening(uow: CohortsUnit, staff: Actor, cohort: Cohort, now: datetime) -> None:
    uow.now = now
    over = [session for session in uow.sessions.of_cohort(cohort.id) if session.ends_at < now]
    if not over:
        return
    settings = Settings(
        title="The last evening", moment="session", session_id=over[-1].id, anonymous=True, closes_at=now + 5 * DAY
    )
    survey = draft_survey(uow, cohort.id, settings, (_SAFE, _CHANGE))
    for language, words in _WORDS.items():
        translate_survey(uow, survey.id, language, words, None)
    publish_survey(uow, staff, survey.id, None)
