"""The check before the form: may this person apply, and if not, why, and where else can they go?"""

from dataclasses import dataclass

from services.applications.domain.forms.facts import Answers, facts_of
from services.applications.domain.forms.model import Form, Refusal


@dataclass(frozen=True)
class EligibilityResult:
    """Every reason for a no, in the form's order; none means yes."""

    refusals: tuple[Refusal, ...]

    @property
    def eligible(self) -> bool:
        """Whether the person may go on to the form."""
        return not self.refusals


def check_eligibility(form: Form, answers: Answers) -> EligibilityResult:
    """Return the refusals that hold for the eligibility `answers`. A form without a check lets everybody in."""
    if form.eligibility is None:
        return EligibilityResult(())
    facts = facts_of(form, answers)
    return EligibilityResult(tuple(one for one in form.eligibility.refusals if one.when.holds(facts)))
