"""Getting in: the first account, passwords, tries, codes, invitations."""

import re
import time

import pytest

from tests.record import blank
from tests.web.made import small
from tests.web.people import PASSWORD, again, body, browser_of

LOGIN = "/en/login/"


@pytest.fixture
def fresh(tmp_path, case):
    """Serve a case that nobody has an account for."""
    from renvand.web.site import application

    folder = small(tmp_path / "fresh")
    application(folder, database=blank(tmp_path / "record.sqlite3"))
    yield browser_of()
    again(case)


@pytest.fixture
def _no_attempts(case):
    from renvand.partnership.models import Attempt

    Attempt.objects.all().delete()
    yield
    Attempt.objects.all().delete()


def try_in(browser, name: str, password: str, **more: str):
    return browser.post(LOGIN, {"name": name, "password": password, **more})


def test_the_first_account_is_the_secretariats_and_there_is_one_only(fresh):
    from renvand.partnership.models import Seat

    assert fresh.get("/en/", follow=True).redirect_chain[-1][0] == "/en/welcome/"
    short = {"name": "chief", "password": "short", "again": "short"}
    assert "at least 12 characters" in body(fresh.post("/en/welcome/", short))
    good = {"name": "chief", "password": PASSWORD, "again": PASSWORD}
    assert fresh.post("/en/welcome/", good).headers["Location"] == "/en/"
    assert list(Seat.objects.values_list("user__username", "role")) == [("chief", "secretariat")]
    assert browser_of().get("/en/welcome/").status_code == 404
    assert browser_of().post("/en/welcome/", good).status_code == 404


def test_a_server_asks_for_its_setup_code(fresh, settings_of):
    settings_of(RENVAND_SETUP_CODE="three blue herons")
    form = {"name": "chief", "password": PASSWORD, "again": PASSWORD}
    assert "setup code" in body(fresh.post("/en/welcome/", {**form, "setup_code": "guess"}))
    right = {**form, "setup_code": "three blue herons"}
    assert fresh.post("/en/welcome/", right).status_code == 302


@pytest.fixture
def settings_of():
    """Change settings for a while."""
    from django.test import override_settings

    changed = []

    def change(**values):
        changed.append(override_settings(**values))
        changed[-1].enable()

    yield change
    for each in reversed(changed):
        each.disable()


@pytest.mark.usefixtures("_no_attempts")
def test_who_guesses_must_wait(case):
    browser = browser_of()
    for _ in range(5):
        assert try_in(browser, "office", "a wrong password").status_code == 200
    response = try_in(browser, "office", PASSWORD)
    assert response.status_code == 429
    assert response.headers["Retry-After"] == "900"
    assert try_in(browser, "expert", PASSWORD).status_code == 302, "others are not locked out"


@pytest.mark.usefixtures("_no_attempts")
def test_login_leads_where_one_wanted_to_go_and_never_elsewhere(case):
    for wanted, found in (("/da/reviews/", "/da/reviews/"), ("//evil.example/", "/en/"),
                          ("https://evil.example/", "/en/")):  # fmt: skip
        response = browser_of().post(
            f"{LOGIN}?next={wanted}", {"name": "office", "password": PASSWORD}
        )
        assert response.headers["Location"] == found


def test_logging_out_takes_a_form(case):
    browser = browser_of("office")
    assert browser.get("/en/logout/").status_code == 405
    assert browser.post("/en/logout/").status_code == 302
    assert browser.get("/en/reviews/").status_code == 302


def test_a_form_from_elsewhere_is_refused_in_words(case):
    from django.test import Client

    browser = Client(headers={"host": "localhost"}, enforce_csrf_checks=True)
    response = browser.post("/da/login/", {"name": "office", "password": PASSWORD})
    assert response.status_code == 403
    assert "Formularen er for gammel" in body(response)


def test_codes_are_those_of_the_standard():
    """RFC 6238, appendix B, the last six of eight digits."""
    from renvand.web.accounts import totp

    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    published = {59: "287082", 1111111109: "081804", 1234567890: "005924", 20000000000: "353130"}
    for at, code in published.items():
        assert totp.code(secret, at // 30) == code
        assert totp.step_of(secret, code, now=at, after=0) == at // 30
        assert totp.step_of(secret, code, now=at, after=at // 30) is None
        assert totp.step_of(secret, code, now=at + 120, after=0) is None


@pytest.mark.usefixtures("_no_attempts")
def test_a_second_factor_is_proved_before_it_counts_and_good_once(case):
    from renvand.partnership.models import SecondFactor
    from renvand.web.accounts import totp

    browser = browser_of("seller")
    text = body(browser.get("/en/account/code/"))
    assert "<svg" in text
    secret = re.search(r"<code>([A-Z2-7]{32})</code>", text)[1]
    assert try_in(browser_of(), "seller", PASSWORD).status_code == 302, "not yet confirmed"
    now = int(time.time() // 30)
    browser.post("/en/account/code/", {"code": totp.code(secret, now - 1)})
    assert SecondFactor.objects.get().is_confirmed
    assert try_in(browser_of(), "seller", PASSWORD).status_code == 200, "no code"
    code = totp.code(secret, int(time.time() // 30))
    assert try_in(browser_of(), "seller", PASSWORD, code=code).status_code == 302
    assert try_in(browser_of(), "seller", PASSWORD, code=code).status_code == 200, "used"
    SecondFactor.objects.all().delete()


def test_an_invited_person_chooses_a_password_once(case):
    office = browser_of("office")
    new = {"name": "newcomer", "role": "company", "enterprise": "metal-works", "is_active": "on"}
    place = office.post("/en/users/new/", new).headers["Location"]
    shown = office.post(f"{place}invite/", follow=True)
    link = re.search(r"http://localhost(/en/invited/[^<\s]+)", body(shown))[1]
    guest = browser_of()
    assert guest.post(link, {"password": PASSWORD, "again": PASSWORD}).status_code == 302
    assert "metal-works" in body(guest.get("/en/register/"))
    assert browser_of().get(link).status_code == 404
    from django.contrib.auth import get_user_model

    get_user_model().objects.get(username="newcomer").delete()


def test_somebody_stays_in_the_secretariat(case):
    from django.contrib.auth import get_user_model

    chief = get_user_model().objects.get(username="office")
    form = {"name": "office", "role": "reader", "is_active": "on"}
    response = browser_of("office").post(f"/en/users/{chief.pk}/", form)
    assert "Somebody must stay in the secretariat." in body(response)


def test_the_settings_of_a_server_pass_django_s_own_check(tmp_path):
    """As an administrator runs it: nothing to remark, and each missing variable named."""
    import os
    import subprocess
    import sys

    command = [sys.executable, "-m", "renvand.web", "check", "--deploy", "--fail-level", "INFO"]
    bare = {k: v for k, v in os.environ.items() if not k.startswith("RENVAND_")}
    told = {
        **bare,
        "RENVAND_CASE": str(tmp_path),
        "RENVAND_HOSTS": "water.example",
        "RENVAND_SECRET_KEY": "".join(chr(48 + n) for n in range(74)),
        "RENVAND_SETUP_CODE": "three blue herons",
    }
    clean = subprocess.run(command, env=told, capture_output=True, text=True, check=False)
    assert clean.stdout == "System check identified no issues (0 silenced).\n"
    missing = subprocess.run(command, env=bare, capture_output=True, text=True, check=False)
    assert missing.returncode == 1
    assert "RENVAND_SECRET_KEY: is not set in the environment." in missing.stderr
