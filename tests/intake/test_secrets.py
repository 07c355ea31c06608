"""No cell of a file is ever repeated, whatever is wrong with it: only names of units and headings are.

An unclosed quotation mark in a column that nobody uses had a library print a name and an identity number.
"""

import csv
import io

import polars
import pytest

from openfisca_bergen_hbt.web.app import create_app
from tests.commands import run
from tests.intake.workbooks import ods, xlsx

SECRETS = ("Solveig Dulgsdatter", "Dulgsdatter", "17054012345", "170540", "17.05.1940", "Dulgveien 17b", "s")
HEADINGS = {
    "brukere": [
        *("bruker", "enhet", "maaned", "timer_per_uke", "vurdert_timer_per_uke", "besoek_per_uke"),
        *("normtid_minutter_per_besoek", "navn"),
    ],
    "enheter": [
        *("enhet", "kjoeretid_per_uke", "etatsdirektoer_omfordeling", "tjenesteomraade", "deltar_i_teamutproeving"),
        "navn",
    ],
    "etater": ["etat", "aar", "budsjettramme", "tillitsreform_styrking", "navn"],
}
GOOD = {
    "brukere": ["u1", "Arna", "2019-01", "1,5", "1,5", "2", "27", "-"],
    "enheter": ["Arna", "1", "0", "andre", "ja", "-"],
    "etater": ["etat", "2019", "1000", "0", "-"],
}
NAMES = ("enhet", "etat")


def rows_with(secret, file):
    """Return rows of a file in each of which one cell holds a secret, after one where none does."""
    rows = [HEADINGS[file], GOOD[file]]
    for place, heading in enumerate(HEADINGS[file]):
        if heading not in NAMES:
            rows.append([*GOOD[file][:place], secret, *GOOD[file][place + 1 :]])
    return rows


def in_csv(rows):
    text = io.StringIO()
    csv.writer(text, delimiter=";").writerows(rows)
    return text.getvalue().encode()


def in_parquet(rows):
    file = io.BytesIO()
    polars.DataFrame(rows[1:], schema=rows[0], orient="row").write_parquet(file)
    return file.getvalue()


def broken(secret):
    """Yield files of users that are broken in themselves, with a secret in them."""
    good = "enhet;timer_per_uke;navn\nArna;1,5;-\n"
    yield (good + f'Arna;2;"{secret}\n').encode()
    yield (good + f'Arna;2;"{secret}\nArna;2;x\nArna;3;{secret}"\n').encode()
    yield (good + f'Arna;2;{secret} "x" {secret}\n').encode()
    yield (good + f"Arna;2;{secret};{secret}\n").encode()
    yield (good + f"Arna;2;{secret}\n").encode("utf-16")[:-1]
    yield (good + f"Arna;2;{secret} ø\n").encode() + "Åsane;2;ø\n".encode("cp1252")
    yield f"{secret};1,5\n{secret};2\n".encode()  # no headings
    yield in_parquet([["enhet", "timer_per_uke"], ["A", secret]])[:-9]
    yield f'{{"navn": "{secret}"}}'.encode()
    yield f"<html><table><tr><td>{secret}</td></tr></table></html>".encode()
    yield (good + f"Arna;2;{secret * 3000}\n").encode()
    error = f'<c t="e"><v>{secret}</v></c>'
    yield xlsx(("enhet", "timer_per_uke", "navn"), ("A", error, secret), ("A", f'<c t="n"><v>{secret}</v></c>'))
    yield xlsx(("enhet", "timer_per_uke"), ("A", f'<c t="s"><v>{secret}</v></c>'))
    cell = f'<table:table-cell office:value-type="float" office:value="{secret}"/>'
    yield ods(("enhet", "timer_per_uke"), ("A", cell))


def files_with(secret):
    """Yield what to give for users, units and agencies."""
    for made in (in_csv, in_parquet, lambda rows: xlsx(*rows), lambda rows: ods(*rows)):
        users = made([HEADINGS["brukere"], GOOD["brukere"]])
        yield {"brukere": made(rows_with(secret, "brukere"))}
        yield {"brukere": users, "enheter": made(rows_with(secret, "enheter"))}
        yield {"brukere": users, "etater": made(rows_with(secret, "etater"))}
    for content in broken(secret):
        yield {"brukere": content}


@pytest.fixture(scope="module")
def page():
    return create_app().test_client()


@pytest.mark.parametrize("secret", SECRETS[:-1])
def test_no_secret_is_repeated(secret, page, tmp_path, caplog):
    for number, files in enumerate(files_with(secret)):
        options = {"brukere": "--data", "enheter": "--units", "etater": "--agency"}
        arguments = ["compare"]
        for name, content in files.items():
            path = tmp_path / f"{name}{number}.csv"
            path.write_bytes(content)
            arguments += [options[name], str(path)]
        said = run(*arguments)
        told = said.stdout + said.stderr
        assert said.exit_code == 2, (number, told)
        sent = {name: (io.BytesIO(content), f"{name}.csv") for name, content in files.items()}
        answer = page.post("/", data=sent, content_type="multipart/form-data")
        assert answer.status_code in (400, 413), number
        for text in (told, answer.text, caplog.text):
            assert secret not in text, (number, text)
            assert secret[:6] not in text, (number, text)
