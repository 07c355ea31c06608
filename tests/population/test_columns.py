"""Tables by whatever library made them: the same population, and what is missing is refused with its row."""

from decimal import Decimal

import numpy
import polars
import pytest

from openfisca_bergen_hbt.population.columns import columns_of, names_in
from openfisca_bergen_hbt.population.table import from_table
from openfisca_bergen_hbt.rules.inputs import NOT_GIVEN

UNITS, HOURS = ["B", "A", "B"], [5.0, 10.0, 20.0]
TABLE = {"enhet": UNITS, "timer_per_uke": HOURS}


def frames_of(columns):
    """Yield a table in each library that there is, with its name."""
    yield "lists", columns
    frame = polars.DataFrame(columns)
    yield "polars", frame
    yield "polars, lazily", frame.lazy()
    yield "columns of polars", {name: frame[name] for name in columns}


def other_frames_of(columns):
    """Yield a table in each of the other libraries, where they are installed."""
    pandas, arrow, duckdb = (pytest.importorskip(name) for name in ("pandas", "pyarrow", "duckdb"))
    frame = pandas.DataFrame(columns)
    yield "pandas", frame
    yield "pandas' own types", frame.convert_dtypes()
    yield "columns of pandas", {name: frame[name].convert_dtypes() for name in columns}
    table = arrow.table(columns)
    yield "Arrow", table
    yield "columns of Arrow", {name: table[name] for name in columns}
    database = duckdb.connect()
    database.register("users", table)
    yield "DuckDB", database.sql("select * from users")
    yield "DuckDB's arrays", database.sql("select * from users").fetchnumpy()
    yield "DuckDB's stream", database.sql("select * from users").arrow()
    yield "a stream of Arrow's", table.to_reader()
    (batch,) = table.combine_chunks().to_batches()
    yield "a batch of Arrow's", batch


def every(columns, *, others):
    yield from other_frames_of(columns) if others else frames_of(columns)


@pytest.mark.parametrize("others", [False, True])
def test_every_library_gives_the_same_population(law, others):
    for library, table in every(TABLE, others=others):
        population = from_table(table, law)
        assert population.unit_names == ["B", "A"], library
        assert population.unit_of_user.tolist() == [0, 1, 0], library
        assert population.users["timer_per_uke"].tolist() == HOURS, library


@pytest.mark.parametrize("others", [False, True])
@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({**TABLE, "enhet": ["B", None, "B"]}, "Row 2 of the table names no 'enhet'"),
        ({**TABLE, "enhet": [1, None, 2]}, "Row 2 of the table names no 'enhet'"),
        ({**TABLE, "etat": ["S", "S", None]}, "Row 3 of the table names no 'etat'"),
        ({**TABLE, "timer_per_uke": [5.0, None, 1.0]}, "Row 2 of the table has no timer_per_uke"),
        ({**TABLE, "timer_per_uke": [5, None, 1]}, "Row 2 of the table has no timer_per_uke"),
        ({**TABLE, "timer_per_uke": ["5", "6", "7"]}, "Row 1 .*'timer_per_uke': the text '5' is not a number"),
        ({**TABLE, "timer_per_uke": [True, True, False]}, "Row 1 .*'timer_per_uke': true is not a number"),
    ],
)
def test_what_is_missing_or_of_another_kind_is_refused_with_its_row(law, columns, message, others):
    for library, table in every(columns, others=others):
        with pytest.raises(ValueError, match=message):
            pytest.fail(f"{library}: {from_table(table, law)}")


@pytest.mark.parametrize("others", [False, True])
def test_whole_numbers_are_names_by_their_spelling(law, others):
    for library, table in every({**TABLE, "enhet": [7, 12, 7]}, others=others):
        assert from_table(table, law).unit_names == ["7", "12"], library


@pytest.mark.parametrize("others", [False, True])
def test_a_user_may_lack_what_the_law_has_a_default_for(law, others):
    columns = {**TABLE, "teamvurdert_timer_per_uke": [1.0, None, 2.0], "normtid_minutter_per_besoek": [None, 20, 30]}
    for library, table in every(columns, others=others):
        users = from_table(table, law).users
        assert users["teamvurdert_timer_per_uke"].tolist() == [1, NOT_GIVEN, 2], library
        assert users["normtid_minutter_per_besoek"].tolist() == [NOT_GIVEN, 20, 30], library


def test_texts_and_numbers_in_one_column_are_names(law):
    table = {"enhet": numpy.array(["A", 1, "1", 1.0], object), "timer_per_uke": [1, 2, 3, 4]}
    assert from_table(table, law).unit_names == ["A", "1"]


