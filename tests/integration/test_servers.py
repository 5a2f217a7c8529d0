"""The servers that tests stand on: each is real, fresh for each test, and comes back after a kill."""

import smtplib
import urllib.parse
from pathlib import Path

import pika
import pika.exceptions
import psycopg
import pytest
from playwright.sync_api import Page

from tests.servers.mail import MailCatcher
from tests.servers.plugin import MakeDatabase
from tests.servers.postgres import Postgres, PostgresProcess, plain
from tests.servers.rabbit import Rabbit, RabbitProcess
from tests.servers.spares import Spares


def _put(url: str, queue: str, body: bytes) -> None:
    with pika.BlockingConnection(pika.URLParameters(url)) as connection:
        channel = connection.channel()
        channel.confirm_delivery()
        channel.queue_declare(queue, durable=True, arguments={"x-queue-type": "quorum"})
        channel.basic_publish("", queue, body, pika.BasicProperties(delivery_mode=2), mandatory=True)


def _get(url: str, queue: str) -> bytes | None:
    with pika.BlockingConnection(pika.URLParameters(url)) as connection:
        return connection.channel().basic_get(queue, auto_ack=True)[2]


@pytest.mark.postgres
def test_a_database_takes_rows(postgres: MakeDatabase) -> None:
    with psycopg.connect(plain(postgres())) as connection:
        connection.execute("CREATE TABLE sheep (name text)")
        connection.execute("INSERT INTO sheep VALUES ('Dolly')")
        assert connection.execute("SELECT name FROM sheep").fetchall() == [("Dolly",)]


@pytest.mark.postgres
def test_databases_are_apart(postgres: MakeDatabase) -> None:
    first, second = postgres(), postgres()
    with psycopg.connect(plain(first)) as connection:
        connection.execute("CREATE TABLE only_here (id int)")
    with psycopg.connect(plain(second)) as connection:
        assert connection.execute("SELECT to_regclass('only_here')").fetchone() == (None,)


@pytest.mark.postgres
def test_a_prepared_database_is_copied(postgres: MakeDatabase) -> None:
    def prepare(url: str) -> None:
        with psycopg.connect(plain(url)) as connection:
            connection.execute("CREATE TABLE prepared (id int)")
            connection.execute("INSERT INTO prepared VALUES (7)")

    copies = [postgres("test-servers", prepare) for _ in range(2)]
    for url in copies:
        with psycopg.connect(plain(url)) as connection:
            assert connection.execute("DELETE FROM prepared RETURNING id").fetchall() == [(7,)]


@pytest.mark.postgres
def test_a_database_is_handed_on_as_it_was_and_dropped_if_its_tables_changed(postgres_server: Postgres) -> None:
    def make() -> str:
        url = postgres_server.create()
        with psycopg.connect(plain(url)) as connection:
            connection.execute("CREATE TABLE farms (id serial PRIMARY KEY, name text)")
            connection.execute("CREATE TABLE sheep (farm int REFERENCES farms)")
            connection.execute("INSERT INTO farms (name) VALUES ('Bryn')")
        return url

    spares = Spares(postgres_server)
    first = spares.take("farm", make)
    used = psycopg.connect(plain(first))
    used.execute("UPDATE farms SET name = 'Cwm'")
    used.execute("INSERT INTO sheep VALUES (1)")
    used.commit()
    used.execute("SELECT 1 FROM farms FOR UPDATE")  # left open, as by a test that forgets
    spares.give_back("farm", first)
    used.close()
    again = spares.take("farm", make)
    with psycopg.connect(plain(again)) as connection:
        assert connection.execute("SELECT *, (SELECT count(*) FROM sheep) FROM farms").fetchall() == [(1, "Bryn", 0)]
        connection.execute("INSERT INTO sheep SELECT id FROM farms")
        connection.execute("ALTER TABLE sheep ADD COLUMN name text")
    spares.give_back("farm", again)
    other = spares.take("farm", make)
    assert again == first and other != first
    spares.give_back("farm", other)
    spares.end()
    for url in (first, other):
        with pytest.raises(psycopg.OperationalError, match="does not exist"):
            psycopg.connect(plain(url))


@pytest.mark.postgres
def test_a_dropped_database_is_gone_though_somebody_is_connected(postgres_server: Postgres) -> None:
    url = postgres_server.create()
    with psycopg.connect(plain(url)):
        postgres_server.drop(url)
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        psycopg.connect(plain(url))


@pytest.mark.postgres
def test_a_killed_postgres_comes_back_with_what_was_committed(own_postgres: PostgresProcess) -> None:
    with psycopg.connect(plain(own_postgres.url)) as connection:
        connection.execute("CREATE TABLE kept (id int)")
    own_postgres.kill()
    own_postgres.start()
    with psycopg.connect(plain(own_postgres.url)) as connection:
        assert connection.execute("SELECT count(*) FROM kept").fetchone() == (0,)
        assert connection.execute("SHOW fsync").fetchone() == ("on",)


@pytest.mark.rabbit
def test_a_message_goes_round(rabbit: str) -> None:
    _put(rabbit, "sheep", b"baa")
    assert _get(rabbit, "sheep") == b"baa"


@pytest.mark.rabbit
def test_virtual_hosts_are_apart(rabbit: str, rabbit_server: Rabbit) -> None:
    other = rabbit_server.create()
    _put(rabbit, "sheep", b"baa")
    with pytest.raises(pika.exceptions.ChannelClosedByBroker):
        _get(other, "sheep")
    rabbit_server.drop(other)


@pytest.mark.rabbit
def test_connections_can_be_cut(rabbit: str, rabbit_server: Rabbit) -> None:
    connection = pika.BlockingConnection(pika.URLParameters(rabbit))
    while rabbit_server.close_connections(rabbit) == 0:  # the management API learns of a connection a little later
        connection.process_data_events(time_limit=0.1)
    with pytest.raises(pika.exceptions.AMQPError):
        connection.process_data_events(time_limit=5)
        connection.channel()


@pytest.mark.rabbit
def test_a_killed_broker_comes_back_with_its_messages(own_rabbit: RabbitProcess) -> None:
    _put(own_rabbit.url, "sheep", b"baa")
    own_rabbit.kill()
    own_rabbit.start()
    assert _get(own_rabbit.url, "sheep") == b"baa"


@pytest.mark.browser
def test_the_browser_shows_pages_at_both_widths(page: Page, narrow_page: Page, tmp_path: Path) -> None:
    html = "<!doctype html><title>Hearth</title><p id=width></p><script>width.textContent = innerWidth</script>"
    for each, width in ((page, "1280"), (narrow_page, "320")):
        each.goto("data:text/html," + urllib.parse.quote(html))
        assert each.title() == "Hearth"
        assert each.inner_text("#width") == width


def test_mail_is_caught_and_refused(mail_catcher: MailCatcher) -> None:
    mail_catcher.refused["nobody@example.org"] = "550 5.1.1 No such person"
    port = urllib.parse.urlsplit(mail_catcher.url).port
    with smtplib.SMTP("127.0.0.1", port) as client:
        client.sendmail("us@example.org", ["ada@example.org"], "Subject: Hello\n\nHello Ada\n")
        with pytest.raises(smtplib.SMTPRecipientsRefused):
            client.sendmail("us@example.org", ["nobody@example.org"], "Subject: Hello\n\nHello\n")
    assert [message["subject"] for message in mail_catcher.to("ada@example.org")] == ["Hello"]
    assert len(mail_catcher.messages) == 1
