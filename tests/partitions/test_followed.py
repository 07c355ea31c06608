"""Users are followed from month to month, however the rows that they stand in are divided."""

import numpy
import pytest

from openfisca_bergen_hbt.partitions.followed import Followed
from openfisca_bergen_hbt.rules.enums import Kategori

USERS, MONTHS = 400, 12


@pytest.mark.parametrize("parts", [1, 7])
def test_users_are_counted_by_their_categories_in_two_months(parts):
    random = numpy.random.RandomState(3)
    user = random.randint(0, 2**63, USERS).astype(numpy.uint64) * numpy.uint64(2)
    unit = random.randint(0, 3, USERS)
    category = random.randint(0, 7, (USERS, MONTHS)).astype(numpy.int8)
    rows = numpy.array([(of, month) for of in range(USERS) for month in range(MONTHS)])
    random.shuffle(rows)
    followed, names = Followed(), ["Sør", "Nord", "Vest"]
    for part in numpy.array_split(rows, parts):
        of, month = part.T
        alone = numpy.zeros((len(part), MONTHS), numpy.int8)
        alone[numpy.arange(len(part)), month] = category[of, month]
        mine = [names[number] for number in dict.fromkeys(unit[of])]  # a part has its own order of units
        local = numpy.array([mine.index(names[number]) for number in unit[of]])
        followed.add(user[of], local, mine, alone)
    assert Kategori.INGEN.index == 0
    for first, second in ((1, 1), (1, 12), (6, 7)):
        found = followed.counts_in_both(["Nord", "Sør", "Uten", "Vest"], first, second)
        assert found.shape == (4, 7, 7)
        assert found[2].sum() == 0
        for place, name in ((0, "Nord"), (1, "Sør"), (3, "Vest")):
            for one in range(7):
                for other in range(7):
                    expected = sum(
                        names[unit[of]] == name and category[of, first - 1] == one and category[of, second - 1] == other
                        for of in range(USERS)
                    )
                    assert found[place, one, other] == expected
