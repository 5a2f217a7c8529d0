"""Priority rules in words, for the page where anybody can read them."""

from dataclasses import dataclass

from services.applications.domain.forms import Form
from services.applications.domain.priority import Band, Rule, RuleKind, Rules, Tie
from services.applications.domain.regions import REGIONS
from services.applications.web.condition_words import condition_words
from shared.web.i18n import gettext as _


@dataclass(frozen=True)
class RuleLine:
    """A rule: what it is called, what it gives at most, and each way to get points."""

    label: str
    most: int
    parts: list[tuple[str, int]]


def rule_lines(rules: Rules, form: Form, language: str) -> list[RuleLine]:
    """Every rule, in order."""
    return [RuleLine(rule.label.say(language), rule.most, _parts(rule, form, language)) for rule in rules.rules]


def _parts(rule: Rule, form: Form, language: str) -> list[tuple[str, int]]:
    match rule.kind:
        case RuleKind.CHOICE:
            return [(_option(form, rule, value, language), points) for value, points in rule.by_choice]
        case RuleKind.BANDS:
            return [(_band(band, previous), band.points) for band, previous in _with_previous(rule.bands)]
        case RuleKind.LIST:
            listed = ", ".join(_option(form, rule, value, language) for value in rule.any_of or rule.none_of)
            words = _("One of: %(list)s", list=listed) if rule.any_of else _("Not one of: %(list)s", list=listed)
            return [(words, rule.points)]
        case RuleKind.CONDITION:
            said = condition_words(rule.when, form, language) if rule.when else _("When this is so")
            return [(said, rule.points)]


def _with_previous(bands: tuple[Band, ...]) -> list[tuple[Band, float | None]]:
    starts: list[float | None] = [None, *(band.below for band in bands)]
    return list(zip(bands, starts, strict=False))


def _band(band: Band, start: float | None) -> str:
    if start is None and band.below is not None:
        return _("Under %(end)s", end=f"{band.below:,.0f}")
    if band.below is None:
        return _("%(start)s or more", start=f"{start or 0:,.0f}")
    return _("From %(start)s to under %(end)s", start=f"{start:,.0f}", end=f"{band.below:,.0f}")


def _option(form: Form, rule: Rule, value: str, language: str) -> str:
    question = form.questions.get(rule.question or "")
    if question is None:
        return REGIONS.get(value, value)
    return question.option_label(value, language)


def tie_words(rules: Rules, language: str) -> str:
    """What becomes of equal points, in a sentence or two."""
    labels = {rule.id: rule.label.say(language) for rule in rules.rules}
    by = "; ".join(labels[name] for name in rules.tie.by)
    first = _("Where points are equal, this decides first: %(rules)s.", rules=by) + " " if by else ""
    if rules.tie.then is Tie.LOTTERY:
        return first + _("After that the order is drawn by lot, from this public seed: %(seed)s", seed=rules.tie.seed)
    return first + _("People who are still equal share the same place.")
