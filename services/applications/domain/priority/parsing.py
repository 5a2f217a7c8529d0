"""Reads priority rules from their definition, with every problem at once."""

from collections.abc import Mapping

from services.applications.domain.conditions import Fact, Variable
from services.applications.domain.forms.kinds import Kind, Sensitivity
from services.applications.domain.forms.model import FORMAT, Form, Question
from services.applications.domain.priority.inference import infer_scope
from services.applications.domain.priority.model import Band, Cap, Rule, RuleKind, Rules, Tie, TieRule
from services.applications.domain.reading import Reader
from shared.errors import Invalid

MAX_POINTS = 10_000
_SETTINGS = {
    RuleKind.CHOICE: ("question", "points"),
    RuleKind.BANDS: ("question", "bands"),
    RuleKind.LIST: ("question", "any_of", "none_of", "points"),
    RuleKind.CONDITION: ("when", "points"),
}


def parse_rules(data: object, form: Form | None = None) -> Rules:
    """Return the rules that `data` (dicts and lists, as from YAML or JSON) defines.

    With a `form`, rules may refer to its questions and choices only. Without one, what each name stands for is
    inferred from how the rules use it. Raises shared.errors.Invalid, paths such as `rules.1.bands.0.points`.
    """
    problems: dict[str, list[str]] = {}
    top = Reader(data, "", problems)
    found = _rules(top, form_scope(form) if form is not None else infer_scope(top.data))
    if problems:
        raise Invalid(problems, "These rules cannot be used yet.")
    return found


def form_scope(form: Form) -> dict[str, Variable]:
    """Return the names that rules may use: no equality, access or contact answer counts for points.

    The one exception is the region of a contact postcode.
    """
    scope: dict[str, Variable] = {}
    for question in form.questions.values():
        names = question.variables
        if _may_count(question):
            scope.update(names)
        elif question.sensitivity is Sensitivity.CONTACT and question.kind is Kind.POSTCODE:
            scope.update({name: found for name, found in names.items() if name != question.id})
    return scope


def _may_count(question: Question) -> bool:
    return question.sensitivity in (Sensitivity.ORDINARY, Sensitivity.SPECIAL)


def _rules(top: Reader, scope: Mapping[str, Variable]) -> Rules:
    top.refuse_others(("format", "title", "rules", "caps", "cap", "tie"))
    if top.data.get("format", FORMAT) != FORMAT:
        top.problem("format", f"This version of Hearth reads format {FORMAT}.")
    taken: set[str] = {"id", "score", "rank"}
    rules = tuple(_rule(reader, scope, taken) for reader in top.items("rules", low=1, high=50))
    caps = _caps(top, tuple(rule.id for rule in rules), taken)
    names = frozenset().union(*(rule.names for rule in rules)) if rules else frozenset()
    used = {name: scope[name] for name in names if name in scope}
    return Rules(top.text("title"), rules, caps, _tie(top, tuple(rule.id for rule in rules)), used)


def _identifier(reader: Reader, taken: set[str]) -> str:
    name = reader.identifier("id") or ""
    if name in taken:
        reader.problem("id", f"“{name}” is already used here for something else.")
    taken.add(name)
    return name


def _rule(reader: Reader, scope: Mapping[str, Variable], taken: set[str]) -> Rule:
    kind = reader.one_of("kind", RuleKind) or RuleKind.CONDITION
    reader.refuse_others(("id", "kind", "label", *_SETTINGS[kind]))
    rule_id, label = _identifier(reader, taken), reader.text("label", required=True)
    if kind is RuleKind.CONDITION:
        when = reader.condition("when", scope, required=True)
        return Rule(rule_id, kind, label, points=_points(reader, "points"), when=when)
    question, variable = _question(reader, kind, scope)
    if kind is RuleKind.BANDS:
        return Rule(rule_id, kind, label, question, bands=_bands(reader))
    if kind is RuleKind.CHOICE:
        return Rule(rule_id, kind, label, question, by_choice=_by_choice(reader, variable))
    return _list_rule(reader, Rule(rule_id, kind, label, question, points=_points(reader, "points")), variable)


def _points(reader: Reader, key: str) -> int:
    return reader.whole(key, 0, MAX_POINTS, required=True) or 0


_EXPECTED = {
    RuleKind.CHOICE: (frozenset({Fact.CHOICE, Fact.MANY}), "a question with choices"),
    RuleKind.LIST: (frozenset({Fact.CHOICE, Fact.MANY}), "a question with choices, or the region of a postcode"),
    RuleKind.BANDS: (frozenset({Fact.NUMBER}), "a question answered with a number"),
}


