"""``verify`` compares all that a reader sees: whatever is changed in a file, it is found, and named with its place."""

import io
import json
import random
import re
import shutil
import subprocess
import zipfile

import msgspec
import openpyxl
import polars
import pytest

from openfisca_bergen_hbt.verify import in_hand, rerun
from tests.commands import run
from tests.fuzz import CASES

TEXTS = ("html", "md", "json", "csv", "txt")
USERS = "enhet;timer_per_uke\n" + "A;5\n" * 9 + "B;10\n" * 9 + "C;90\n" * 9


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("filer")
    for ending in (*TEXTS, "xlsx", "parquet"):
        made = run(
            "compare",
            "--regulation",
            "grunnregelverk",
            "--regulation",
            "2019-06",
            "--output",
            str(folder / f"ut.{ending}"),
        )
        assert made.exit_code == 0, made.stderr
    return folder


def once(make):
    """The same, but that a file of the same form and record is made once for all the edits that it is held against."""
    made = {}

    def made_once(form, record):
        asked = form, json.dumps(record)
        if asked not in made:
            made[asked] = make(form, record)
        return made[asked]

    return made_once


@pytest.fixture(scope="module")
def compared(folder):
    """What compares a file's content with the file made again, by its ending."""
    again = {}
    for file in folder.glob("ut.*"):
        if not file.name.endswith(".record.json"):
            recorded = rerun.record_in(file)
            made = rerun.ask_again(recorded, file, None, lambda _: lambda: None)
            again[file.suffix[1:]] = made._replace(make=once(made.make)), msgspec.to_builtins(recorded)

    def compare(ending, content):
        made, recorded = again[ending]
        changed = folder / f"endret.{ending}"
        changed.write_bytes(content)
        return rerun.of_file(changed, made, recorded, [])

    return compare


@pytest.mark.parametrize("ending", [*TEXTS, "xlsx", "parquet"])
def test_a_file_as_it_was_written_is_the_same(ending, folder, compared):
    assert compared(ending, (folder / f"ut.{ending}").read_bytes()) == []
    result = run("verify", str(folder / f"ut.{ending}"))
    assert result.exit_code == 0, result.stdout
    assert len(result.stdout.splitlines()) == 1


def another_digit(text, number, chance):
    place = number.start() + chance.randrange(len(number[0]))
    digit = str((int(text[place]) + chance.randint(1, 9)) % 10)
    return text[:place] + digit + text[place + 1 :]


