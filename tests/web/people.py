"""People of every role, and a browser for each."""

from pathlib import Path

from tests.record import blank
from tests.web.made import made, small

PASSWORD = "salmon under the bridge"
SEATS = {
    "office": ("secretariat", ""),
    "authority": ("agency", ""),
    "expert": ("reviewer", ""),
    "dyer": ("company", "dye-works"),
    "plater": ("company", "metal-works"),
    "seller": ("supplier", ""),
    "public": ("reader", ""),
}
SUPPLIES = {"seller": "grundfos-pumps"}  # which supplier somebody speaks for
_RECORDS: dict[Path, Path | str] = {}  # where that of each case lies: a file, or on a server
SENT = {"list.csv": "a" * 22, "faults.xlsx": "b" * 22}  # uploads that wait for their next step


def serve(folder: Path) -> Path:
    """Put the small case there with what a run would leave, and serve it without accounts."""
    case = small(folder / "case")
    made(case)
    for name, key in SENT.items():
        upload = case / ".renvand" / "uploads" / key / name
        upload.parent.mkdir(parents=True)
        upload.write_text("企业名称,行业\n蓝河染整厂,1752\n", encoding="utf-8")
    _RECORDS[case] = blank(folder / "record.sqlite3")
    return again(case)


def again(case: Path) -> Path:
    """Serve a case that was served before, with its own record."""
    from renvand.web.site import application

    application(case, database=record_of(case))
    return case


def record_of(case: Path) -> Path | str:
    """Say where the record of a case lies that is served."""
    return _RECORDS[case]


def settle() -> None:
    """Make an account of every role; the same again changes nothing."""
    from django.contrib.auth import get_user_model
    from django.contrib.auth.hashers import make_password

    from renvand.partnership.models import Run, Seat

    key = make_password(PASSWORD)
    for name, (role, enterprise) in SEATS.items():
        user, _ = get_user_model().objects.update_or_create(
            username=name, defaults={"password": key}
        )
        Seat.objects.get_or_create(
            user=user, role=role, enterprise=enterprise, supplier=SUPPLIES.get(name, "")
        )
    Run.objects.get_or_create(task="a.b", state="done")


def browser_of(name: str = ""):
    """Give a browser, logged in as somebody or as nobody."""
    from django.contrib.auth import get_user_model
    from django.test import Client

    browser = Client(headers={"host": "localhost"})
    if name:
        browser.force_login(get_user_model().objects.get(username=name))
    return browser


def body(response) -> str:
    data = b"".join(response.streaming_content) if response.streaming else response.content
    return data.decode("utf-8", "replace")
