"""Alive, ready and its figures, for anybody inside."""

from shared.messaging.tables import outbox
from shared.unit_of_work import Units
from tests.shared.web.site import Site


def test_alive_says_nothing_else(site: Site) -> None:
    answer = site.client().get("/toy/health/live")
    assert (answer.status_code, answer.json) == (200, {"status": "ok"})


def test_not_ready_without_its_migrations(site: Site) -> None:
    answer = site.client().get("/toy/health/ready")
    assert answer.status_code == 503 and "migrate" in answer.json["checks"]["migrations"]
    assert answer.json["checks"]["database"] == "ok"


def test_a_database_that_is_away_tells_no_address(site: Site, monkeypatch: object) -> None:
    engine = site.service.units.engine

    class Away:
        def execution_options(self, **_: object) -> "Away":
            return self

        def connect(self) -> None:
            raise ConnectionError("10.0.0.7 refused noor")

    units: Units[object] = site.service.units  # type: ignore[assignment]
    units.engine = Away()  # type: ignore[assignment]
    try:
        answer = site.client().get("/toy/health/ready")
        figures = site.client().get("/toy/metrics")
    finally:
        units.engine = engine
    assert answer.status_code == 503 and "10.0.0.7" not in answer.text
    assert figures.status_code == 200 and "hearth_database_up 0.0" in figures.text


def test_figures_show_what_waits(site: Site) -> None:
    from shared.ids import new_id

    with site.service.units.begin() as unit:
        row = {"id": new_id(), "type": "t", "subject": "s", "sequence": 1, "shard": 0, "body": "{}"}
        unit.session.execute(outbox.insert().values(**row, created_at=unit.now))
    text = site.client().get("/toy/metrics").text
    assert "hearth_outbox_events 1.0" in text and "hearth_database_up 1.0" in text
    with site.service.units.begin() as unit:
        unit.session.execute(outbox.delete())


def test_figures_name_routes_and_never_what_was_asked_for(site: Site) -> None:
    site.client().get("/toy/fails/Gone?who=noor")
    site.client().get("/no/such/place-noor")
    text = site.client().get("/toy/metrics").text
    assert 'route="/toy/fails/<kind>"' in text and 'route="none"' in text and "noor" not in text
