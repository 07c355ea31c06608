"""The analyst's page in Chromium: the whole way of an analyst, with and without scripts, on every screen."""

import json
import zipfile
from pathlib import Path

import openpyxl
import polars
import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.chromium import WCAG
from tests.commands import as_json, rows, run
from tests.intake.workbooks import xlsx
from tests.web.serving import served

SIZES = {"usual": (1280, 800), "narrow": (375, 812)}
USERS = "enhet;byomraade;timer_per_uke\n" + "A;Nord;5\n" * 9 + "B;Nord;20\n" * 8 + "C;Sør;90\n" * 7


@pytest.fixture(scope="module")
def address():
    with served(4) as found:
        yield found


@pytest.fixture
def visit(browser, address):
    """Return how to open the page: at an address, on a screen, with or without scripts."""
    contexts = []

    def opened(path="/", size="usual", **options):
        width, height = SIZES[size]
        context = browser.new_context(viewport={"width": width, "height": height}, locale="nb-NO", **options)
        contexts.append(context)
        page = context.new_page()
        page.noted = []
        page.on("console", lambda message: page.noted.append(message.text))
        page.on("pageerror", lambda error: page.noted.append(str(error)))
        page.on(
            "request",
            lambda asked: (
                None if asked.url.startswith(address) or asked.url.startswith("data:") else page.noted.append(asked.url)
            ),
        )
        page.goto(address + path)
        return page

    yield opened
    for context in contexts:
        context.close()


def text(page, place="#resultat"):
    return page.inner_text(place).replace("\N{NO-BREAK SPACE}", " ")


def table(page, caption):
    """Return a table as rows of texts, by the first cell."""
    found = page.locator("table", has=page.locator("caption", has_text=caption)).first
    rows = [row.locator("th, td").all_inner_texts() for row in found.locator("tbody tr").all()]
    return {row[0]: [cell.replace("\N{NO-BREAK SPACE}", " ") for cell in row[1:]] for row in rows}


def updated(page, act):
    """Do something, and wait until the results are there."""
    with page.expect_response(lambda answer: answer.request.headers.get("x-del") == "1") as answer:
        act()
    page.locator("#resultat:not([aria-busy])").wait_for()
    return answer.value


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/?tall.reserve.andel=4+%&lesning=lesning_t22_27_minutter",
        "/?regelverk=vedtak_2017_10_normtid_avviklet",
        "/?aar=2017&til=2022",
        "/?tall.reserve.andel=3&dato=2016",
        "/forklar?hvem=Bergenhus",
        "/forklar?hvem=Oslo",
        "/finnes-ikke",
    ],
)
def test_anyone_can_use_it(path, scheme, visit):
    page = visit(path, color_scheme=scheme)
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    found = Axe().run(page, options=WCAG)
    assert [(v["id"], v["nodes"][0]["html"][:120]) for v in found.response["violations"]] == []
    of_the_status = "Failed to load resource: the server responded with a status of 40"
    assert [note for note in page.noted if not note.startswith(of_the_status)] == []  # nothing else, from nowhere else


def test_it_shows_what_the_command_shows(visit):
    page = visit("/")
    shown = text(page)
    for figure in ("1 087 471 161 kr", "51 784 341 kr", "20 713 740 kr", "T-12"):
        assert figure in shown
    page.get_by_text("Det tallene hviler på").click()
    page.locator("#grunnlag .all-columns").last.check()
    assert "kategorimodell.vekt.kategori_2" in text(page)
    assert "None" not in shown
    assert "yntetisk" in text(page, "#resultat section >> nth=0")
    content = as_json("compare", "--regulation", "grunnregelverk", "--regulation", "vedtak_2021_06_statusrapport")
    given = {
        (row["regulation"], row["id"]): row["value"]
        for row in rows(content)
        if row["variable"] == "enhet_samlet_tildeling" and row["level"] == "byomraade"
    }
    areas = table(page, "Samlet tildeling etter byområde")
    for (regulation, name), value in given.items():
        column = 2 if regulation == "grunnregelverk" else 3
        assert areas[name][column].partition("\n")[0].replace(" ", "") == str(value)  # its band may stand below it


