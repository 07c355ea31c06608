"""Random populations for the properties: several etater, empty units, users who come, go and pass 80 hours."""

import numpy
from hypothesis import strategies as st

from openfisca_bergen_hbt.population import Population
from openfisca_bergen_hbt.rules.inputs import NOT_GIVEN

#: Hours around every bound, and in between.
HOURS = st.one_of(
    st.sampled_from([0.0, 0.01, 1.49, 1.5, 7.49, 7.5, 14.99, 15.0, 29.99, 30.0, 79.99, 80.0, 168.0]),
    st.integers(0, 16800).map(lambda hundredths: hundredths / 100),
)


@st.composite
def populations(draw, *, most_users=14, most_units=5, most_agencies=3, changing=True):
    agencies = draw(st.integers(1, most_agencies))
    units = draw(st.integers(1, most_units))
    users = draw(st.integers(1, most_users))
    agency_of_unit = numpy.array(draw(st.lists(st.integers(0, agencies - 1), min_size=units, max_size=units)))
    unit_of_user = numpy.array(draw(st.lists(st.integers(0, units - 1), min_size=users, max_size=users)))
    months = draw(by_month(users, changing=changing))
    team_hours = [hours.copy() for hours in draw(by_month(users, changing=changing))]
    untested = numpy.array(draw(st.lists(st.booleans(), min_size=users, max_size=users)))
    for hours in team_hours:
        hours[untested] = NOT_GIVEN
    has_users = numpy.bincount(unit_of_user, minlength=units) > 0
    driving = numpy.array(draw(st.lists(st.integers(0, 40), min_size=units, max_size=units))) / 4
    other = numpy.array(draw(st.lists(st.sampled_from([0, 0, 0, 1]), min_size=units, max_size=units))) * has_users
    director = numpy.array(draw(st.lists(st.integers(0, 5000), min_size=units, max_size=units))) * 1.0
    carried = numpy.array(draw(st.lists(st.integers(0, 5000), min_size=units, max_size=units))) * 1.0
    extra = numpy.array(draw(st.lists(st.integers(0, 9000), min_size=agencies, max_size=agencies))) * 1.0
    paid_in = draw(st.integers(0, 11))
    grants = numpy.array(draw(st.lists(st.integers(0, 14_000_000), min_size=agencies, max_size=agencies))) * 1.0
    frames = numpy.array(draw(st.lists(st.integers(0, 3_000_000_000), min_size=agencies, max_size=agencies))) * 1.0
    return Population(
        unit_names=[f"enhet {u}" for u in range(units)],
        unit_of_user=unit_of_user,
        agency_names=[f"etat {a}" for a in range(agencies)],
        agency_of_unit=agency_of_unit,
        users={
            "vurdert_timer_per_uke": months,
            "teamvurdert_timer_per_uke": team_hours,
            "besoek_per_uke": [2 * hours for hours in months],
            "normtid_minutter_per_besoek": numpy.full(users, 24.0),
        },
        units={
            "enhet_tjenesteomraade": other,
            "enhet_kjoeretid_per_uke": driving * has_users * (other == 0),
            "enhet_etatsdirektoer_omfordeling": director * has_users,
            "enhet_overfoert_fra_i_fjor": carried * has_users * (other == 0),
        },
        agencies={
            "etat_budsjettramme": frames,
            "etat_tillitsreform_styrking": grants,
            "etat_tilleggsbevilgning": [extra * (month == paid_in) for month in range(12)],
        },
    )


@st.composite
def by_month(draw, users, *, changing):
    """Hours of users, an array a month; the same one where nothing changes."""
    months = [numpy.array(draw(st.lists(HOURS, min_size=users, max_size=users)))]
    for _ in range(11):
        hours = months[-1]
        if changing and draw(st.booleans()):
            hours = hours.copy()
            hours[draw(st.integers(0, users - 1))] = draw(HOURS)
        months.append(hours)
    return months