NO_NAMES = [
    True,
    1.5,
    float("nan"),
    float("inf"),
    2.0**53,
    10**400,
    "",
    " ",
    "\ud800",
    None,
    b"A",
    Decimal("1.5"),
    ["A"],
]


@pytest.mark.parametrize("name", NO_NAMES, ids=lambda name: repr(name)[:9])
def test_what_is_no_name(name):
    values = numpy.empty(3, object)
    values[:] = ["1", 1, name]
    with pytest.raises(ValueError, match="Row 3 of the table names no 'enhet'"):
        names_in("enhet", columns_of({"enhet": values})["enhet"])


def test_the_whole_numbers_of_a_database_keep_their_spelling_or_are_refused(law):
    database = pytest.importorskip("duckdb").connect()
    table = "select 5.0::double as timer_per_uke, {}::hugeint as enhet"
    known = database.sql(table.format(9007199254740991))  # 2^53 - 1, the last that floats count one by one
    for given in (known, known.fetchnumpy(), known.df()):
        assert from_table(given, law).unit_names == ["9007199254740991"]
    lost = database.sql(table.format(9007199254740993))  # as a float it is ...992
    for given in (lost, lost.fetchnumpy(), lost.df()):
        with pytest.raises(ValueError, match="Row 1 of the table names no 'enhet'"):
            from_table(given, law)


def test_a_number_beyond_all_floats_is_none(law):
    with pytest.raises(ValueError, match=r"Row 2 .*'timer_per_uke': a number of more than 300 digits is not a number"):
        from_table({"enhet": ["A", "B"], "timer_per_uke": [1, 10**5000]}, law)


def test_what_a_library_can_t_compute_is_said(law):
    table = polars.LazyFrame(TABLE)
    broken = [table.with_columns(polars.col("enhet").cast(int)), table.select("finnes_ikke")]
    database = pytest.importorskip("duckdb").connect()
    broken.append(database.sql("select enhet, enhet::int as timer_per_uke from (values ('A'), ('B')) as t(enhet)"))
    for given in broken:
        with pytest.raises(ValueError, match="The table can't be read"):
            from_table(given, law)


def test_columns_are_called_by_texts(law):
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame([["A", 5.0]])
    with pytest.raises(ValueError, match="unknown column 0: the name of a column is a text"):
        from_table(frame, law)
    frame.columns = pandas.MultiIndex.from_tuples([("enhet", "navn"), ("timer", "uke")])
    with pytest.raises(ValueError, match=r"unknown column \('enhet', 'navn'\)"):
        from_table(frame, law)


def test_what_a_mask_hides_is_missing(law):
    hours = numpy.ma.masked_array([5.0, 99.0, 20.0], [False, True, False])
    with pytest.raises(ValueError, match="Row 2 of the table has no timer_per_uke"):
        from_table({**TABLE, "timer_per_uke": hours}, law)
    units = numpy.ma.masked_array(["B", "A", "B"], [False, True, False])
    with pytest.raises(ValueError, match="Row 2 of the table names no 'enhet'"):
        from_table({**TABLE, "enhet": units}, law)


def test_decimals_of_a_database_are_numbers(law):
    hours = polars.Series([Decimal("1.5"), Decimal("2.25"), None]).alias("timer_per_uke")
    table = polars.DataFrame({"enhet": UNITS, "teamvurdert_timer_per_uke": hours})
    assert from_table(table, law).users["teamvurdert_timer_per_uke"].tolist() == [1.5, 2.25, NOT_GIVEN]


@pytest.mark.parametrize("table", [None, 5, "users.csv", [{"enhet": "A"}], numpy.ones(3), {"A"}, polars.Series([1])])
def test_what_is_no_table_is_refused(law, table):
    with pytest.raises(ValueError, match="A table of users is a data frame"):
        from_table(table, law)


@pytest.mark.parametrize("column", ["A", 5, None, {"A": 1}, [[1, 2], [3]], numpy.ones((1, 1, 1))])
def test_what_is_no_column_is_refused(law, column):
    with pytest.raises(ValueError, match="timer_per_uke"):
        from_table({"enhet": ["A"], "timer_per_uke": column}, law)


def test_a_unit_is_the_users_all_year(law):
    with pytest.raises(ValueError, match="'enhet' is given by month"):
        from_table({"enhet": numpy.full((12, 1), "A"), "timer_per_uke": [1]}, law)