def test_the_whole_way_of_an_analyst(visit, address):
    page = visit("/")
    before = table(page, "Samlet tildeling etter byområde")["Bergenhus"]
    # another regulation instead of the last
    updated(page, lambda: page.get_by_label("2021-06").uncheck())
    updated(page, lambda: page.get_by_label("2018-01").check())
    assert "Kategorimodellen innføres (2019)" in text(page)
    # a number of her own, with a comma
    page.get_by_text("Etatsdirektørens reserve", exact=True).click()
    field = page.get_by_role("textbox", name="Andel av disponibel ramme som holdes av sentralt")
    field.fill("0,04")
    answer = updated(page, lambda: field.press("Tab"))
    assert answer.status == 200
    assert "etatsdirektøren: 2 % → 4 % (2019)" in text(page)
    after = table(page, "Samlet tildeling etter byområde")["Bergenhus"]
    assert after != before
    # the address holds it all: a colleague sees the same
    here = page.url
    assert "tall.reserve.andel=0%2C04" in here
    colleague = visit(here.removeprefix(address))
    for one in (page, colleague):
        one.locator("#om-spenn", has_text="Under tallene som trekkene flytter").wait_for(timeout=60_000)
    said = "() => [...document.querySelectorAll('#resultat :is(p, dl, li, table)')].map((one) => one.innerText)"
    assert colleague.evaluate(said) == page.evaluate(said)
    assert colleague.locator("#tall\\.reserve\\.andel").input_value() == "0,04"
    # back and forward
    page.go_back()
    page.get_by_text("Kategorimodellen innføres (2019)").wait_for()
    assert "Egne tall" not in text(page)
    page.go_forward()
    page.get_by_text("Egne tall: andel = 4 %").locator("visible=true").first.wait_for()
    # why
    page.locator("#resultat table a", has_text="Bergenhus").first.click()
    page.wait_for_url("**/forklar?*")
    assert "reserve.andel" in page.inner_text("main")
    assert page.noted == []


def test_downloads_are_those_of_the_choice(visit, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    page = visit("/?tall.reserve.andel=0.04")
    for name, link, ending in (
        ("rapport.xlsx", "Excel", ".xlsx"),
        ("rapport.html", "Rapport", ".html"),
        ("forslag.yaml", "Forslaget", "-forslag.yaml"),
        ("kjoering.json", "Protokoll", "-protokoll.json"),
    ):
        with page.expect_download() as download:
            page.locator(".downloads a", has_text=link).click()
        assert download.value.suggested_filename == f"statusrapport-egne-tall-2019{ending}"
        download.value.save_as(tmp_path / name)
    for name in ("rapport.html", "rapport.xlsx", "kjoering.json"):
        assert run("verify", name).exit_code == 0
    assert openpyxl.load_workbook("rapport.xlsx").sheetnames
    command = as_json(
        "compare",
        "--proposal",
        "forslag.yaml",
        "--regulation",
        "grunnregelverk",
        "--regulation",
        "vedtak_2021_06_statusrapport",
    )
    kept = json.loads(Path("kjoering.json").read_text(encoding="utf-8"))["result"]["kroner"]["egne-tall"]
    from_command = {
        row["id"]: row["value"]
        for row in rows(command)
        if row["regulation"] == "forslag" and row["level"] == "enhet" and row["variable"] == "enhet_samlet_tildeling"
    }
    assert {name: kept[name]["enhet_samlet_tildeling"] for name in from_command} == from_command


def test_the_workbook_to_fill_in_is_one_click_away(visit, tmp_path):
    page = visit()
    page.locator(".controls").evaluate("one => { one.open = true }")
    with page.expect_download() as started:
        page.get_by_role("link", name="Mal å fylle ut").click()
    started.value.save_as(tmp_path / "mal.xlsx")
    assert started.value.suggested_filename == "mal.xlsx"
    assert openpyxl.load_workbook(tmp_path / "mal.xlsx").sheetnames == ["brukere", "enheter"]


def test_without_scripts(visit):
    page = visit("/", java_script_enabled=False)
    page.get_by_label("2021-06").uncheck()
    page.get_by_label("2017-10").check()
    with page.expect_navigation():
        page.get_by_role("button", name="Regn ut", exact=True).click()
    assert "regelverk=vedtak_2017_10_normtid_avviklet" in page.url
    assert "«Normtid avviklet» deler ut" in text(page)


@pytest.mark.parametrize("scripts", [True, False])
def test_her_own_file(scripts, visit, tmp_path):
    (tmp_path / "brukere.csv").write_text(USERS, encoding="utf-8")
    page = visit("/", java_script_enabled=scripts)
    page.get_by_label("Ramme i hele kroner").fill("30 000 000")
    if scripts:
        updated(page, lambda: page.get_by_label("Brukere", exact=True).set_input_files(tmp_path / "brukere.csv"))
    else:
        page.get_by_label("Brukere", exact=True).set_input_files(tmp_path / "brukere.csv")
        with page.expect_navigation():
            page.get_by_role("button", name="Regn ut på egne data").click()
    areas = table(page, "Samlet tildeling etter byområde")
    assert list(areas) == ["Nord", "Sør", "Sum"]
    assert areas["Sum"][0] == "24"
    assert "yntetisk" not in text(page, "#resultat section >> nth=0")  # of the first section, in words
    assert "Bergenhus" not in text(page)
    assert page.noted == []


def test_her_units_and_agencies(visit, tmp_path):
    users = USERS.replace("enhet;", "etat;enhet;", 1).replace("\nA;", "\nNord;A;").replace("\nB;", "\nNord;B;")
    (tmp_path / "brukere.csv").write_text(users.replace("\nC;", "\nSør;C;"), encoding="utf-8")
    (tmp_path / "enheter.csv").write_text("enhet;kjøretid per uke\nA;10\nB;0\nC;0\n", encoding="utf-8")
    (tmp_path / "etater.csv").write_text(
        "etat;aar;budsjettramme;styrking\nNord;2019;20000000;14000000\nSør;2019;9000000;0\n".replace(
            "styrking", "tillitsreform_styrking"
        ),
        encoding="utf-8",
    )
    page = visit("/")
    for name in ("enheter", "etater", "brukere"):
        updated(page, lambda: page.locator(f"#{name}").set_input_files(tmp_path / f"{name}.csv"))  # noqa: B023 (done at once)
    units = table(page, "Hver enhet etter")
    # 20 000 000 + 14 000 000 in Nord, 1 % of it for distance, and only A drives
    assert "340 000" in units["A"]


def test_errors_in_her_file_are_shown_by_row(visit, tmp_path):
    (tmp_path / "brukere.csv").write_text(
        USERS.replace("A;Nord;5\n", "A;Nord;mye\n", 2).replace("C;Sør;90", "C;Sør;900", 1), encoding="utf-8"
    )
    page = visit("/")
    answer = updated(page, lambda: page.get_by_label("Brukere", exact=True).set_input_files(tmp_path / "brukere.csv"))
    assert answer.status == 400
    shown = page.inner_text("[role=alert]")
    assert "brukere.csv, rad 2, kolonne timer_per_uke: «(3 tegn)» er ikke et tall" in shown
    assert "rad 3" in shown
    assert "rad 19" in shown
    (tmp_path / "bilde.csv").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)))
    updated(page, lambda: page.get_by_label("Brukere", exact=True).set_input_files(tmp_path / "bilde.csv"))
    assert "bilde.csv" in page.inner_text("[role=alert]")


