"""Bodies that are no request: raw text, or a change of a request that is one; the status and the words of the answer."""

import copy
import json

#: Two users in two units: 5 hours and 10, a frame of 1 000 000 kr.
GOOD = {
    "brukere": {"a": {"vurdert_timer_per_uke": {"2019": 5}}, "b": {"vurdert_timer_per_uke": {"2019": 10}}},
    "enheter": {
        "A": {"brukere": ["a"], "enhet_samlet_tildeling": {"2019": None}},
        "B": {"brukere": ["b"], "enhet_samlet_tildeling": {"2019": None}},
    },
    "etater": {"T": {"brukere": ["a", "b"], "etat_disponibel_ramme": {"2019": 1000000}}},
}


def put(path, value, body=GOOD):
    """Return a body with a value put in at a path."""
    found = copy.deepcopy(body)
    *way, last = path.split("/")
    inside = found
    for name in way:
        inside = inside.setdefault(name, {})
    inside[last] = value
    return json.dumps(found)


def without(path):
    found = copy.deepcopy(GOOD)
    *way, last = path.split("/")
    inside = found
    for name in way:
        inside = inside[name]
    del inside[last]
    return json.dumps(found)


def raw(text, instead):
    found = json.dumps(GOOD)
    assert text in found
    return found.replace(text, instead)


HOURS = "brukere/a/vurdert_timer_per_uke/2019"
FRAME = "etater/T/etat_disponibel_ramme/2019"

