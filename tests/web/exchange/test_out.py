"""Every table leaves with its units, sources and version, and with nobody else's rows."""

import csv
import io
import json
import zipfile

import openpyxl
import pytest

from tests.web.people import SEATS, body, browser_of


def get(name: str, address: str):
    return browser_of(name).get(f"/en/exchange/{address}")


def content(response) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


def test_a_table_says_the_same_in_every_form(case):
    held = json.loads(body(get("office", "tables/observations.json")))
    lines = csv.DictReader(
        io.StringIO(body(get("office", "tables/observations.csv")).lstrip("\ufeff"))
    )
    as_csv = list(lines)
    assert lines.fieldnames == [column["name"] for column in held["columns"]]
    assert [row["id"] for row in as_csv] == [row["id"] for row in held["rows"]]
    book = openpyxl.load_workbook(io.BytesIO(content(get("office", "tables/observations.xlsx"))))
    sheet = book["observations"]
    assert [cell.value for cell in sheet[2]] == list(lines.fieldnames)
    flow = lines.fieldnames.index("flow_m3_d") + 1
    assert "[m³/day]" in sheet.cell(1, flow).value
    assert sheet.cell(3, flow).value == held["rows"][0]["flow_m3_d"]
    pack = zipfile.ZipFile(io.BytesIO(content(get("office", "tables/observations.zip"))))
    told = json.loads(pack.read("observations.csv-metadata.json"))
    assert pack.read("observations.csv").decode("utf-8-sig") == body(
        get("office", "tables/observations.csv")
    ).lstrip("\ufeff")
    columns = {column["name"]: column for column in told["tableSchema"]["columns"]}
    assert columns["flow_m3_d"]["renvand:unit"] == "m3/d"
    assert columns["flow_m3_d"]["datatype"] == "double"


def test_version_sources_and_notice_go_with_every_form(case):
    held = json.loads(body(get("office", "tables/observations.json")))
    source = held["rows"][0]["source"]
    assert held["sources"][source]["title"]
    assert "onstructed" in held["notice"]
    response = get("office", "tables/observations.csv")
    assert response.headers["Renvand-Schema"] == held["version"]
    assert "csv-metadata.json" in response.headers["Link"]
    told = json.loads(body(get("office", "tables/observations.csv-metadata.json")))
    assert (told["schema:version"], told["dc:rights"]) == (held["version"], held["notice"])
    assert source in told["renvand:sources"]
    book = openpyxl.load_workbook(io.BytesIO(content(get("office", "tables/observations.xlsx"))))
    about = {row[0].value: row[1].value for row in book["_about"].rows}
    assert about["schema_version"] == held["schema_version"]
    assert held["sources"][source]["title"] in about[source]


def test_another_column_is_another_version(case):
    from dataclasses import replace

    from renvand.knowledge.schema import Column, Schema
    from renvand.web.exchange import tables

    kept = tables.find("observations")
    for changed in (
        {**kept.schema.columns, "more": Column(kind="text")},
        {**kept.schema.columns, "flow_m3_d": Column(kind="number", unit="l/s")},
    ):
        schema = Schema(name="observations", columns=changed, key=kept.schema.key)
        assert replace(kept, schema=schema).version != kept.version


@pytest.mark.parametrize("name", SEATS)
@pytest.mark.parametrize("form", ["csv", "json", "xlsx", "zip"])
def test_only_own_rows_leave(case, name, form):
    from renvand.web.exchange import tables

    own = {"dyer": {"dye-works"}, "plater": {"metal-works"}, "seller": set(), "public": set()}
    for table in tables.every():
        response = get(name, f"tables/{table}.{form}")
        assert response.status_code == 200, table
        text = content(response)
        if form in ("xlsx", "zip"):
            pack = zipfile.ZipFile(io.BytesIO(text))
            text = b"".join(pack.read(part) for part in pack.namelist())
        if name in own:
            for company in {"dye-works", "metal-works"} - own[name]:
                assert company.encode() not in text, table


def test_a_text_that_looks_like_a_formula_does_not_run(case):
    from renvand.partnership.models import Enterprise

    Enterprise.objects.filter(slug="dye-works").update(address_zh='=cmd|" /C calc"!A0')
    try:
        rows = list(csv.DictReader(io.StringIO(body(get("office", "tables/enterprises.csv")))))
        assert rows[0]["address_zh"] == '\'=cmd|" /C calc"!A0'
        data = content(get("office", "tables/enterprises.xlsx"))
        sheet = openpyxl.load_workbook(io.BytesIO(data))["enterprises"]
        column = [cell.value for cell in sheet[2]].index("address_zh") + 1
        assert sheet.cell(3, column).data_type == "s"
    finally:
        Enterprise.objects.filter(slug="dye-works").update(address_zh="")


def test_downloads_are_written_down(case):
    from renvand.partnership.models import Reading

    get("authority", "tables/budget.csv")
    last = Reading.objects.latest("pk")
    assert (last.user.username, last.path) == ("authority", "/en/exchange/tables/budget.csv")


@pytest.mark.parametrize(
    "address", ["tables/auth_user.csv", "tables/token.json", "template/x.xlsx"]
)
def test_what_is_no_table_of_ours_is_not_there(case, address):
    assert get("office", address).status_code == 404
