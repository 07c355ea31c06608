"""The pages of questions: a form made of what each declares, the answer of its command, faults at their fields."""

import io
import re

import pytest
from axe_playwright_python.sync_playwright import Axe

from openfisca_bergen_hbt.report import questions
from openfisca_bergen_hbt.verify.option_files import reads_of
from openfisca_bergen_hbt.web.api.questions import body_of
from openfisca_bergen_hbt.web.app import create_app
from openfisca_bergen_hbt.web.page.fields import FOR_PROGRAMS
from openfisca_bergen_hbt.web.page.questions import PLACES
from openfisca_bergen_hbt.web.settings import Settings
from tests.chromium import WCAG
from tests.commands import run
from tests.web.test_page_of_analysts import USERS, address, text, visit  # noqa: F401 (fixtures)

REWARDED = "/sporsmaal/incentives?spoer=1&year=2019"
REFUSED = "/sporsmaal/solve?spoer=1&year=19&parameter=reserve.andel&until=x"


@pytest.fixture(scope="module")
def client():
    return create_app(Settings(access_log=False)).test_client()


@pytest.mark.parametrize("name", [name for name in questions.names() if name not in PLACES])
def test_every_question_has_a_form_with_all_that_it_declares(name, client):
    page = client.get(f"/sporsmaal/{name}").text
    question = questions.question(name)
    declared = set(body_of(question).__struct_encode_fields__) - {*FOR_PROGRAMS}
    declared -= set() if question.public else {"public"}  # of those that can be published alone
    files = {"brukere", "enheter", "etater", "tillegg", "ramme", "ark", "behold"} if question.is_of_users else set()
    files |= {"ventet"} if "expected" in question.takes else set()
    files |= {f"fil.{option}" for option in reads_of(question)}
    fields = set(re.findall(r'<(?:input|select|textarea)[^>]* name="([^"]+)"', page)) - {"spoer"}
    assert fields == declared | files
    assert f'href="/sporsmaal/{name}"' in client.get("/sporsmaal").text


@pytest.mark.parametrize(
    ("query", "field", "said"),
    [
        ("solve?spoer=1&until=x", "parameter", "Fyll ut dette feltet."),
        ("solve?spoer=1&parameter=reserve.andel&until=x", "until", "x"),
        ("solve?spoer=1&parameter=reserve.andel&until=x&between=0+7,575", "between", "to måter"),
        ("incentives?spoer=1&year=to", "year", "Skriv et helt tall."),
        ("incentives?spoer=1&year=2016", "year", "2017"),
        ("incentives?spoer=1&regulation=nei", "regulation", "nei"),
        ("compare?spoer=1&changes=reserve.andel%3D400+%25", "changes", "400"),
        ("compare?spoer=1&max_loss=mye", "max_loss", "mye"),
        ("fit?spoer=1&allocations=Bergenhus", "allocations", "semikolon"),
        ("outlook?spoer=1&inhabitants=67-79;2019", "inhabitants", "med semikolon imellom"),
        ("outlook?spoer=1&inhabitants=80-;2019;5%0A80-;2019;6", "inhabitants", "står to ganger for 2019"),
        ("forecast?spoer=1&accounts=Bergenhus;2019-01;mye", "accounts", "Skriv et helt tall."),
    ],
)
def test_what_is_wrong_is_said_at_its_field(query, field, said, client):
    answer = client.get(f"/sporsmaal/{query}")
    assert answer.status_code == 400
    assert said in re.search(rf'<p class="fault" id="feil-{field}">(.*?)</p>', answer.text)[1]
    assert 'class="answer"' not in answer.text


@pytest.mark.parametrize(
    "query",
    ["nei", "solve.exe?spoer=1", "incentives.nei.png?spoer=1", "log?spoer=1&nei=1", "compare?spoer=1&frames=2019;1"],
)
def test_what_there_is_not_is_refused(query, client):
    assert client.get(f"/sporsmaal/{query}").status_code in (400, 404)


@pytest.mark.parametrize("language", ["nb", "en"])
@pytest.mark.parametrize("name", [name for name in questions.names() if name not in PLACES])
def test_a_form_speaks_of_fields_and_not_of_options(name, language, client):
    page = client.get(f"/sporsmaal/{name}?lang={language}").text
    assert f"<code>bergen-hbt {name}</code>" in page  # and of the command that answers the same
    assert re.findall(r"--[a-z-]+", re.sub(r"<style.*?</style>", "", page, flags=re.DOTALL)) == []


def test_a_part_of_an_answer_is_not_taken_for_a_part_of_the_page(client):
    """A part of the answer was called as a part of the front page, and was squeezed into columns of a letter each."""
    styled = set(re.findall(r"#([a-z-]+)", client.get("/fil/page.css").text))
    parts = set()
    for asked in ("sensitivity?spoer=1&samples=4", "compare?spoer=1&samples=4", "causes?spoer=1", "incentives?spoer=1"):
        page = client.get(f"/sporsmaal/{asked}").text
        ids = re.findall(r' id="([^"]+)"', page)
        assert len(ids) == len(set(ids))
        parts |= set(re.findall(r'<section[^>]* id="([^"]+)"', page))
    assert "spenn" in parts
    assert parts & styled == set()


