"""The lottery's pages: staff step by step, and what everybody may see."""

import re
from datetime import timedelta

from shared.contracts.cohorts import LotteryPublished
from tests.cohorts.browser import Browser
from tests.cohorts.programme import STAFF, Programme


def test_staff_promise_publish_and_draw_and_everybody_can_look(programme: Programme, staff: Browser) -> None:
    programme.fill(8)
    programme.settle()
    here = f"/cohorts/staff/rounds/{programme.round_id}/lotteries"
    assert "Give the lottery a name" in staff.post(here, status=422, title="").text
    one = staff.post(here, title="Fair places").headers["Location"]
    public = one.replace("/staff/", "/")
    anybody = Browser(programme.service.web.test_client())
    assert "fixed, and its fingerprint shown here" in anybody.get(public)
    anybody.get(f"{public}/lottery.json", status=404)
    assert "worked out after applications close" in staff.get(one)
    programme.clock.advance(timedelta(days=2))
    fresh = Browser(programme.client(STAFF.name, "staff"))
    fields = {"size": "3", "scope": "pool", "aim": "leximin", "target": ["region=north"], "minimum-0": "2"}
    wrong = fresh.post(one, f"{one}/chances", status=422, **{**fields, "scope": "band", "width": "wide"}).text
    assert "Write a number of points" in wrong
    page = fresh.follow(fresh.post(one, f"{one}/chances", **fields))
    assert "How many people have which chance" in page
    file_hash = re.search(r'name="file_hash" value="([0-9a-f]{64})"', page)
    assert file_hash is not None
    assert "Gini" in anybody.get(public)
    assert "APP-0" not in anybody.get(f"{public}/lottery.json")
    with programme.units.begin(write=False) as uow:
        (row,) = uow.lotteries.of_round(programme.round_id)
    assert row.secret not in anybody.get(public) + page + anybody.get(public.replace("/cohorts/", "/cohorts/api/v1/"))
    page = fresh.follow(fresh.post(one, f"{one}/draw", file_hash=file_hash[1]))
    assert "See who was drawn" in page
    states = [event["state"] for event in programme.published(LotteryPublished)]
    assert states == ["promised", "worked_out", "drawn"]
    assert programme.published(LotteryPublished)[-1]["link"].endswith(public)
    shown = anybody.get(public)
    assert f"--seed &#39;{row.secret}&#39;" in shown or f"--seed '{row.secret}'" in shown
    assert "once everybody has been told" in shown
    run = re.search(r"/cohorts/staff/selections/[0-9a-f-]+", page)
    assert run is not None
    assert "by a public lottery" in fresh.get(run[0])


def test_a_lottery_can_be_ended(programme: Programme, staff: Browser) -> None:
    programme.fill(3)
    here = f"/cohorts/staff/rounds/{programme.round_id}/lotteries"
    one = staff.post(here, title="Fair places").headers["Location"]
    assert "Ended" in staff.follow(staff.post(one, f"{one}/end"))
    assert "This lottery was ended" in Browser(programme.service.web.test_client()).get(one.replace("/staff/", "/"))