def _question(reader: Reader, kind: RuleKind, scope: Mapping[str, Variable]) -> tuple[str, Variable | None]:
    name = reader.identifier("question")
    if name is None:
        return "", None
    variable = scope.get(name)
    facts, expected = _EXPECTED[kind]
    if variable is None:
        reader.problem("question", f"The form has no question called “{name}” that may count for points.")
    elif variable.fact not in facts:
        reader.problem("question", f"“{name}” does not suit this rule: it needs {expected}.")
    return name, variable


def _by_choice(reader: Reader, variable: Variable | None) -> tuple[tuple[str, int], ...]:
    points = reader.data.get("points")
    if not isinstance(points, Mapping) or not points:
        reader.problem("points", "Write the points of each choice, such as {never: 10, short: 5}.")
        return ()
    inner = Reader({reader.value("points", key) or str(key): value for key, value in points.items()}, "", {})
    inner.path, inner.problems = reader.at("points"), reader.problems
    for choice in inner.data:
        _check_choice(inner, choice, choice, variable)
    return tuple((choice, _points(inner, choice)) for choice in inner.data)


def _check_choice(reader: Reader, key: str, choice: str, variable: Variable | None) -> None:
    if variable is not None and variable.options is not None and choice not in variable.options:
        reader.problem(key, f"“{choice}” is not one of the choices: {', '.join(sorted(variable.options))}.")


def _bands(reader: Reader) -> tuple[Band, ...]:
    bands: list[Band] = []
    for one in reader.items("bands", low=1, high=50):
        one.refuse_others(("below", "points"))
        band = Band(one.number("below"), _points(one, "points"))
        if bands and bands[-1].below is None:
            one.problem("below", "No band can come after one without an upper end.")
        elif bands and band.below is not None and band.below <= (bands[-1].below or 0):
            one.problem("below", "Write the bands from low to high.")
        bands.append(band)
    return tuple(bands)


def _list_rule(reader: Reader, rule: Rule, variable: Variable | None) -> Rule:
    any_of, none_of = _values(reader, "any_of", variable), _values(reader, "none_of", variable)
    if bool(any_of) == bool(none_of):
        reader.problem("any_of", "Write either any_of or none_of, with at least one value.")
    return Rule(rule.id, rule.kind, rule.label, rule.question, rule.points, any_of=any_of, none_of=none_of)


def _values(reader: Reader, key: str, variable: Variable | None) -> tuple[str, ...]:
    found = reader.data.get(key)
    if found is None:
        return ()
    if not isinstance(found, list | tuple):
        reader.problem(key, "This must be a list of choices.")
        return ()
    values = [reader.value(key, one) or "" for one in found[:200] if one is not None]
    for value in values:
        _check_choice(reader, key, value, variable)
    return tuple(values)


def _caps(top: Reader, rules: tuple[str, ...], taken: set[str]) -> tuple[Cap, ...]:
    """Return the caps on groups of rules, which share no rule, and then the one on the whole score, if any."""
    caps: list[Cap] = []
    limited: set[str] = set()
    for reader in top.items("caps", high=20):
        reader.refuse_others(("id", "label", "rules", "at_most"))
        members = reader.words("rules")
        for member in members:
            if member not in rules or member in limited:
                reader.problem("rules", f"“{member}” is not a rule, or a rule that another cap already limits.")
            limited.add(member)
        if not members:
            reader.problem("rules", "Name the rules whose points this cap limits together.")
        name, label = _identifier(reader, taken), reader.text("label", required=True)
        caps.append(Cap(name, label, members, _points(reader, "at_most")))
    if top.given("cap"):
        reader = top.inside("cap")
        reader.refuse_others(("id", "label", "at_most"))
        name, label = _identifier(reader, taken), reader.text("label", required=True)
        caps.append(Cap(name, label, (), _points(reader, "at_most")))
    return tuple(caps)


def _tie(top: Reader, rules: tuple[str, ...]) -> TieRule:
    if not top.given("tie"):
        return TieRule()
    reader = top.inside("tie")
    reader.refuse_others(("by", "then", "seed"))
    by, seed = reader.words("by"), reader.word("seed") or ""
    for name in by:
        if name not in rules:
            reader.problem("by", f"There is no rule called “{name}”.")
    then = reader.one_of("then", Tie, Tie.SHARED) or Tie.SHARED
    if then is Tie.LOTTERY and not seed:
        reader.problem("seed", "A lottery needs a published seed, such as a future draw everybody can look up.")
    return TieRule(by, then, seed)