def test_she_chooses_the_sheet_and_keeps_a_unit_that_looks_like_a_sum(visit):
    sheet = (("enhet", "timer_per_uke"), ("Sum", 5), ("Arna", 10))
    book = xlsx(sheets={"2018": ("visible", sheet), "2019": ("visible", sheet)})
    page = visit("/")
    for fields, status, message in (
        ({}, 400, "flere ark har kolonnene: 2018, 2019"),
        ({"ark": "2019"}, 400, "ser ut som en rad med summer eller en merknad"),
        (
            {"ark": "2019", "behold": "Sum; Totalt", "ramme": "1000000"},
            200,
            "Egne data (arket «2019»): brukere i 2 enheter",
        ),
    ):
        file = {"name": "brukere.xlsx", "mimeType": "application/octet-stream", "buffer": book}
        answer = page.request.post(page.url, multipart={"brukere": file, **fields})
        assert answer.status == status
        assert message in answer.text()


def test_a_file_that_unfolds_without_end_is_refused(visit, tmp_path):
    with zipfile.ZipFile(tmp_path / "bombe.xlsx", "w", zipfile.ZIP_DEFLATED) as book:
        for number in range(5):
            book.writestr(f"xl/{number}.xml", b"0" * (100 * 2**20))
    polars.DataFrame({"timer_per_uke": polars.zeros(3_000_000, eager=True)}).write_parquet(tmp_path / "bombe.parquet")
    page = visit("/")
    for name in ("bombe.xlsx", "bombe.parquet"):
        file = {"name": name, "mimeType": "application/octet-stream", "buffer": (tmp_path / name).read_bytes()}
        answer = page.request.post(page.url, multipart={"brukere": file})
        assert answer.status == 400
        assert "folder seg ut til mer enn serveren tar imot" in answer.text()


def test_downloads_of_her_own_file(visit, tmp_path):
    (tmp_path / "brukere.csv").write_text(USERS, encoding="utf-8")
    page = visit("/")
    page.get_by_label("Ramme i hele kroner").fill("30000000")
    updated(page, lambda: page.get_by_label("Brukere", exact=True).set_input_files(tmp_path / "brukere.csv"))
    with page.expect_download() as download:
        page.locator(".downloads button", has_text="Protokoll").click()
    download.value.save_as(tmp_path / "kjoering.json")
    verified = run("verify", str(tmp_path / "kjoering.json"), "--data", str(tmp_path / "brukere.csv"))
    assert verified.exit_code == 0, verified.stdout + verified.stderr


