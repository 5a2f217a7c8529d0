"""A round as the other services need to know it."""

from datetime import datetime
from typing import TYPE_CHECKING

from services.applications.domain.forms import Form, Kind, Question, attribute_labels
from services.applications.storage.tables import RoundRow
from shared.contracts.applications import AttributeView, Choice, Criterion, QuestionView, RoundPublished

if TYPE_CHECKING:
    from services.applications.storage.unit_of_work import ApplicationsUnitOfWork

_LANGUAGE = "en"  # of the panel and the staff


def published(uow: "ApplicationsUnitOfWork", row: RoundRow, closes_at: datetime) -> RoundPublished:
    """The event that carries the round's whole state."""
    form = uow.rounds.form(row.id, row.form_version)
    return RoundPublished(
        round_id=row.id,
        slug=row.slug,
        title=row.title,
        state=row.state,
        opens_at=row.opens_at,
        closes_at=closes_at,
        zone=row.zone,
        form_version=row.form_version,
        rules_version=row.rules_version,
        questions=_questions(uow, row, form),
        attributes=_attributes(form),
        rubric=[Criterion(**each) for each in row.rubric],
    )


def _questions(uow: "ApplicationsUnitOfWork", row: RoundRow, form: Form) -> list[QuestionView]:
    """Those of the current version, and those that only earlier ones ask: somebody may have answered them.

    What the current version hides stays hidden, also where an earlier one showed it.
    """
    found = {view.id: view for view in _visible(form)}
    for version in range(row.form_version - 1, 0, -1):
        earlier = _visible(uow.rounds.form(row.id, version))
        found.update({view.id: view for view in earlier if view.id not in found and view.id not in form.questions})
    return list(found.values())


def _visible(form: Form) -> list[QuestionView]:
    return [
        QuestionView(
            id=question.id,
            label=question.label.say(_LANGUAGE),
            kind=question.kind.value,
            section=section.title.say(_LANGUAGE),
            options=[Choice(value=option.value, label=option.label.say(_LANGUAGE)) for option in question.options],
        )
        for section in form.sections
        for question in section.questions
        if question.panel_may_see
    ]


def attribute_names(form: Form) -> dict[str, str]:
    """What each attribute is called, by its name."""
    names = {one.attribute: _attribute_name(one) for one in form.questions.values() if one.attribute}
    names.update({derived.name: derived.label.say(_LANGUAGE) for derived in form.attributes})
    return names


def _attributes(form: Form) -> list[AttributeView]:
    names = attribute_names(form)
    labels = attribute_labels(form, _LANGUAGE)
    open_ended = [name for name in names if name not in labels]
    return [
        AttributeView(
            id=name,
            label=names.get(name) or name,
            values=[Choice(value=value, label=label) for value, label in labels.get(name, {}).items()],
        )
        for name in [*labels, *open_ended]
    ]


def _attribute_name(question: Question) -> str:
    # What targets speak of is the region that follows from a postcode, not the postcode.
    return "Region" if question.kind is Kind.POSTCODE else question.label.say(_LANGUAGE)
