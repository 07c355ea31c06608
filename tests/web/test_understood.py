"""Her own files on the page: what was understood of them, and what is in doubt is chosen there."""

import io
import json
import re

import pytest

from openfisca_bergen_hbt.web.app import create_app
from openfisca_bergen_hbt.web.settings import Settings
from tests.commands import run
from tests.intake.workbooks import xlsx
from tests.web.test_page_of_analysts import USERS, address, text, updated, visit  # noqa: F401 (fixtures)

ODD = USERS.replace("timer_per_uke", "Timer pr uke")
FRAME = "30000000"


@pytest.fixture(scope="module")
def client():
    return create_app(Settings(access_log=False)).test_client()


def test_a_heading_of_her_own_is_told_what_it_stands_for(visit, tmp_path):  # noqa: F811
    (tmp_path / "brukere.csv").write_text(ODD, encoding="utf-8")
    page = visit("/")
    page.get_by_label("Ramme i hele kroner").fill(FRAME)
    answer = updated(page, lambda: page.get_by_label("Brukere", exact=True).set_input_files(tmp_path / "brukere.csv"))
    assert answer.status == 400
    assert "Kort sagt" not in text(page)
    page.get_by_label("«Timer pr uke» er").select_option("timer_per_uke")
    for act in (
        page.get_by_role("button", name="Gå videre med disse valgene").click,
        page.get_by_label("2018-01").check,  # what was chosen holds for the next figures, too
    ):
        assert updated(page, act).status == 200
        assert "24 brukere i 3 enheter: A, B, C; året er likt" in text(page, ".understood")
    with page.expect_download() as download:
        page.locator(".downloads button", has_text="Protokoll").click()
    download.value.save_as(tmp_path / "kjoering.json")
    asked = json.loads((tmp_path / "kjoering.json").read_text(encoding="utf-8"))["request"]
    assert asked["columns"] == ["Timer pr uke=timer_per_uke"]
    again = run("verify", str(tmp_path / "kjoering.json"), "--data", str(tmp_path / "brukere.csv"))
    assert again.exit_code == 0, again.output
    assert page.noted == [note for note in page.noted if "400" in note]


def test_files_are_dropped_anywhere(visit):  # noqa: F811
    page = visit("/")
    page.get_by_label("Ramme i hele kroner").fill(FRAME)
    dropped = page.evaluate_handle(
        """users => {
            const files = new DataTransfer();
            files.items.add(new File([users], "uttrekk.csv"));
            files.items.add(new File(["enhet;kjoeretid_timer_per_uke\\nA;10\\nB;0\\nC;0\\n"], "Enheter.csv"));
            return files;
        }""",
        USERS,
    )
    updated(page, lambda: page.locator("h1").dispatch_event("drop", {"dataTransfer": dropped}))
    names = page.locator("[type=file]").evaluate_all("all => all.map((one) => one.files[0]?.name ?? '')")
    assert names == ["uttrekk.csv", "Enheter.csv", ""]
    assert "uttrekk.csv" in page.locator(".understood").inner_html()


def sent(client, content, name="brukere.csv", **fields):
    return client.post("/", data={"brukere": (io.BytesIO(content), name), **fields}, content_type="multipart/form-data")


def test_the_first_fault_stands_among_its_neighbours_and_tells_nothing_of_anybody(client):
    content = "enhet;bruker;timer_per_uke\nArna;Kari;5\nArna;Ola;mange\nArna;Per;7\n"
    answer = sent(client, content.encode(), ramme="1000")
    assert answer.status_code == 400
    table = answer.text.partition("Den første feilen: brukere.csv, timer_per_uke")[2].partition("</table>")[0]
    assert re.findall(r'<th scope="row">(\d+)', table) == ["2", "3", "4"]
    assert table.count('class="wrong"') == 1
    assert table.count("<td>5</td>") == table.count("<td>7</td>") == 1
    for name in ("Kari", "Ola", "Per", "mange"):
        assert name not in answer.text


def test_sheet_and_encoding_are_chosen(client):
    sheet = (("enhet", "timer_per_uke"), *(("Arna", 5),) * 6)
    book = xlsx(sheets={"2018": ("visible", sheet), "2019": ("visible", sheet)})
    doubted = sent(client, book, "brukere.xlsx", ramme="1000000")
    assert doubted.status_code == 400
    assert "<option>2018</option><option>2019</option>" in doubted.text
    chosen = sent(client, book, "brukere.xlsx", ramme="1000000", ark="2019")
    assert "<option selected>2019</option>" in chosen.text
    text = "enhet;timer_per_uke\nÅsane;5\n".encode("cp1252")
    assert sent(client, text, ramme="1000000", koding="utf-8").status_code == 400
    assert "cp1252" in sent(client, text, ramme="1000000", koding="cp1252").text


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"kolonne.Timer pr uke": "nei"}, "navngir ingen kolonne"),
        ({"kolonne.Timer": "timer_per_uke"}, "Filen har ingen overskrift"),
    ],
)
def test_a_heading_that_is_not_so_is_refused(told, said, client):
    answer = sent(client, USERS.encode(), ramme=FRAME, **told)
    assert answer.status_code == 400
    assert said in answer.text
