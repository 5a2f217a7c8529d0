"""Whatever the order in which events arrive, twice or after a crash: an erasure ends, and nobody comes back."""

import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test
from sqlalchemy import select

from services.applications.domain.samples.files import form_definition, round_definition, rules_definition
from services.applications.domain.samples.generator import SampleApplication, generate
from services.applications.storage.tables import ApplicationRow
from services.applications.use_cases import copy_data, erase_person
from services.applications.use_cases.keep_person import change_person
from services.applications.use_cases.keep_round import create_round, move_round
from services.cohorts.domain.actor import Actor
from services.cohorts.storage.tables import Application, Person
from services.cohorts.use_cases.invite_reviewer import Invitation, invite_reviewer
from services.embedded.assembly import Assembly, assemble
from services.embedded.home import open_home
from services.embedded.sample import apply_sample
from services.notifications.storage.tables import ContactRow, MessageRow
from shared.messaging.delivery import Delivery
from shared.messaging.inbox import Listener
from shared.messaging.tables import outbox
from shared.timekeeping import MovableClock
from tests.architecture.world import START

STAFF = Actor(UUID(int=0xA1), "Sam Staff")


class Crash(Exception):
    """The process dies just before it would have committed."""


@contextmanager
def template() -> Iterator[Path]:
    """Migrated databases with an open round, to be copied for every run."""
    with tempfile.TemporaryDirectory() as folder:
        home = open_home(Path(folder) / "home")
        assembly = assemble(home, "http://localhost", MovableClock(START), demo=False)
        with assembly.applications.units.begin() as uow:
            row = create_round(uow, {**round_definition(), "form": form_definition(), "rules": rules_definition()})
            move_round(uow, row.id, "open")
        assembly.broker.run_until_idle(timeout=60)
        assembly.dispose()
        yield home.folder