def test_facts_without_headings_have_no_empty_head_and_dates_are_in_the_language(client):
    page = client.get("/sporsmaal/show?spoer=1&what=2019-06-01%0Areserve.andel&lang=en").text
    assert "<thead>" not in page
    assert "reserve.andel as it holds 1 Jun 2019" in page
    norwegian = client.get("/sporsmaal/show?spoer=1&what=2019-06-01%0Areserve.andel").text
    assert "reserve.andel slik det gjelder 1.6.2019" in norwegian


def test_the_answer_is_taken_home_and_runs_again(client, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "ut.html").write_bytes(client.get("/sporsmaal/causes.html?spoer=1&from=2018&to=2019").data)
    assert run("verify", "ut.html").exit_code == 0
    assert client.get("/sporsmaal/causes.growth.png?spoer=1").data.startswith(b"\x89PNG")
    growth = client.get("/sporsmaal/causes.growth.csv?spoer=1").data.decode("utf-8-sig")
    assert growth.splitlines()[0].startswith("Besøk fra;Målt i;Vekst i alt")


def test_users_of_ones_own_are_asked_about(client):
    def sent(content):
        files = {
            "brukere": (io.BytesIO(content.encode()), "brukere.csv"),
            "spoer": "1",
            "year": "2019",
            "ramme": "bergen",
        }
        return client.post("/sporsmaal/check-data", data=files, content_type="multipart/form-data")

    answer = sent(USERS)
    assert answer.status_code == 200
    assert "brukere i 3 enheter" in answer.text
    refused = sent(USERS + "D;Sør;mange\n")
    assert refused.status_code == 400
    assert "brukere.csv" in re.search(r'<div class="faults".*?</div>', refused.text, re.DOTALL)[0]
    assert "timer_per_uke" in refused.text


@pytest.mark.parametrize("path", [REFUSED, REWARDED])
def test_anyone_can_use_them_at_any_width(path, visit, tmp_path):  # noqa: F811
    page = visit(path)
    for width in (375, 1280, 2560):
        page.set_viewport_size({"width": width, "height": 800})
        page.screenshot(path=tmp_path / f"{width}.png")  # kept where this fails
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    found = Axe().run(page, options=WCAG)
    assert [(v["id"], v["nodes"][0]["html"][:120]) for v in found.response["violations"]] == []


def test_with_the_keyboard_alone_and_without_scripts(visit):  # noqa: F811
    page = visit("/", java_script_enabled=False)
    page.get_by_role("link", name="Flere spørsmål").press("Enter")
    page.locator("a[href$='/sporsmaal/causes']").press("Enter")
    field = page.locator("[name=from]")
    field.press("End")
    field.press("Backspace")
    field.press("8")
    field.press("Enter")
    page.locator("h2", has_text="Svaret").wait_for()
    assert "2018 til 2019" in text(page, ".answer")
    page.locator("figure .wide .told").first.focus()
    assert page.locator("figure .wide .told .says").first.is_visible()


def test_amounts_by_name_and_year_stand_on_lines(client):
    """Of 50 and 250 users per 1 000 of 1 000 and 500: 175 before; of 1 200 and 650: 222.5, or 27,1 % more."""
    lines = "67-79;2019;1000\n67-79;2029;1200\n80-;2019;500\n80-;2029;650"
    query = {"spoer": "1", "inhabitants": lines, "rate": "67-79=50\n80-=250", "year": "2019", "population": "publisert"}
    answer = client.get("/sporsmaal/outlook", query_string=query)
    assert answer.status_code == 200
    assert "timene med +27,1 %" in answer.text.replace("\N{NO-BREAK SPACE}", " ")


def test_a_forecast_of_own_users_takes_the_months_that_they_have(client):
    """No year is sent: it is the one that programs get, too."""
    rows = "".join(f"b{user};A;2019-{month:02};20\n" for user in range(9) for month in (1, 2, 3))
    users = io.BytesIO(f"bruker;enhet;maaned;vurdert_timer_per_uke\n{rows}".encode())
    form = {"spoer": "1", "ramme": "90000000", "method": "held", "brukere": (users, "brukere.csv")}
    answer = client.post("/sporsmaal/forecast", data=form)
    assert answer.status_code == 200, answer.text
    assert "Kjent til og med mars 2019" in answer.text


def test_a_decimal_mark_that_is_none_is_refused(client):
    users = io.BytesIO(b"enhet;vurdert_timer_per_uke\nA;1,5\n")
    form = {"spoer": "1", "year": "2019", "ramme": "90000000", "desimal": "x", "brukere": (users, "brukere.csv")}
    answer = client.post("/sporsmaal/compare", data=form)
    assert answer.status_code == 400
    assert "«x» er ikke et desimaltegn" in answer.text


def test_scenarios_have_a_place_of_their_own_where_a_file_goes_in(visit):  # noqa: F811
    page = visit("/sporsmaal?lang=en")
    page.get_by_role("link", name=re.compile("named scenarios")).click()
    page.wait_for_url("**/scenarioer?lang=en")
    assert page.get_by_label("Open a scenario file (YAML)").is_visible()


def test_what_was_asked_of_its_form_leads_there_too():
    client = create_app(Settings(access_log=False)).test_client()
    for asked in ("scenarios", "scenarios?spoer=1&scenarios=A", "scenarios.xlsx?spoer=1"):
        answer = client.get(f"/sporsmaal/{asked}")
        assert (answer.status_code, answer.headers["Location"]) == (303, "/scenarioer")
