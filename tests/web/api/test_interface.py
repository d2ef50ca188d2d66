"""A program with a key sees what its owner sees; without one, nothing."""

import json
from datetime import timedelta

import pytest

from tests.web.made import SECRET
from tests.web.people import SEATS, body, browser_of


def key_of(name: str, *, days: int = 30) -> str:
    from django.contrib.auth import get_user_model

    from renvand.web.api import tokens

    return tokens.make(get_user_model().objects.get(username=name), "test", days=days)


def ask(key: str, address: str):
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    return browser_of().get(f"/api/v1{address}", headers=headers)


def rows(key: str, address: str) -> list[dict]:
    return json.loads(body(ask(key, address)))["rows"]


def every_path(case) -> list[str]:
    described = json.loads(body(browser_of().get("/api/v1/openapi.json")))
    return list(described["paths"])


FILLED = {"table": "meters", "id": "s1", "stage": "review", "figure": "review.dye-a.s1.flow",
          "name": "sheets/textile-dyeing.en.pdf", "run": "1", "kind": "programme"}  # fmt: skip


def test_without_a_key_nothing_answers(case):
    for path in every_path(case):
        address = path.removeprefix("/api/v1").format(**FILLED)
        for key in ("", "rv_nonsense"):
            status = ask(key, address).status_code
            assert status in (401, 405), path
    assert browser_of("office").get("/api/v1/tables").status_code == 401, "a session is no key"


def test_every_address_has_a_right(case):
    from renvand.web import rights

    browser_of().get("/api/v1/openapi.json")
    claimed = {name for name in rights.addresses() if name.startswith("api:")}
    assert len(claimed) == len(every_path(case)) + 2  # what describes the rest


def test_rows_come_with_their_sources_and_the_version_of_their_columns(case):
    key = key_of("office")
    page = json.loads(body(ask(key, "/tables/observations")))
    assert page["rows"][0]["source"] in page["sources"]
    listed = {t["name"]: t for t in json.loads(body(ask(key, "/tables?language=zh")))["tables"]}
    assert listed["observations"]["version"] == page["version"]
    flow = next(c for c in listed["observations"]["columns"] if c["name"] == "flow_m3_d")
    assert flow["unit"] == "m3/d"
    assert "流量" in flow["help"] or "水" in flow["help"]


def test_pages_of_rows_follow_each_other(case):
    key = key_of("office")
    whole = rows(key, "/tables/enterprises?limit=10")
    assert [rows(key, f"/tables/enterprises?limit=1&offset={n}")[0] for n in (0, 1)] == whole[:2]
    assert rows(key, "/tables/enterprises?offset=999") == []


@pytest.mark.parametrize("name", SEATS)
def test_a_key_opens_the_rows_of_its_owner_and_no_others(case, name):
    key = key_of(name)
    own = {"office": 2, "authority": 2, "expert": 2, "dyer": 1, "plater": 1}.get(name, 0)
    assert len(rows(key, "/tables/enterprises")) == own
    sees_review = name in ("office", "expert", "dyer", "authority")  # the company has agreed
    assert bool(rows(key, "/tables/meters")) == sees_review
    assert bool(rows(key, "/tables/meters?of=dye-a")) == sees_review
    assert (ask(key, "/tables/streams/s1?of=dye-a").status_code == 200) == sees_review
    results = ask(key, "/results/review/streams")
    assert (results.status_code == 200 and str(SECRET) in body(results)) == sees_review
    assert (ask(key, "/figures/review.dye-a.s1.flow/why").status_code == 200) == sees_review
    assert bool(rows(key, "/tables/budget")) == (name in ("office", "authority"))
    assert rows(key, "/tables/reaches")
    for path in ("/tables", "/figures", "/documents", "/runs", "/results", "/knowledge/limits"):
        text = body(ask(key, path))
        if not sees_review:
            assert str(SECRET) not in text
            assert "dye-works" not in text


def test_who_may_not_start_a_run_by_hand_cannot_by_key(case):
    for name in ("dyer", "seller", "public", "authority"):
        answer = browser_of().post(
            "/api/v1/runs/start/programme",
            data="{}",
            content_type="application/json",
            headers={"Authorization": f"Bearer {key_of(name)}"},
        )
        assert answer.status_code == 404, name


def test_reading_what_is_confidential_is_written_down(case):
    from renvand.partnership.models import Reading

    key = key_of("authority")
    before = Reading.objects.count()
    ask(key, "/tables/reaches")
    assert Reading.objects.count() == before
    ask(key, "/tables/meters?of=dye-a")
    last = Reading.objects.latest("pk")
    assert (last.user.username, last.what) == ("authority", "meters")
    assert last.path == "/api/v1/tables/meters?of=dye-a"


def test_a_key_is_kept_as_a_hash_and_ends(case):
    from django.utils import timezone

    from renvand.partnership.models import Token

    key = key_of("office")
    kept = Token.objects.latest("pk")
    assert key not in str(vars(kept))
    assert ask(key, "/tables").status_code == 200
    kept.refresh_from_db()
    assert kept.used_at is not None
    Token.objects.filter(pk=kept.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    assert ask(key, "/tables").status_code == 401


def test_a_key_dies_with_its_account(case):
    from django.contrib.auth import get_user_model

    key = key_of("seller")
    get_user_model().objects.filter(username="seller").update(is_active=False)
    try:
        assert ask(key, "/tables").status_code == 401
    finally:
        get_user_model().objects.filter(username="seller").update(is_active=True)


def test_a_person_makes_a_key_and_takes_it_back(case):
    from renvand.partnership.models import Token

    browser = browser_of("dyer")
    page = body(browser.post("/da/account/keys/", {"label": "<script>", "days": "90"}))
    assert "Denne nøgle vises kun nu" in page
    key = page.partition("<code>rv_")[2].partition("<")[0]
    assert len(rows(f"rv_{key}", "/tables/enterprises")) == 1
    page = body(browser.get("/en/account/keys/"))
    assert key not in page
    assert "&lt;script&gt;" in page
    made = Token.objects.latest("pk")
    assert browser_of("plater").post(f"/en/account/keys/{made.pk}/revoke/").status_code == 404
    browser.post(f"/en/account/keys/{made.pk}/revoke/")
    assert ask(f"rv_{key}", "/tables").status_code == 401