class Saga(RuleBasedStateMachine):
    """Events are carried by hand: any waiting one that is the first of its subject for its listener may be next."""

    folder: Path

    @initialize(newest_first=st.booleans())
    def begin(self, newest_first: bool) -> None:
        # Half of the runs end with the erasure overtaking everything that was said before it.
        self.newest_first = newest_first
        self.temporary = tempfile.TemporaryDirectory()
        shutil.copytree(self.folder, f"{self.temporary.name}/home")
        self.assembly: Assembly = assemble(
            open_home(Path(self.temporary.name) / "home"), "http://localhost", MovableClock(START), demo=False
        )
        self.listeners = [Listener(s.name, s.units, s.handlers) for s in self.assembly.services]
        self.waiting: list[tuple[Listener[Any], str, str]] = []
        self.seen: dict[str, int] = {}
        self.carried: list[tuple[Listener[Any], str]] = []
        self.collect(keep=False)
        sample: SampleApplication = next(iter(generate(1, 7, opens_at=START, closes_at=START + timedelta(days=9))))
        self.sample = sample
        apply_sample(self.assembly.applications.units, "leading-together-2027", sample)
        with self.assembly.applications.units.begin(write=False) as uow:
            person = uow.people.by_email(sample.email)
            assert person is not None
            self.person_id = person.id
            self.round_id = uow.applications.of_person(person.id)[0][1].id
        self.asked = False
        self.collect()

    def collect(self, keep: bool = True) -> None:
        """Take what was published since the last time out of the outboxes."""
        for service in self.assembly.services:
            with service.units.begin(write=False) as uow:
                rows = uow.session.execute(select(outbox).order_by(outbox.c.position)).all()
            for row in (row for row in rows if row.position > self.seen.get(service.name, 0)):
                self.seen[service.name] = row.position
                for listener in self.listeners:
                    if keep and row.type in listener.types:
                        self.waiting.append((listener, f"{service.name}/{row.subject}", row.body))

    def heads(self) -> list[int]:
        first: dict[tuple[str, str], int] = {}
        for place, (listener, subject, _) in enumerate(self.waiting):
            first.setdefault((listener.name, subject), place)
        return sorted(first.values())

    def carry(self, place: int) -> bool:
        listener, _, body = self.waiting[place]
        (outcome,) = listener.consume([Delivery(body.encode())])
        if outcome.kind == "retry":
            return False
        assert outcome.kind in ("done", "repeat"), outcome.reason
        self.waiting.pop(place)
        self.carried.append((listener, body))
        self.collect()
        return True

    @rule(data=st.data())
    @precondition(lambda self: self.waiting)
    def deliver(self, data: st.DataObject) -> None:
        self.carry(data.draw(st.sampled_from(self.heads())))

    @rule(data=st.data())
    @precondition(lambda self: self.carried)
    def deliver_again(self, data: st.DataObject) -> None:
        listener, body = data.draw(st.sampled_from(self.carried))
        (outcome,) = listener.consume([Delivery(body.encode())])
        assert outcome.kind == "repeat"
        self.collect()

    @rule(data=st.data())
    @precondition(lambda self: self.waiting)
    def crash(self, data: st.DataObject) -> None:
        """Everything was done, and nothing was committed: the event is still there."""
        listener, _, body = self.waiting[data.draw(st.sampled_from(self.heads()))]
        units, finish = listener.units, listener.units._finish

        def die(session: Any, unit: Any) -> bool:
            unit.store_events()
            raise Crash

        units._finish = die  # type: ignore[method-assign]
        try:
            (outcome,) = listener.consume([Delivery(body.encode())])
        finally:
            units._finish = finish  # type: ignore[method-assign]
        assert outcome.kind in ("retry", "repeat")

    @rule()
    @precondition(lambda self: not self.asked)
    def change_name(self) -> None:
        with self.assembly.applications.units.begin() as uow:
            change_person(uow, self.person_id, name=f"{self.sample.name} Junior")
        self.collect()

    @rule()
    @precondition(lambda self: not self.asked)
    def invite_to_a_panel(self) -> None:
        with self.assembly.cohorts.units.begin() as uow:
            if not uow.panels.of_round(self.round_id):
                invitation = Invitation(name=self.sample.name, email=self.sample.email, capacity=5)
                invite_reviewer(uow, STAFF, self.round_id, invitation)
        self.collect()

    @rule()
    @precondition(lambda self: not self.asked)
    def ask_for_a_copy(self) -> None:
        with self.assembly.applications.units.begin() as uow:
            copy_data.request_copy(uow, self.person_id)
        self.collect()

    @rule()
    def erase(self) -> None:
        with self.assembly.applications.units.begin() as uow:
            row = erase_person.request_erasure(uow, self.person_id, by_staff=True)
            self.asked, self.erasure_id = True, row.id
        self.collect()

    @rule()
    @precondition(lambda self: self.asked)
    def ask_again(self) -> None:
        with self.assembly.applications.units.begin() as uow:
            if uow.erasures.get(self.erasure_id).state == "running":
                erase_person.ask_again(uow, self.erasure_id)
        self.collect()

    def teardown(self) -> None:
        if not hasattr(self, "assembly"):
            return
        try:
            self.erase()
            while any(self.carry(place) for place in sorted(self.heads(), reverse=self.newest_first)):
                pass
            assert [json.loads(body)["type"] for _, _, body in self.waiting] == []
            self.check()
        finally:
            self.assembly.dispose()
            self.temporary.cleanup()

    def check(self) -> None:
        """Erased, certified once, counted still, and the record whole."""
        mine, cohorts, mail = self.assembly.services
        with mine.units.begin(write=False) as uow:
            progress = erase_person.progress_of(uow, uow.erasures.get(self.erasure_id))
            assert progress.row.state == "done" and progress.missing == [] and progress.row.contact is None
            (row,) = uow.session.scalars(select(ApplicationRow))
            assert row.erased_at is not None and row.answers == {} and row.submitted_at is not None
            kept = uow.scores.in_force(row.id)
        with cohorts.units.begin(write=False) as uow:
            (copy,) = uow.session.scalars(select(Application))
            assert kept is not None and copy.visible == {} and copy.priority_score == kept.score
            assert uow.session.get(Person, self.person_id) is None
            assert uow.record.verify().whole
        with mail.units.begin(write=False) as uow:
            assert uow.session.get(ContactRow, self.person_id) is None
            letters = list(uow.session.scalars(select(MessageRow)))
            assert sum(letter.kind == "erasure_done" for letter in letters) == 1
            known = [letter.kind for letter in letters if letter.email == self.sample.email]
            # The certificate has to reach them; it forgets the address when it is sent.
            assert known == ["erasure_done"]
        with cohorts.units.begin(write=False) as uow:
            assert self.sample.email not in {member.email for member in uow.panels.of_round(self.round_id)} or (
                self._invited_without_account(uow)
            )

    def _invited_without_account(self, uow: Any) -> bool:
        """An invitation to an address is known under it as long as nobody told whose account it is."""
        return all(member.person_id is None for member in uow.panels.of_round(self.round_id))


@pytest.mark.filterwarnings("ignore")
def test_an_erasure_ends_and_nobody_comes_back() -> None:
    with template() as folder:
        machine = type("Run", (Saga,), {"folder": folder})
        run_state_machine_as_test(
            machine,
            settings=settings(
                max_examples=8,
                stateful_step_count=20,
                deadline=None,
                derandomize=True,
                suppress_health_check=list(HealthCheck),
            ),
        )