@pytest.mark.fuzz
@pytest.mark.parametrize("ending", TEXTS)
def test_any_digit_that_is_changed_is_found(ending, folder, compared):
    chance = random.Random(ending)  # noqa: S311 (a case, no secret)
    text = (folder / f"ut.{ending}").read_text(encoding="utf-8")
    numbers = list(re.finditer(r"[0-9]+", text))
    for _ in range(CASES // len(TEXTS)):
        changed = another_digit(text, chance.choice(numbers), chance)
        (found, *_) = compared(ending, changed.encode())
        line = next(
            n for n, both in enumerate(zip(text.split("\n"), changed.split("\n"), strict=True), 1) if both[0] != both[1]
        )
        assert found.kind == "file"
        assert found.text.startswith(f"line {line}: ")


def with_part(content, name, change):
    """A workbook in which a part is another."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w") as new:
        for part in old.namelist():
            held = old.read(part)
            new.writestr(part, change(held.decode()).encode() if part == name else held)
    return made.getvalue()


@pytest.mark.fuzz
def test_any_number_of_a_workbook_that_is_changed_is_found_with_its_cell(folder, compared):
    chance = random.Random("xlsx")  # noqa: S311
    content = (folder / "ut.xlsx").read_bytes()
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        sheets = {part: book.read(part).decode() for part in book.namelist() if "worksheets/sheet" in part}
    cells = [
        (part, place, number)
        for part, text in sheets.items()
        for place, number in re.findall(r'<c r="([A-Z]+[0-9]+)"(?: s="[0-9]+")?><v>([0-9.]+)</v>', text)
    ]
    for _ in range(CASES // 10):
        part, place, number = chance.choice(cells)
        other = repr(float(number) * 1.5 + 1)
        at = re.compile(rf'(<c r="{place}"(?: s="[0-9]+")?><v>){re.escape(number)}<')
        (found,) = compared(
            "xlsx", with_part(content, part, lambda text, at=at, other=other: at.sub(rf"\g<1>{other}<", text))
        )
        assert f"!{place}: '" in found.text


def changed_by_hand(content, change):
    book = openpyxl.load_workbook(io.BytesIO(content))
    change(book)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def added_sheet(book):
    book.create_sheet("Ekstra").append(["Rammen holder"])


def shown_sheet(book):
    book["run-record"].sheet_state = "visible"


def hidden_row(book):
    book[book.sheetnames[1]].row_dimensions[4].hidden = True


def another_text(book):
    book[book.sheetnames[0]]["A1"] = "Regnskapet 2019"


def formula(book):
    sheet = book[book.sheetnames[1]]
    place = next(cell.coordinate for row in sheet.iter_rows() for cell in row if isinstance(cell.value, int))
    sheet[place] = "=1+1"


def another_format(book):
    sheet = book[book.sheetnames[1]]
    cell = next(cell for row in sheet.iter_rows() for cell in row if isinstance(cell.value, int))
    cell.number_format = '"264 385 302"'


@pytest.mark.parametrize("change", [added_sheet, shown_sheet, hidden_row, another_text, formula, another_format])
def test_what_is_added_hidden_or_shown_otherwise_in_a_workbook_is_found(change, folder, compared):
    content = (folder / "ut.xlsx").read_bytes()
    untouched = {one.text for one in compared("xlsx", changed_by_hand(content, lambda _: None))}
    found = {one.text for one in compared("xlsx", changed_by_hand(content, change))} - untouched
    assert found


@pytest.mark.parametrize("part", ["xl/charts/chart1.xml", "xl/styles.xml", "docProps/core.xml"])
def test_a_chart_or_a_look_that_is_changed_is_found(part, folder, compared):
    content = (folder / "ut.xlsx").read_bytes()
    change = {
        "xl/charts/chart1.xml": lambda text: text.replace("millioner kroner", "tusen kroner"),
        "xl/styles.xml": lambda text: text.replace("FF03396C", "FFFFFFFF"),
        "docProps/core.xml": lambda text: text.replace("openfisca", "ekte"),
    }[part]
    assert compared("xlsx", with_part(content, part, change))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("</body>", "<script>alert(1)</script></body>"),
        ("</body>", "<p>Rammen holder.</p></body>"),
        ("</table>", "<tr><td>Fana</td><td>1</td></tr></table>"),
        ("<path ", '<path transform="scale(2)" '),
        ("display: none", "display: block"),
        ("\n", "\r\n"),
    ],
)
def test_elements_scripts_rows_and_pictures_that_are_put_into_a_page_are_found(old, new, folder, compared):
    text = (folder / "ut.html").read_bytes().decode()
    assert old in text or old == "display: none"
    assert compared("html", text.replace(old, new, 1).encode()) or old not in text


def test_a_record_that_is_changed_with_the_figures_is_found(folder):
    text = (folder / "ut.html").read_text(encoding="utf-8")
    amount = next(
        iter(json.loads(re.search(r'id="run-record">(.*?)</script>', text, re.DOTALL)[1])["result"]["kroner"].values())
    )
    given = amount["Bergenhus"]["enhet_samlet_tildeling"]
    spaced = f"{given:,}".replace(",", "\N{NO-BREAK SPACE}")
    assert spaced in text
    other = f"{given + 10**7:,}".replace(",", "\N{NO-BREAK SPACE}")
    changed = folder / "begge.html"
    changed.write_text(
        text.replace(spaced, other).replace(str(given), str(given + 10**7)), encoding="utf-8", newline=""
    )
    result = run("verify", str(changed))
    assert result.exit_code == 1
    assert "The file is not what the run writes:" in result.stdout
    assert f"{given + 10**7}" in result.stdout.replace(" ", "").replace("\N{NO-BREAK SPACE}", "")


def test_a_value_a_row_or_what_is_said_in_parquet(folder, compared):
    content = (folder / "ut.parquet").read_bytes()
    table, said = polars.read_parquet(io.BytesIO(content)), polars.read_parquet_metadata(io.BytesIO(content))
    said.pop("ARROW:schema", None)

    def written(table, said=said):
        file = io.BytesIO()
        table.write_parquet(file, metadata=said)
        return file.getvalue()

    other = table.with_columns(value=polars.when(polars.int_range(polars.len()) == 7).then(1.5).otherwise("value"))
    (found,) = compared("parquet", written(other))
    assert found.text.startswith("row 8, column value: '1.5' in the file")
    assert compared("parquet", written(table.head(9)))
    assert compared("parquet", written(table, {**said, "description": "Virkelige brukere"}))


def test_what_an_audit_wrote_is_the_same_and_what_is_changed_in_it_found(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "test.yaml").write_text(
        "- name: Kategori\n  period: 2019-01\n  input: {brukere: {a: {vurdert_timer_per_uke: 5}}, "
        "enheter: {e: {brukere: [a]}}, etater: {t: {brukere: [a]}}}\n  output: {loepende_kategori: [KATEGORI_2]}\n",
        encoding="utf-8",
    )
    for ending in ("html", "md", "json", "xml"):
        made = run("audit", "test.yaml", "--output", f"papir.{ending}")
        assert made.exit_code == 0, made.output
        again = run("verify", f"papir.{ending}")
        assert again.exit_code == 0, again.output
        file = tmp_path / f"papir.{ending}"
        file.write_text(file.read_text(encoding="utf-8").replace("Kategori", "Kategorien"), encoding="utf-8")
        assert run("verify", f"papir.{ending}").exit_code == 1


def test_own_data_and_csv_for_excel(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "brukere.csv").write_text(USERS, encoding="utf-8")
    own = ("--data", "brukere.csv", "--frame", "30000000")
    assert run("compare", *own, "--csv-for", "excel", "--output", "ut.csv").exit_code == 0
    assert run("verify", "ut.csv", "--data", "brukere.csv").exit_code == 0
    text = (tmp_path / "ut.csv").read_bytes()
    (tmp_path / "ut.csv").write_bytes(text.replace(b"30000000", b"30000001", 1))
    assert run("verify", "ut.csv", "--data", "brukere.csv").exit_code == 1


def test_what_the_run_was_made_with_is_written_for_pip(folder):
    made = run("verify", str(folder / "ut.html"), "--requirements", str(folder / "krav.txt"))
    assert made.exit_code == 0, made.stderr
    lines = (folder / "krav.txt").read_text(encoding="utf-8").splitlines()
    names = {line.partition("==")[0] for line in lines[1:]}
    assert {"openfisca-bergen-hbt", "openfisca-core", "numpy", "scipy", "polars", "xlsxwriter"} <= names
    assert all(re.fullmatch(r"[\w.-]+==[\w.+-]+", line) for line in lines[1:])
    assert run("verify", str(folder / "ut.html"), "--requirements", str(folder / "krav.txt")).exit_code == 2


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is installed in the nightly form of the gate")
def test_a_workbook_that_libreoffice_saved_again_is_the_same_and_a_changed_one_is_not(folder):
    (folder / "lagret").mkdir()
    for name in ("ut.xlsx", "falsk.xlsx"):
        if name == "falsk.xlsx":
            content = (folder / "ut.xlsx").read_bytes()
            part = "xl/worksheets/sheet2.xml"
            change = lambda text: re.sub(r"<v>([0-9]{8,})</v>", r"<v>9\1</v>", text, count=1)  # noqa: E731
            (folder / name).write_bytes(with_part(content, part, change))
        home = f"-env:UserInstallation=file://{folder}/hjem"
        convert = ["soffice", home, "--headless", "--convert-to", "xlsx", "--outdir", folder / "lagret", folder / name]
        subprocess.run(convert, check=True, capture_output=True, timeout=120)
    same, changed = (run("verify", str(folder / "lagret" / name)) for name in ("ut.xlsx", "falsk.xlsx"))
    assert same.exit_code == 0, same.stdout
    assert "Saved again by LibreOffice" in same.stderr
    assert changed.exit_code == 1


def test_a_record_alone_says_that_nothing_is_held_against_it(tmp_path):
    made = run("compare", "--record", str(tmp_path / "r.json"))
    assert made.exit_code == 0
    assert "a record alone" in run("verify", str(tmp_path / "r.json")).stderr
    assert in_hand.forms_of(tmp_path / "r.json", ["json"]) == []


@pytest.mark.parametrize(
    ("change", "place"),
    [
        (
            lambda held: held["result"]["kroner"]["grunnregelverk"]["Bergenhus"].update(enhet_samlet_tildeling=1),
            "kroner",
        ),
        (lambda held: held.update(figures=[1]), "$.figures"),
        (lambda held: held["regulations"][0].update(hash="0" * 64), "$.regulations.0.hash"),
        (lambda held: held.update(command="explain"), "$.command"),
    ],
)
def test_a_record_alone_is_compared_whole(change, place, folder):
    held = json.loads((folder / "ut.csv.record.json").read_text(encoding="utf-8"))
    (folder / "r.json").write_text(json.dumps(held), encoding="utf-8")  # written otherwise, it says the same
    assert run("verify", str(folder / "r.json")).exit_code == 0
    change(held)
    (folder / "r.json").write_text(json.dumps(held), encoding="utf-8")
    result = run("verify", str(folder / "r.json"))
    assert result.exit_code == 1
    assert place in result.stdout


def test_a_date_is_a_date_and_what_pip_is_told_are_packages(folder):
    text = (folder / "ut.html").read_text(encoding="utf-8")
    day = re.search(r'"date": "([0-9-]+)"', text)[1]
    (folder / "d.html").write_text(text.replace(day, f"{day} Godkjent av revisjonen"), encoding="utf-8")
    assert run("verify", str(folder / "d.html")).exit_code == 2
    held = json.loads((folder / "ut.csv.record.json").read_text(encoding="utf-8"))
    for name, number in (("numpy", "1.0\n--pre"), ("evil @ file:x", "1")):
        (folder / "r.json").write_text(json.dumps({**held, "software": {name: number}}), encoding="utf-8")
        refused = run("verify", str(folder / "r.json"), "--requirements", str(folder / "k.txt"))
        assert refused.exit_code == 2
        assert not (folder / "k.txt").exists()
    kept = (folder / "r.json").read_bytes()
    assert run("verify", str(folder / "r.json"), "--requirements", str(folder / "r.json"), "--force").exit_code == 2
    assert (folder / "r.json").read_bytes() == kept


@pytest.mark.parametrize("part", ["xl/theme/theme1.xml", "docProps/core.xml", "xl/drawings/drawing1.xml"])
def test_what_is_damaged_is_told_from_what_is_changed(part, folder, compared):
    content = bytearray((folder / "ut.xlsx").read_bytes())
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        start = book.getinfo(part).header_offset + 30 + len(part) + 8
    content[start : start + 16] = b"\0" * 16
    assert compared("xlsx", bytes(content))
    table = (folder / "ut.parquet").read_bytes()
    assert compared("parquet", table[:100] + b"\0" * 200 + table[300:])


def test_a_text_under_another_ending_is_the_same(tmp_path):
    file = tmp_path / "hvorfor.html"
    made = run("explain", "enhet_samlet_tildeling", "--id", "Bergenhus", "--output", str(file))
    assert made.exit_code == 0
    assert run("verify", str(file)).exit_code == 0
    file.write_text(file.read_text(encoding="utf-8").replace("2019", "2020", 1), encoding="utf-8")
    assert run("verify", str(file)).exit_code == 1


@pytest.mark.parametrize("content", ["5", "[" * 100_000, '"text"'])
def test_what_is_no_record(content, tmp_path):
    (tmp_path / "x.json").write_text(content, encoding="utf-8")
    assert run("verify", str(tmp_path / "x.json")).exit_code == 2
