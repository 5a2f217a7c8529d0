"""What rules may know of submitted applications, read without evaluating a condition again."""

from collections.abc import Callable, Mapping

from services.applications.domain.forms.facts import Answers, Facts, facts_of_question
from services.applications.domain.forms.model import Form
from services.applications.domain.forms.scope import variables
from services.applications.domain.priority.model import Rules


def facts_reader(rules: Rules, form: Form) -> Callable[[Answers], Facts]:
    """Return a function from an application's submitted answers to the facts that `rules` look at.

    Submitted answers hold nothing that a condition hides, so this is `facts_of` narrowed to what counts, and many
    times faster: make it once for a whole round.
    """
    questions = [one for one in form.questions.values() if rules.names & variables(one).keys()]

    def read(answers: Mapping[str, object]) -> Facts:
        found: Facts = {}
        for question in questions:
            found.update(facts_of_question(question, answers.get(question.id)))
        return found

    return read