@pytest.mark.parametrize(
    ("path", "status", "message"),
    [
        ("/?aar=nå", 400, "Året er et helt tall fra 2017 til 2100."),
        ("/?aar=2025", 400, "Den innebygde befolkningen har årene 2017, 2018, 2019, 2020, 2021, 2022."),
        ("/?eksempel=bergen", 400, "Det er ikke noe eksempel «bergen»."),
        ("/?regelverk=modellen", 400, "Det finnes ikke noe regelverk «modellen»"),
        ("/?dato=2016-01", 400, "er før 2017-01-01"),
        ("/?tall.reserve.andel=mye", 400, "«mye» er ikke et tall."),
        ("/?tall.reserve.andel=3", 400, "«3» er utenfor det tallet kan være: fra 0 % til 100 %."),
        ("/?tall.reserve=3", 400, "Det er ikke noe tall «reserve»."),
        ("/?tall.kategorimodell.nedre_grense.kategori_2=9", 400, "de nedre grensene må stige"),
        ("/?tall.reserve.andel=%00", 400, "er ikke et tall"),
        ("/?regelverk=%3Cscript%3Ealert(1)%3C/script%3E", 400, "Det finnes ikke noe regelverk «<script>alert(1)<"),
        ("/forklar?hvem=Oslo", 404, "Det er ikke noe «Oslo» å forklare. Disse finnes: Arna Åsane"),
        ("/forklar?hvem=Bergenhus&variabel=timer_per_uke", 404, "gjelder enkeltbrukere, som aldri vises"),
        ("/forklar?hvem=Bergenhus&under=modellen", 404, "Det er ikke noe regelverk «modellen»"),
        ("/last-ned/forslag.yaml", 400, "Ingen tall er endret"),
        ("/last-ned/alt.zip", 404, "Det er ingen fil «alt.zip»"),
        ("/diagram/alt.svg", 404, "Det er ikke noe diagram «alt.svg»"),
        ("/fil/..%2Fapp.py", 404, ""),
    ],
)
def test_odd_addresses(path, status, message, visit):
    page = visit("/")
    answer = page.request.get(page.url.rstrip("/") + path)
    assert answer.status == status
    content = (
        answer.text().replace("&#39;", "'").replace("&lt;", "<").replace("&gt;", ">").replace("\N{NO-BREAK SPACE}", " ")
    )
    assert message in content
    assert "<script>alert" not in answer.text()
    assert "Traceback" not in content


def test_files_are_never_written_to_the_disk(visit, monkeypatch, tmp_path):
    def refused(*_arguments, **_named):
        raise AssertionError("a file was written")

    monkeypatch.setattr("tempfile.SpooledTemporaryFile", refused)
    monkeypatch.setattr("tempfile.TemporaryFile", refused)
    (tmp_path / "brukere.csv").write_text("enhet;timer_per_uke\n" + "A;5\n" * 250_000, encoding="utf-8")  # a megabyte
    page = visit("/")
    page.get_by_label("Ramme i hele kroner").fill("30000000")
    answer = updated(page, lambda: page.get_by_label("Brukere", exact=True).set_input_files(tmp_path / "brukere.csv"))
    assert answer.status == 200
    assert "250 000" in text(page)


def test_a_slider_moves_a_number_within_its_range(visit):
    page = visit("/")
    page.get_by_text("Etatsdirektørens reserve", exact=True).click()
    slider = page.locator(".number-field", has_text="holdes av sentralt").locator("input[type=range]")
    slider.focus()
    answer = updated(page, lambda: slider.press("End"))
    assert answer.status == 200
    assert page.locator("#tall\\.reserve\\.andel").input_value() == "5 %"
    assert slider.get_attribute("aria-valuetext") == "5 %, fra 0 % til 5 %"
    assert "Egne tall: andel = 5 %" in text(page)
    assert "Utenfor spennet" in page.request.get(page.url.replace("5+%25", "6+%25")).text()


def test_it_prints(visit):
    page = visit("/")
    page.emulate_media(media="print")
    assert page.locator("#valg").is_hidden()
    assert page.pdf().startswith(b"%PDF")


def test_the_specification_to_read(visit):
    page = visit("/docs")
    page.wait_for_selector(".swagger-ui .opblock", timeout=20_000)
    assert page.locator(".opblock").count() >= 12
    assert page.noted == []


def test_a_reading_is_chosen_and_stands_in_the_title(visit):
    page = visit("/?regelverk=vedtak_2018_01_kategorimodell&lesning=lesning_t05_reserven_deles_ut")
    assert page.locator("input[value=lesning_t05_reserven_deles_ut]").is_checked()
    assert "lest «Reserven deles ut»" in page.inner_text("#resultat")
    page = visit("/?lesning=lesning_t22_fana_besoek&lesning=lesning_t22_27_minutter")
    assert "utelukker hverandre" in page.inner_text("#feil-lesning")