#: name: (body, status, fragments of the error, path)
BAD = {
    # JSON that is none, or loses something
    "nothing": ("", 400, "Invalid JSON", None),
    "a word": ("hei", 400, "Invalid JSON", None),
    "an open object": ('{"brukere": {', 400, "Invalid JSON", None),
    "a comma too many": ('{"brukere": {},}', 400, "Invalid JSON", None),
    "two objects": ("{}{}", 400, "Invalid JSON", None),
    "single quotes": ("{'brukere': {}}", 400, "Invalid JSON", None),
    "a list": ("[]", 400, "The body is an object", None),
    "a number": ("1", 400, "The body is an object", None),
    "null": ("null", 400, "The body is an object", None),
    "a text": ('"brukere"', 400, "The body is an object", None),
    "an empty object": ("{}", 400, "There are no users", ["brukere"]),
    "a user twice": (raw('"b": {', '"a": {'), 400, "The key 'a' stands twice", ["brukere", "a"]),
    "a period twice": (raw('{"2019": 5}', '{"2019": 5, "2019": 6}'), 400, "The key '2019' stands twice", None),
    "an entity twice": ('{"brukere": {}, "brukere": {"a": {}}}', 400, "The key 'brukere' stands twice", ["brukere"]),
    "NaN": (raw("5}", "NaN}"), 400, "NaN is no number", HOURS.split("/")),
    "Infinity": (raw("5}", "Infinity}"), 400, "Infinity is no number", HOURS.split("/")),
    "minus Infinity": (raw("5}", "-Infinity}"), 400, "-Infinity is no number", None),
    "a number too large": (raw("5}", "1e999}"), 400, "vurdert_timer_per_uke is a finite number", HOURS.split("/")),
    "too many digits": (raw("5}", "1" * 400 + "}"), 400, "400 digits is more than a 64-bit float", HOURS.split("/")),
    "five thousand digits": (raw("5}", "1" * 5000 + "}"), 400, "5000 digits", HOURS.split("/")),
    "a krone that a float does not tell apart": (
        raw("1000000}", "9007199254740993}"),
        400,
        "16 digits",
        FRAME.split("/"),
    ),
    "the same krone with a decimal": (raw("1000000}", "9007199254740993.0}"), 400, "17 digits", FRAME.split("/")),
    "decimals that a float loses": (raw("1000000}", "9007199254740991.4}"), 400, "17 digits", FRAME.split("/")),
    "an øre that a float loses": (raw("1000000}", "1000000.00000000001}"), 400, "18 digits", FRAME.split("/")),
    "an exponent without end": (
        raw("5}", "1e-9999999999999999999999}"),
        400,
        "an exponent that no number needs",
        HOURS.split("/"),
    ),
    "an exponent without end of nothing": (raw("5}", "0e99999999999999999999}"), 400, "an exponent", HOURS.split("/")),
    "less than a float holds": (raw("5}", "1e-400}"), 400, "more than a 64-bit float tells apart", HOURS.split("/")),
    "ten million million millions": (raw("1000000}", f"{10**19}}}"), 400, "at most 9007199254740992", FRAME.split("/")),
    "as many hours": (raw("5}", f"{10**19}}}"), 400, "at most 9007199254740992", HOURS.split("/")),
    "1e39 minutes": (
        put("brukere", {n: {"normtid_minutter_per_besoek": {"2019": 1e39}} for n in "ab"}),
        400,
        "at most 9007199254740992, and not the number 1e+39",
        ["brukere", "a", "normtid_minutter_per_besoek", "2019"],
    ),
    "1e300 hours of an area": (
        put("byomraader/o", {"brukere": ["a", "b"], "publiserte_vedtakstimer": {"2019": 1e300}}),
        400,
        "at most 9007199254740992",
        ["byomraader", "o", "publiserte_vedtakstimer", "2019"],
    ),
    "1e300 hours of a unit, which nothing checks": (
        put("enheter", {"A": {"brukere": ["a", "b"], "enhet_vedtakstimer": {"2019": 1e300}}}),
        400,
        "at most 9007199254740992",
        ["enheter", "A", "enhet_vedtakstimer", "2019"],
    ),
    "the number that stands for none": (
        put("brukere", {n: {"teamvurdert_timer_per_uke": {"2021": -1.7976931348623157e308}} for n in "ab"}),
        400,
        "at most 9007199254740992",
        None,
    ),
    # half a character
    "half a character as a name": (raw('"a": {', '"\\ud800": {'), 400, "half a character", ["brukere", "?"]),
    "half a character in a name": (raw('"a": {', '"a\\udfffb": {'), 400, "half a character", ["brukere", "a?b"]),
    "half a character as a user": (
        raw('["a"]', '["\\ud800"]'),
        400,
        "half a character",
        ["enheter", "A", "brukere", "0"],
    ),
    "half a character as a value": (raw("5}", '"\\uDBFF"}'), 400, "half a character", HOURS.split("/")),
    "halves of a character in the wrong order": (raw('"a": {', '"\\udc00\\ud800": {'), 400, "half a character", None),
    "a leading zero": (raw("5}", "05}"), 400, "Invalid JSON", None),
    "levels without end": ("[" * 100_000, 400, "more levels than a situation", None),
    "objects without end": ('{"a":' * 50_000, 400, "more levels than a situation", None),
    "many levels": (
        '{"brukere":' + '{"a":' * 20 + "1" + "}" * 21,
        404,
        "There is no variable 'a'",
        ["brukere", "a", "a"],
    ),
    "not UTF-8": (b'{"brukere": {"\xe5": {}}}', 400, "not UTF-8", None),
    # entities
    "an unknown entity": (put("kommuner/x", {}), 400, "'kommuner' is no entity", ["kommuner"]),
    "a singular entity": (put("enhet/x", {}), 400, "'enhet' is no entity. Did you mean enheter", ["enhet"]),
    "axes": (
        put("axes", [[{"name": "vurdert_timer_per_uke", "count": 10**6, "min": 0, "max": 1}]]),
        400,
        "'axes' is no entity",
        ["axes"],
    ),
    "parameters": (put("parameters/reserve", 1), 400, "'parameters' is no entity", ["parameters"]),
    "users that are a list": (
        put("brukere", ["a", "b"]),
        400,
        "'brukere' holds a name for each of them, and not a list",
        ["brukere"],
    ),
    "users that are null": (put("brukere", None), 400, "There are no users", ["brukere"]),
    "no users in the object": (put("brukere", {}), 400, "There are no users", ["brukere"]),
    "no users at all": (without("brukere"), 400, "There are no users", ["brukere"]),
    "units that are a list": (
        put("enheter", []),
        400,
        "'enheter' holds a name for each of them, and not a list",
        ["enheter"],
    ),
    "no units": (without("enheter"), 400, "'enheter' is left out", ["enheter"]),
    "no etat": (without("etater"), 400, "'etater' is left out", ["etater"]),
    "etater that are null": (
        put("etater", None),
        400,
        "'etater' holds a name for each of them, and not null",
        ["etater"],
    ),
    "a user that is null": (
        put("brukere/a", None),
        400,
        "'a' holds variables ({} for none), and not null",
        ["brukere", "a"],
    ),
    "a user that is a number": (
        put("brukere/a", 5),
        400,
        "'a' holds variables ({} for none), and not the number 5",
        ["brukere", "a"],
    ),
    "a user that is a list": (
        put("brukere/a", []),
        400,
        "'a' holds variables ({} for none), and not a list",
        ["brukere", "a"],
    ),
    "a unit that is null": (put("enheter/A", None), 400, "are in none of the 'enheter'", ["enheter"]),
    # names
    "an empty name": (put("brukere/", {}), 400, "a name is not empty", ["brukere", ""]),
    "a name of spaces": (put("brukere/   ", {}), 400, "a name is not empty", None),
    "a name with a slash": (raw('"a": {', '"a/b": {'), 400, "holds no slashes", ["brukere", "a/b"]),
    "a name with a backslash": (raw('"a": {', '"a\\\\b": {'), 400, "holds no slashes", None),
    "a name with a line end": (raw('"a": {', '"a\\nb": {'), 400, "control characters", None),
    "a name with a null": (raw('"a": {', '"a\\u0000": {'), 400, "control characters", None),
    "a name without end": (put("brukere/" + "a" * 300, {}), 400, "at most 200 characters", None),
    "a unit with a slash": (raw('"A": {', '"A/B": {'), 400, "holds no slashes", ["enheter", "A/B"]),
    # who belongs where
    "a user in no unit": (
        put("enheter/B/brukere", []),
        400,
        "the first of them 'b', are in none of the 'enheter'",
        ["enheter"],
    ),
    "a user in no etat": (
        put("etater/T/brukere", ["a"]),
        400,
        "the first of them 'b', are in none of the 'etater'",
        ["etater"],
    ),
    "a user in no area": (put("byomraader/o/brukere", ["a"]), 400, "are in none of the 'byomraader'", ["byomraader"]),
    "a user in two units": (
        put("enheter/B/brukere", ["a", "b"]),
        400,
        "'a' is listed in 'enheter' more than once",
        ["enheter", "B", "brukere"],
    ),
    "a user twice in a unit": (
        put("enheter/A/brukere", ["a", "a"]),
        400,
        "more than once",
        ["enheter", "A", "brukere"],
    ),
    "an unknown user": (
        put("enheter/B/brukere", ["b", "c"]),
        400,
        "the text 'c' is no user",
        ["enheter", "B", "brukere"],
    ),
    "users that are numbers": (put("enheter/B/brukere", [1]), 400, "the number 1 is no user. Send names as text", None),
    "users that are objects": (put("enheter/B/brukere", [{}]), 400, "an object is no user", None),
    "users as an object": (
        put("enheter/B/brukere", {"b": 1}),
        400,
        "'brukere' is a list of users",
        ["enheter", "B", "brukere"],
    ),
    "users as a number": (put("enheter/B/brukere", 1), 400, "'brukere' is a list of users", None),
    "users as null": (put("enheter/B/brukere", None), 400, "'brukere' is a list of users", None),
    "a unit without its users": (without("enheter/A/brukere"), 400, "are in none of the 'enheter'", ["enheter"]),
    "a unit in two etater": (
        json.dumps(
            {
                **json.loads(
                    put(
                        "etater",
                        {
                            "T": {"brukere": ["a"], "etat_disponibel_ramme": {"2019": 1}},
                            "U": {"brukere": ["b"], "etat_disponibel_ramme": {"2019": 1}},
                        },
                    )
                ),
                "enheter": {"A": {"brukere": ["a", "b"], "enhet_samlet_tildeling": {"2019": None}}},
            }
        ),
        400,
        "lie in more than one agency",
        ["enheter", "A"],
    ),
    "the default frame twice": (
        put("etater", {"T": {"brukere": ["a"]}, "U": {"brukere": ["b"]}}),
        400,
        "The default frame is Bergen's",
        ["etater"],
    ),
    # variables
    "an unknown variable": (
        put("brukere/a/timer/2019", 5),
        404,
        "There is no variable 'timer'",
        ["brukere", "a", "timer"],
    ),
    "a misspelled variable": (
        put("brukere/a/vurdert_timer_pr_uke/2019", 5),
        404,
        "Did you mean vurdert_timer_per_uke",
        None,
    ),
    "a variable of another entity": (
        put("brukere/a/etat_budsjettramme/2019", 5),
        400,
        "belongs to 'etater'",
        ["brukere", "a", "etat_budsjettramme"],
    ),
    "a unit's variable of an etat": (
        put("etater/T/enhet_samlet_tildeling/2019", None),
        400,
        "belongs to 'enheter'",
        None,
    ),
    "a variable of users among the units": (
        put("enheter/A/vurdert_timer_per_uke/2019", 5),
        400,
        "belongs to 'brukere'",
        None,
    ),
    "users of a user": (
        put("brukere/a/brukere", ["b"]),
        404,
        "There is no variable 'brukere'",
        ["brukere", "a", "brukere"],
    ),
    "a value without a period": (
        put("brukere/a/vurdert_timer_per_uke", 5),
        400,
        "is given by period",
        ["brukere", "a", "vurdert_timer_per_uke"],
    ),
    "null without a period": (put("enheter/A/enhet_samlet_tildeling", None), 400, "is given by period", None),
    "a list without a period": (put("brukere/a/vurdert_timer_per_uke", [5]), 400, "is given by period", None),
    # values
    "a number as text": (put(HOURS, "5"), 400, "is a number, and not the text '5'", HOURS.split("/")),
    "an expression": (put(HOURS, "9**9**9"), 400, "is a number, and not the text '9**9**9'", HOURS.split("/")),
    "an expression that runs code": (put(HOURS, "__import__('os')"), 400, "is a number, and not the text", None),
    "an empty text": (put(HOURS, ""), 400, "is a number, and not the text ''", None),
    "a decimal comma": (put(HOURS, "5,5"), 400, "is a number, and not the text '5,5'", None),
    "true for a number": (put(HOURS, True), 400, "is a number, and not true", HOURS.split("/")),
    "false for a number": (put(FRAME, False), 400, "is a number, and not false", FRAME.split("/")),
    "a list for a number": (put(HOURS, [5]), 400, "is a number, and not a list", HOURS.split("/")),
    "an object for a number": (put(HOURS, {"x": 5}), 400, "is a number, and not an object", None),
    "one for true": (
        put("enheter/A/enhet_deltar_i_teamutproeving/2019", 1),
        400,
        "is true or false, and not the number 1",
        None,
    ),
    "true as text": (put("enheter/A/enhet_deltar_i_teamutproeving/2019", "true"), 400, "is true or false", None),
    "the number of an answer": (
        put("enheter/A/enhet_tjenesteomraade/2019", 1),
        400,
        "the number 1 is no answer of enhet_tjenesteomraade. Known: HJEMMETJENESTER, ANDRE",
        None,
    ),
    "an unknown answer": (
        put("enheter/A/enhet_tjenesteomraade/2019", "SYKEHJEM"),
        400,
        "the text 'SYKEHJEM' is no answer of enhet_tjenesteomraade",
        None,
    ),
    "an answer in small letters": (
        put("enheter/A/enhet_tjenesteomraade/2019", "andre"),
        400,
        "Did you mean ANDRE",
        None,
    ),
    "decimals of a count": (
        put("enheter", {"A": {"brukere": ["a", "b"], "antall_kategori_1": {"2019": 1.5}}}),
        400,
        "is a whole number, at most 2147483647, and not the number 1.5",
        None,
    ),
    "more than core counts": (
        put("enheter", {"A": {"brukere": ["a", "b"], "antall_kategori_1": {"2019": 3 * 10**9}}}),
        400,
        "is a whole number, at most 2147483647, and not the number 3000000000",
        None,
    ),
    "hours below 0": (put(HOURS, -1), 400, "from 0 to 168", None),
    "more hours than a week has": (put(HOURS, 168.5), 400, "from 0 to 168", None),
    "visits that make too many hours": (
        put("brukere", {n: {"besoek_per_uke": {"2017": 1000}, "timer_per_uke": {"2017": None}} for n in "ab"}).replace(
            '"2017": null', '"2017-01": null'
        ),
        400,
        "make more hours a week",
        None,
    ),
    "øre": (put(FRAME, 1000.5), 400, "send whole kroner", FRAME.split("/")),
    "kroner beyond counting": (put(FRAME, 1e300), 400, "at most 9007199254740992", FRAME.split("/")),
    "negative driving time": (put("enheter/A/enhet_kjoeretid_per_uke/2019", -1), 400, "from 0 to 1000000", None),
    "driving time of a unit without users": (
        put("enheter/C", {"enhet_kjoeretid_per_uke": {"2019": 1}}),
        400,
        "the unit has no users",
        None,
    ),
    "hours for a user who is hardly there": (
        put(
            "byomraader",
            {
                "o": {
                    "brukere": ["a", "b"],
                    "publiserte_vedtakstimer": {"2019": 1e15},
                    "publiserte_brukere": {"2019": 1e-300},
                    "timer_per_bruker": {"2019": None},
                }
            },
        ),
        400,
        "is no finite number: the numbers sent are too large",
        ["byomraader", "o", "timer_per_bruker", "2019"],
    ),
    # periods
    "a month that there is not": (
        put("brukere/a/vurdert_timer_per_uke/2019-13", 5),
        400,
        "'2019-13' is no period",
        None,
    ),
    "a day": (put("brukere/a/vurdert_timer_per_uke/2019-01-01", 5), 400, "'2019-01-01' is no period", None),
    "a word as a period": (
        put("brukere/a/vurdert_timer_per_uke/i fjor", 5),
        400,
        "'i fjor' is no period",
        ["brukere", "a", "vurdert_timer_per_uke", "i fjor"],
    ),
    "an empty period": (put("brukere/a/vurdert_timer_per_uke/", 5), 400, "'' is no period", None),
    "eternity": (put("brukere/a/vurdert_timer_per_uke/ETERNITY", 5), 400, "'ETERNITY' is no period", None),
    "several months": (put("brukere/a/vurdert_timer_per_uke/month:2019-01:12", 5), 400, "is no period", None),
    "several years": (put("etater/T/etat_disponibel_ramme/year:2019:2", 5), 400, "is no period", None),
    "a year from March": (put("etater/T/etat_disponibel_ramme/year:2019-03", 5), 400, "is no period", None),
    "a week": (put("brukere/a/vurdert_timer_per_uke/2019-W01", 5), 400, "is no period", None),
    "a year of five digits": (put("brukere/a/vurdert_timer_per_uke/20190", 5), 400, "is no period", None),
    "the year 0": (put("brukere/a/vurdert_timer_per_uke/0000", 5), 400, "is no period", None),
    "digits of another script": (put("brukere/a/vurdert_timer_per_uke/２０１９", 5), 400, "is no period", None),
    "hours before the law": (
        put("brukere", {n: {"vurdert_timer_per_uke": {"2016": 5, "2019": 5}} for n in "ab"}),
        400,
        "vurdert_timer_per_uke is given for 2016: nothing is defined before 2017",
        ["brukere", "a", "vurdert_timer_per_uke", "2016"],
    ),
    "hours of the month before the law": (
        put("brukere", {n: {"vurdert_timer_per_uke": {"2016-12": 5}} for n in "ab"}),
        400,
        "nothing is defined before 2017",
        ["brukere", "a", "vurdert_timer_per_uke", "2016-12"],
    ),
    "a frame before the law": (put("etater/T/etat_budsjettramme/0001", 5), 400, "nothing is defined before 2017", None),
    "a result before the law": (
        put("enheter/A/enhet_samlet_tildeling/2016", None),
        400,
        "enhet_samlet_tildeling is asked for in 2016: nothing is defined before 2017",
        ["enheter", "A", "enhet_samlet_tildeling", "2016"],
    ),
    "no period": (
        put("brukere/a/vurdert_timer_per_uke", {}),
        400,
        "vurdert_timer_per_uke is given by period",
        ["brukere", "a", "vurdert_timer_per_uke"],
    ),
    "no period of an unknown variable": (
        put("brukere/a/vurdert_timer_per_uek", {}),
        404,
        "There is no variable 'vurdert_timer_per_uek'. Did you mean vurdert_timer_per_uke",
        ["brukere", "a", "vurdert_timer_per_uek"],
    ),
    "no period of a variable of another entity": (
        put("brukere/a/etat_budsjettramme", {}),
        400,
        "belongs to 'etater'",
        ["brukere", "a", "etat_budsjettramme"],
    ),
    "no period of a question": (put("enheter/A/enhet_samlet_tildeling", {}), 400, "is given by period", None),
    "two spellings of a period": (
        put("brukere/a/vurdert_timer_per_uke/year:2019", 6),
        400,
        "in two spellings, '2019' and 'year:2019'",
        None,
    ),
    "two spellings for two users": (
        put("brukere", {"a": {"timer_per_uke": {"2019-01": 5}}, "b": {"timer_per_uke": {"month:2019-01": 5}}}),
        400,
        "in two spellings",
        None,
    ),
    "a year's variable by month": (
        put("enheter/A/enhet_samlet_tildeling/2019-01", None),
        400,
        "is asked for by year",
        ["enheter", "A", "enhet_samlet_tildeling", "2019-01"],
    ),
    "a month's variable by year": (put("enheter/A/enhet_kategoripoeng/2019", None), 400, "is asked for by month", None),
    "a month's result by year": (
        put("enheter", {"A": {"brukere": ["a", "b"], "enhet_kategoripoeng": {"2019": 5}}}),
        400,
        "enhet_kategoripoeng is given by month (2019-01), and not for 2019",
        ["enheter", "A", "enhet_kategoripoeng", "2019"],
    ),
    "a year's input by month": (put("etater/T/etat_budsjettramme/2019-01", 5), 400, "is given by year", None),
    "hours by year and by month": (
        put("brukere", {n: {"timer_per_uke": {"2019": 5, "2019-02": 6}} for n in "ab"}),
        400,
        "given both for 2019-02 and for 2019",
        None,
    ),
    # given for some
    "hours of one user only": (
        put("brukere/b", {}),
        400,
        "is given for 1 of 2 'brukere', and not for 'b', for which core would take 0",
        ["brukere", "b", "vurdert_timer_per_uke", "2019"],
    ),
    "a month of one user only": (
        put("brukere", {"a": {"timer_per_uke": {"2019-01": 5, "2019-02": 6}}, "b": {"timer_per_uke": {"2019-01": 5}}}),
        400,
        "timer_per_uke in 2019-02 is given for 1 of 2 'brukere'",
        None,
    ),
    "visits of one user only": (
        put("brukere", {"a": {"besoek_per_uke": {"2019": 5}}, "b": {}}),
        400,
        "is given for 1 of 2 'brukere'",
        None,
    ),
    "hours asked of one and given for the other": (
        put("brukere", {"a": {"timer_per_uke": {"2019-01": 5}}, "b": {"timer_per_uke": {"2019-01": None}}}),
        400,
        "is given for 1 of 2 'brukere'",
        None,
    ),
    "a frame of one etat only": (
        put("etater", {"T": {"brukere": ["a"], "etat_disponibel_ramme": {"2019": 1}}, "U": {"brukere": ["b"]}}),
        400,
        "etat_disponibel_ramme in 2019 is given for 1 of 2 'etater'",
        None,
    ),
    "a result of one unit only": (
        put("enheter/A/enhet_kategoritildeling/2019", 5),
        400,
        "is given for 1 of 2 'enheter'",
        None,
    ),
    # too much
    "more periods than it takes": (
        put(
            "brukere",
            {
                n: {"timer_per_uke": {f"{year}-{month:02}": 5 for year in range(2017, 2097) for month in range(1, 13)}}
                for n in "ab"
            },
        ),
        400,
        "Divide it",
        None,
    ),
    # the choice of the regulation
    "an unknown regulation": (put("regulation", "modellen"), 400, "There is no regulation 'modellen'", ["regulation"]),
    "a regulation that is a number": (put("regulation", 2019), 400, "named by a text", ["regulation"]),
    "a regulation before the law": (put("regulation", "2016-01"), 400, "is before 2017-01-01", ["regulation"]),
    "a regulation that is null": (put("regulation", None), 400, "named by a text", ["regulation"]),
    "changes that are null": (put("changes", None), 400, "'changes' is a list", ["changes"]),
    "changes that are an object": (put("changes", {"reserve.andel": 0.03}), 400, "'changes' is a list", ["changes"]),
    "no changes": (put("changes", []), 400, "'changes' is a list of 1 to 100", ["changes"]),
    "a change that is a text": (put("changes", ["reserve.andel"]), 400, "A change is an object", ["changes", "0"]),
    "a change without a value": (
        put("changes", [{"parameter": "reserve.andel", "from": "2019-01-01"}]),
        400,
        "The change has no 'value'",
        ["changes", "0"],
    ),
    "a change of another key": (
        put("changes", [{"parameter": "reserve.andel", "from": "2019-01-01", "value": 0, "til": 1}]),
        400,
        "A change has no 'til'",
        ["changes", "0", "til"],
    ),
    "an unknown parameter": (
        put("changes", [{"parameter": "reserve", "from": "2019-01-01", "value": 0}]),
        400,
        "There is no parameter 'reserve'",
        ["changes", "0"],
    ),
    "a share above 1": (
        put("changes", [{"parameter": "reserve.andel", "from": "2019-01-01", "value": 3}]),
        400,
        "it must be from 0 to 1",
        ["changes", "0"],
    ),
    "a value as text": (
        put("changes", [{"parameter": "reserve.andel", "from": "2019-01-01", "value": "0.03"}]),
        400,
        "A value is a number",
        ["changes", "0", "value"],
    ),
    "a date that is none": (
        put("changes", [{"parameter": "reserve.andel", "from": "2019-02-30", "value": 0}]),
        400,
        "A date is a text",
        ["changes", "0", "from"],
    ),
    "a date before the number": (
        put("changes", [{"parameter": "reserve.andel", "from": "2017-01-01", "value": 0}]),
        400,
        "is outside the law",
        ["changes", "0"],
    ),
    "bounds out of order": (
        put("changes", [{"parameter": "kategorimodell.nedre_grense.kategori_2", "from": "2019-01-01", "value": 9}]),
        400,
        "the lower bounds must rise",
        ["changes", "0"],
    ),
}
