"""A copy holds everything of one person and nothing of another; erasure leaves nothing, in any of the services."""

import io
import json
import shutil
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select, update

from services.applications.use_cases import copy_data, erase_person
from services.applications.use_cases.keep_person import register_person
from services.applications.web.data_files import download
from services.cohorts.storage.tables import Decision, Participant
from services.developer.invariants.checks import examine
from services.developer.invariants.evidence import letters_in, read
from services.embedded.assembly import assemble
from services.embedded.home import open_home
from shared.errors import Gone, NotFound, TooMany
from shared.timekeeping import MovableClock
from tests.architecture.world import EMAIL, NAME, REVIEWER_EMAIL, REVIEWER_NAME, World, build_world


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> World:
    """The three services with a programme in them, at rest."""
    with build_world(tmp_path_factory.mktemp("erasure")) as made:
        return made


@pytest.fixture
def world(built: World, tmp_path: Path) -> Iterator[World]:
    """A copy of it for each test: building one takes seconds."""
    shutil.copytree(built.home.folder, tmp_path / "home")
    home, clock = open_home(tmp_path / "home"), MovableClock(built.clock())
    assembly = assemble(home, "http://localhost", clock, demo=False)
    yield replace(built, assembly=assembly, home=home, clock=clock)
    assembly.dispose()


def copy_of(world: World, who: str) -> tuple[UUID, copy_data.Copy]:
    units = world.assembly.applications.units
    with units.begin() as uow:
        request = copy_data.request_copy(uow, world.people[who]).id
    world.settle()
    with units.begin() as uow:
        return request, copy_data.open_copy(uow, request, owner=world.people[who])


def erase(world: World, who: str) -> erase_person.Progress:
    units = world.assembly.applications.units
    with units.begin() as uow:
        erasure = erase_person.request_erasure(uow, world.people[who], by_staff=True).id
    world.settle()
    with units.begin(write=False) as uow:
        return erase_person.progress_of(uow, uow.erasures.get(erasure))


def traces(world: World, *needles: str) -> list[str]:
    """Tables in which any of these words stands."""
    return [
        f"{service.name}.{table}"
        for service in world.services
        for table, rows in world.contents(service).items()
        if any(needle in str(rows) for needle in needles)
    ]


def test_a_copy_holds_what_all_three_services_hold(world: World) -> None:
    request, copy = copy_of(world, "noor")
    applications = world.assembly.applications
    with applications.web.test_request_context("/?language=ar"):
        archive = zipfile.ZipFile(io.BytesIO(download(copy, world.clock()).get_data()))
    assert set(archive.namelist()) == {"data.json", "read-me-first.html"}
    data = json.loads(archive.read("data.json"))
    page = archive.read("read-me-first.html").decode()
    whole = json.dumps(data, ensure_ascii=False)
    assert NAME in whole and EMAIL in whole
    assert {"messages", "contacts"} <= set(data["services"]["notifications"])
    assert {"reviews", "decisions", "application_identities"} <= set(data["services"]["cohorts"])
    (answers,) = data["answers"].values()
    assert answers["access_notes"] == "ACCESS-MARKER step-free please"
    assert answers["gender"] == "woman"
    assert any("clinic" in str(review) for review in data["services"]["cohorts"]["reviews"])
    for other in (REVIEWER_NAME, REVIEWER_EMAIL, "Tesfalem", str(world.ids["member_id"])):
        assert other not in whole
    assert 'dir="rtl"' in page and "ACCESS-MARKER" in page
    assert "http://" not in page.replace("http://localhost", "") and "<script" not in page
    for secret in world.secrets:
        assert len(secret) < 12 or secret not in whole
    with applications.units.begin() as uow, pytest.raises(NotFound):
        copy_data.open_copy(uow, request, owner=world.people["program"])


def test_copies_are_few_and_end(world: World) -> None:
    units = world.assembly.applications.units
    for _ in range(3):
        request, _ = copy_of(world, "noor")
    with units.begin() as uow, pytest.raises(TooMany):
        copy_data.request_copy(uow, world.people["noor"])
    world.clock.advance(copy_data.KEPT)
    world.settle()
    with units.begin() as uow, pytest.raises(Gone):
        copy_data.open_copy(uow, request, owner=world.people["noor"])
    assert world.contents(world.assembly.applications)["data_parts"] == []


def test_a_copy_before_the_decision_keeps_the_reading_free(world: World) -> None:
    cohorts = world.assembly.cohorts.units
    with cohorts.begin() as uow:
        uow.session.execute(update(Decision).values(told_at=None))
    _, copy = copy_of(world, "noor")
    assert not {"reviews", "review_versions", "decisions", "selected_people"} & set(copy.parts["cohorts"])


def test_erasure_leaves_no_trace_and_the_counts_and_the_record_true(world: World) -> None:
    copy_of(world, "noor")
    before = {service.name: world.contents(service) for service in world.services}
    progress = erase(world, "noor")
    assert progress.row.state == "done" and progress.missing == []
    assert traces(world, NAME, EMAIL, "noor@", "ACCESS-MARKER") == []
    after = {service.name: world.contents(service) for service in world.services}
    for table in ("applications", "decisions", "reviews", "selected_people", "offers"):
        assert len(after["cohorts"][table]) == len(before["cohorts"][table])
    assert len(after["applications"]["applications"]) == len(before["applications"]["applications"])
    with world.assembly.cohorts.units.begin(write=False) as uow:
        assert uow.record.verify().whole
    letters = [path.read_text() for path in world.home.mail.glob("*.eml") if EMAIL in path.read_text()]
    assert sum("/erasure/" in letter for letter in letters) == 1
    engines = {service.name: service.units.engine for service in world.services}
    assert [(f.name, f.problems) for f in examine(read(engines, letters_in(world.home.mail))) if f.problems] == []


def test_a_group_that_has_met_for_the_last_time_keeps_counting_who_was_in_it(world: World) -> None:
    with world.assembly.cohorts.units.begin(write=False) as uow:
        (participant,) = uow.session.scalars(select(Participant))
    who = next(name for name, id in world.people.items() if id == participant.person_id)
    world.clock.advance(timedelta(days=60))
    assert erase(world, who).row.state == "done"
    assert len(world.contents(world.assembly.cohorts)["participants"]) == 1


def test_a_reader_is_erased_and_what_they_wrote_stays_without_their_name(world: World) -> None:
    assert erase(world, "reviewer").row.state == "done"
    assert traces(world, REVIEWER_NAME, REVIEWER_EMAIL) == []
    assert "clinic" in str(world.contents(world.assembly.cohorts)["reviews"])
    with world.assembly.cohorts.units.begin(write=False) as uow:
        assert uow.record.verify().whole


def test_a_certificate_is_for_who_has_the_link(world: World) -> None:
    progress = erase(world, "noor")
    browser = world.assembly.applications.web.test_client()
    with world.assembly.applications.units.begin(write=False) as uow:
        path = erase_person.certificate_path(uow, progress.row)
    page = browser.get(path).get_data(as_text=True)
    assert progress.row.reference in page and "Certificate of erasure" in page
    assert NAME not in page and EMAIL not in page
    assert browser.get(f"/erasure/{progress.row.id}/guessed").status_code == 404


def test_the_address_may_begin_again_as_somebody_new(world: World) -> None:
    erase(world, "noor")
    with world.assembly.applications.units.begin() as uow:
        again = register_person(uow, email=EMAIL, name="N", language="en", roles=["applicant"])
        assert again.id != world.people["noor"]
    world.settle()
    assert EMAIL in str(world.contents(world.assembly.notifications)["contacts"])
