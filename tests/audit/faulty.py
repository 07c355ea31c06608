"""Test cases that are none, by what is wrong with them: the file's text, and what must be said of it."""

PERSON = """\
- name: en bruker
  period: 2019-01
  input:
    besoek_per_uke: 10
  output:
    normtid_timer_per_uke: 4.5
"""
UNITS = """\
- name: to enheter
  period: 2019
  input:
    brukere:
      a: {vurdert_timer_per_uke: 5}
      b: {vurdert_timer_per_uke: 5}
    enheter:
      A: {brukere: [a]}
      B: {brukere: [b]}
    byomraader: {o: {brukere: [a, b]}}
    etater: {t: {brukere: [a, b], etat_disponibel_ramme: 1000}}
  output:
    etat_sentral_reserve: 20
    enhet_kategoritildeling: [490, 490]
"""


def person(text, instead):
    assert text in PERSON
    return PERSON.replace(text, instead)


def units(text, instead):
    assert text in UNITS
    return UNITS.replace(text, instead)


def expects(output, period="2019"):
    head = UNITS[: UNITS.index("  output:")].replace("period: 2019", f"period: {period}")
    return f"{head}  output:\n    {output}\n"


#: What YAML 1.1 would read in a way that surprises, or what is no YAML at all.
LOADING = {
    "a tag that runs code": (person("10", "!!python/object/apply:os.system ['true']"), "4:21: the tag", "not allowed"),
    "a tag that makes text": (person("10", "!!str 10"), "4:21: the tag 'tag:yaml.org,2002:str' is not allowed"),
    "a tag of one's own": (person("4.5", "!mine 4.5"), "6:28: the tag '!mine' is not allowed"),
    "a tag on the test": (person("- name", "- !test\n  name"), "1:3: the tag '!test'"),
    "the output twice": (PERSON + "  output:\n    vedtakstimer: 1\n", "7:3: the key 'output' stands twice"),
    "a variable expected twice": (
        PERSON + "    normtid_timer_per_uke: 9\n",
        "7:5: the key 'normtid_timer_per_uke' stands twice",
    ),
    "a user twice": (units("      b: {v", "      a: {v"), "6:7: the key 'a' stands twice"),
    "the name twice": (person("  period", "  name: en annen\n  period"), "2:3: the key 'name' stands twice"),
    "a merge that is overridden": (
        person("    besoek_per_uke: 10", "    <<: {besoek_per_uke: 20}\n    besoek_per_uke: 10"),
        "4:5: '<<' brings the key 'besoek_per_uke' a second time",
    ),
    "two merges of one key": (
        person("    besoek_per_uke: 10", "    <<: [{besoek_per_uke: 20}, {besoek_per_uke: 10}]"),
        "'<<' brings the key 'besoek_per_uke' a second time",
    ),
    "a merge of a number": (person("    besoek_per_uke: 10", "    <<: 10"), "4:5: '<<' takes in keys and values"),
    "an octal number": (
        person("10", "010"),
        "4:21: '010' looks like one thing and YAML 1.1 reads it as a whole number",
    ),
    "a time that is a number": (person("10", "1:30"), "4:21: '1:30' looks like one thing"),
    "a time with decimals": (person("10", "1:30.5"), "4:21: '1:30.5' looks like one thing"),
    "a hexadecimal number": (person("10", "0x10"), "'0x10' looks like one thing"),
    "a binary number": (person("10", "0b10"), "'0b10' looks like one thing"),
    "thousands with underscores": (person("10", "1_0"), "'1_0' looks like one thing", "Write 10."),
    "a plus": (person("10", "+10"), "'+10' looks like one thing"),
    "nothing before the point": (person("4.5", ".5"), "6:28: '.5' looks like one thing"),
    "nothing after the point": (person("4.5", "4."), "6:28: '4.' looks like one thing"),
    "an exponent": (person("10", "1.0e+1"), "'1.0e+1' looks like one thing"),
    "an exponent that is text": (person("10", "1e1"), "besoek_per_uke is a number, and not the text '1e1'"),
    "expecting no number": (person("4.5", ".nan"), "6:28: '.nan' looks like one thing"),
    "giving infinity": (person("10", ".inf"), "4:21: '.inf' looks like one thing"),
    "yes": (expects("etat_vesentlig_endring: {2019-02: yes}"), "'yes' looks like one thing", "true or false"),
    "no": (expects("etat_vesentlig_endring: {2019-02: no}"), "'no' looks like one thing", "true or false"),
    "off": (expects("etat_vesentlig_endring: {2019-02: off}"), "'off' looks like one thing"),
    "a user called yes": (units("      b: {v", "      yes: {v"), "6:7: 'yes' looks like one thing"),
    "a user called true": (
        units("      b: {v", "      true: {v"),
        "a key is a name, a date or a period, and not the bool",
    ),
    "a user called 1.5": (
        units("      b: {v", "      1.5: {v"),
        "a key is a name, a date or a period, and not the float",
    ),
    "a key that is a list": (person("    besoek_per_uke: 10", "    ? [a]\n    : 10"), "4:7: a key is a name"),
    "a key that is empty": (person("    besoek_per_uke: 10", "    ~: 10"), "a key is a name", "and not empty"),
    "a day and an hour": (person("period: 2019-01", "period: 2019-01-01 10:00:00"), "reads it as a moment"),
    "a second document": (PERSON + "---\n" + PERSON, "7:1: a second document begins here"),
    "a directive": ("%YAML 1.1\n---\n" + PERSON, "directives (%YAML, %TAG) are not allowed"),
    "an anchor that stands twice": (person("10", "&x 10").replace("4.5", "&x 4.5"), "the anchor '&x' stands twice"),
    "an unknown alias": (person("4.5", "*x"), "6:28: the alias '*x' has no anchor"),
    "an alias that contains itself": (person("4.5", "&x [*x]"), "6:32: the alias '*x' contains itself"),
    "aliases that multiply": (
        "- &a [x, x, x, x, x, x, x, x, x, x]\n"
        + "".join(f"- &{chr(98 + n)} [{', '.join(['*' + chr(97 + n)] * 10)}]\n" for n in range(7)),
        "more than 500000 values",
    ),
    "levels without end": ("[" * 60 + "]" * 60, "nested more than 50 levels deep"),
    "a tab": (person("    besoek_per_uke", "\tbesoek_per_uke"), "4:1: this is no YAML"),
    "an open bracket": (person("4.5", "[4.5"), "this is no YAML"),
    "a control character": (person("en bruker", "en\x07bruker"), "this is no YAML"),
    "no test in the file": ("", "the file contains no test"),
    "comments only": ("# regulation: 2019-06\n# senere\n", "the file contains no test"),
    "an empty list": ("[]\n", "the file contains no test"),
    "a word": ("test\n", "1:1: a file of test cases is a list, each beginning with '- name:'"),
    "a list of words": ("- test\n", "1:3: a test is written as keys and values, and not as the text 'test'"),
    "a list in a list": ("- [1, 2]\n", "1:3: a test is written as keys and values, and not as a list"),
    "nothing in the list": ("-\n", "a test is written as keys and values, and not as empty"),
}

#: Values of another kind than the variable's.
TYPES = {
    "a number in quotes": (person("10", '"10"'), "besoek_per_uke is a number, and not the quoted text '10'. Write 10."),
    "an expected number in quotes": (person("4.5", "'4.5'"), "6:28: normtid_timer_per_uke is a number", "Write 4.5."),
    "a decimal comma": (
        person("4.5", "4,5"),
        "6:28: normtid_timer_per_uke is a number, and not the text '4,5'. Write 4.5.",
    ),
    "thousands with a space": (person("10", "1 000"), "and not the text '1 000'. Write 1000."),
    "per cent": (expects("enhet_poengandel: {2019-01: [50%, 50%]}"), "and not the text '50%'. Write 0.5."),
    "an expression": (person("4.5", "10 * 27 / 60"), "normtid_timer_per_uke is a number, and not the text"),
    "an expression that never ends": (
        person("10", "9**9**9"),
        "besoek_per_uke is a number, and not the text '9**9**9'",
    ),
    "true for a number": (person("4.5", "true"), "6:28: normtid_timer_per_uke is a number, and not the bool 'true'"),
    "one for true": (expects("etat_vesentlig_endring: {2019-02: 1}"), "is true or false, and not the int '1'"),
    "true in quotes": (expects("etat_vesentlig_endring: {2019-02: 'true'}"), "true or false, and not the quoted text"),
    "decimals of a count": (
        expects("antall_kategori_2: [1.0, 1]"),
        "antall_kategori_2 is a whole number, at most 2147483647, and not the float '1.0'",
    ),
    "half a user": (
        expects("antall_kategori_2: [3.7, 1]"),
        "antall_kategori_2 is a whole number, at most 2147483647, and not the float '3.7'",
    ),
    "half a krone": (expects("etat_sentral_reserve: 20.5"), "etat_sentral_reserve is whole, and never 20.5"),
    "the number of an answer": (expects("brukerkategori: [2, 2]"), "the int '2' is no answer of brukerkategori"),
    "an answer that there is not": (
        expects("brukerkategori: [KATEGORI_7, KATEGORI_2]"),
        "the text 'KATEGORI_7' is no answer of brukerkategori. Did you mean KATEGORI_6",
    ),
    "an answer in small letters": (expects("brukerkategori: [kategori_2, KATEGORI_2]"), "is no answer", "KATEGORI_2"),
    "an empty value": (person("10", ""), "4:20: besoek_per_uke has no value"),
    "null": (person("10", "null"), "besoek_per_uke has no value"),
    "a tilde": (person("10", "~"), "besoek_per_uke has no value"),
    "more digits than there are": (
        person("10", "1" * 400),
        "4:21: a number of 400 digits is more than a 64-bit float tells apart",
    ),
    "more users than core counts": (
        "- period: 2019\n  input: {antall_kategori_1: 3000000000, vurdert_timer_per_uke: 1}\n  output: {vedtakstimer: 52}\n",
        "antall_kategori_1 is a whole number, at most 2147483647, and not the int '3000000000'",
    ),
    "an empty text": (person("10", "''"), "besoek_per_uke is a number, and not the quoted text ''"),
    "a list of lists": (person("10", "[[10]]"), "besoek_per_uke is a number, and not a list"),
    "keys in a list": (person("10", "[{a: 10}]"), "besoek_per_uke is a number, and not keys and values"),
}

#: Tests that expect nothing, or nothing that they could get.
OUTPUTS = {
    "no output": (PERSON[: PERSON.index("  output:")], "1:3: the test has no 'output', and so can't fail"),
    "an output of null": (
        person("\n    normtid_timer_per_uke: 4.5", ""),
        "5:10: the test expects nothing: 'output' is empty",
    ),
    "an output without keys": (person("\n    normtid_timer_per_uke: 4.5", " {}"), "5:11: the test expects nothing"),
    "an output of a word": (
        person("\n    normtid_timer_per_uke: 4.5", " x"),
        "the test has the text 'x' as its 'output'",
    ),
    "an output that is a list": (
        person("\n    normtid_timer_per_uke: 4.5", " [{normtid_timer_per_uke: 4.5}]"),
        "5:11: the test has a list as its 'output'",
    ),
    "an entity without members": (expects("enheter: {}"), "13:14: nothing is expected under 'enheter': it is empty"),
    "an entity of null": (expects("enheter:"), "nothing is expected under 'enheter': it is empty"),
    "an entity that is a list": (expects("enheter: [A]"), "nothing is expected under 'enheter': it is a list"),
    "a member without variables": (expects("enheter: {A: {}}"), "13:18: nothing is expected of 'A': it is empty"),
    "a member of null": (expects("enheter: {A: }"), "nothing is expected of 'A': it is empty"),
    "a single entity without variables": (expects("etat: {}"), "nothing is expected under 'etat': it is empty"),
    "a variable of null": (
        expects("etat_sentral_reserve:"),
        "nothing is expected of etat_sentral_reserve in 2019: it is empty",
    ),
    "a variable without periods": (expects("etat_sentral_reserve: {}"), "nothing is expected of etat_sentral_reserve"),
    "a variable without values": (
        expects("etat_sentral_reserve: []"),
        "nothing is expected of etat_sentral_reserve in 2019",
    ),
    "a period of null": (
        expects("etat_sentral_reserve: {2019: }"),
        "nothing is expected of etat_sentral_reserve in 2019",
    ),
    "an empty text expected": (
        expects("etat_sentral_reserve: ''"),
        "nothing is expected of etat_sentral_reserve in 2019",
    ),
    "a list with a hole": (
        expects("enhet_kategoritildeling: [490, null]"),
        "13:36: enhet_kategoritildeling has no value",
    ),
    "an unknown variable": (
        expects("etat_sentral_resreve: 20"),
        "13:5: there is no variable 'etat_sentral_resreve'. Did you mean etat_sentral_reserve",
    ),
    "an unknown variable of a member": (
        expects("etater: {t: {etat_reserve: 20}}"),
        "there is no variable 'etat_reserve'. Did you mean",
    ),
    "a parameter": (expects("reserve.andel: 0.02"), "there is no variable 'reserve.andel'"),
    "an unknown entity": (expects("kommuner: {t: {etat_sentral_reserve: 20}}"), "there is no variable 'kommuner'"),
    "an unknown member": (
        expects("enheter: {C: {enhet_kategoritildeling: 490}}"),
        "13:15: there is no 'C' among the 'enheter' of the input",
    ),
    "a variable of another entity": (
        expects("enheter: {A: {etat_sentral_reserve: 20}}"),
        "13:19: 'etat_sentral_reserve' belongs to 'etater', and not to 'enheter'",
    ),
    "a variable of another single entity": (
        expects("bruker: {etat_sentral_reserve: 20}"),
        "'etat_sentral_reserve' belongs to 'etater', and not to 'brukere'",
    ),
    "a list for a member": (
        expects("enheter: {A: {enhet_kategoritildeling: [490]}}"),
        "enhet_kategoritildeling of 'A' is one value, and not a list",
    ),
    "three values for one": (
        expects("etat_sentral_reserve: [20, 20, 20]"),
        "3 values are expected of etat_sentral_reserve, and there are 1 'etater'",
    ),
    "one value for two": (
        expects("enhet_kategoritildeling: 490"),
        "one value is expected of enhet_kategoritildeling, and there are 2 'enheter': give one for each of them",
    ),
    "a list of one for two": (
        expects("enhet_kategoritildeling: [490]"),
        "1 values are expected of enhet_kategoritildeling, and there are 2 'enheter'",
    ),
    "one value for two in a period": (
        expects("enhet_kategoripoeng: {2019-01: 4.5}"),
        "one value is expected of enhet_kategoripoeng, and there are 2 'enheter'",
    ),
    "a list of one for two users without names": (
        person("10", "[10, 20]"),
        "one value is expected of normtid_timer_per_uke, and there are 2 'brukere'",
    ),
    "a unit expected where none is named": (
        "- period: 2019\n  input: {brukere: {a: {vurdert_timer_per_uke: 5}}}\n  output: {enhet_vedtakstimer: 260}\n",
        "3:12: enhet_vedtakstimer is about 'enheter', and the input names none",
    ),
}

#: Outputs that are inputs, that nothing computes, or that come of nothing.
NOT_TESTED = {
    "an output that is given": (
        expects("etat_disponibel_ramme: 1000"),
        "13:28: etat_disponibel_ramme in 2019 is also an input: the test holds it against itself",
    ),
    "an output that is given under its member": (
        expects("etater: {t: {etat_disponibel_ramme: 1000}}"),
        "etat_disponibel_ramme in 2019 is also an input",
    ),
    "an output that is given for another member": (
        units("vurdert_timer_per_uke: 5}\n      b", "timer_per_uke: 5}\n      b").replace(
            "etat_sentral_reserve: 20", "brukere: {b: {timer_per_uke: {2019-01: 5}}}"
        ),
        "timer_per_uke in 2019 is given for 1 of 2 'brukere', and not for 'b'",
    ),
    "a month that is given by year": (
        "- period: 2019-01\n  input: {timer_per_uke: {2019: 5}}\n  output: {timer_per_uke: 5}\n",
        "3:27: timer_per_uke in 2019-01 is also an input",
    ),
    "a month in another spelling": (
        "- period: 2019-01\n  input: {timer_per_uke: 5}\n  output: {timer_per_uke: {month:2019-01: 5}}\n",
        "timer_per_uke in 2019-01 is also an input",
    ),
    "a year in another spelling": (
        units("etat_disponibel_ramme: 1000", "etat_disponibel_ramme: {2019: 1000}").replace(
            "etat_sentral_reserve: 20", "etat_disponibel_ramme: {year:2019:1: 1000}"
        ),
        "etat_disponibel_ramme in 2019 is also an input",
    ),
    "an output given in the form of one": (
        "- period: 2019-01\n  input: {bruker: {timer_per_uke: 5}}\n  output: {bruker: {timer_per_uke: 5}}\n",
        "timer_per_uke in 2019-01 is also an input",
    ),
    "an input that is not given": (
        expects("enhet_kjoeretid_per_uke: [0, 0]"),
        "enhet_kjoeretid_per_uke is not computed in 2019: it is an input, and has no formula",
    ),
    "a year before its rule": (
        units("period: 2019", "period: 2017").replace("    enhet_kategoritildeling: [490, 490]\n", ""),
        "etat_sentral_reserve is not computed in 2017: its first formula begins on 2018-01-01",
    ),
    "a month before its rule": (
        "- period: 2017-12\n  input: {timer_per_uke: 5}\n  output: {loepende_kategori: INGEN}\n",
        "loepende_kategori is not computed in 2017-12",
    ),
    "a year before the law": (
        "- period: 2016\n  input: {timer_per_uke: 5}\n  output: {vedtakstimer: 0}\n",
        "vedtakstimer is expected in 2016: nothing is defined before 2017",
    ),
    "nothing given": (
        "- period: 2019\n  input: {}\n  output: {vedtakstimer: 0}\n",
        "vedtakstimer in 2019 is what comes where nothing is given: give vurdert_timer_per_uke",
    ),
    "no input at all": (
        "- period: 2019-01\n  output: {normtid_timer_per_uke: 0}\n",
        "normtid_timer_per_uke in 2019-01 is what comes where nothing is given: give besoek_per_uke",
    ),
    "an answer of nothing": (
        "- period: 2019-01\n  input: {}\n  output: {loepende_kategori: INGEN}\n",
        "loepende_kategori in 2019-01 is what comes where nothing is given",
    ),
    "a unit of which nothing is given": (
        expects("enhet_avstandstilskudd: [0, 0]"),
        "enhet_avstandstilskudd in 2019 is what comes where nothing is given: give enhet_kjoeretid_per_uke",
    ),
    "a user of whom nothing is given": (
        units("b: {vurdert_timer_per_uke: 5}", "b: {}").replace(
            "etat_sentral_reserve: 20", "brukere: {b: {vedtakstimer: 0}}"
        ),
        "vurdert_timer_per_uke in 2019 is given for 1 of 2 'brukere', and not for 'b'",
    ),
    "one of several users of whom nothing is given": (
        units("b: {vurdert_timer_per_uke: 5}", "b: {}").replace("etat_sentral_reserve: 20", "vedtakstimer: [260, 0]"),
        "vurdert_timer_per_uke in 2019 is given for 1 of 2 'brukere', and not for 'b'",
    ),
}


def margin(text):
    return UNITS + f"  {text}\n"


#: Margins that swallow the value.
MARGINS = {
    "an infinite margin": (margin("absolute_error_margin: .inf"), "15:26: '.inf' looks like one thing"),
    "a margin that is no number": (margin("absolute_error_margin: .nan"), "15:26: '.nan' looks like one thing"),
    "a margin of a million": (
        margin("absolute_error_margin: 1000000"),
        "the margin 1000000 swallows the value",
        "0 would pass",
    ),
    "a margin as large as the value": (
        margin("absolute_error_margin: 20  # waiver: hvorfor ikke"),
        "15:26: the margin 20 swallows the value: with 20 expected of etat_sentral_reserve, 0 would pass",
    ),
    "a relative margin of 1": (margin("relative_error_margin: 1"), "15:26: the margin 1 swallows the value"),
    "more than half a krone": (
        margin("absolute_error_margin: 0.51"),
        "15:26: the margin 0.51 of etat_sentral_reserve is wider than 0.5 krone",
        "# waiver: reason",
    ),
    "more than a thousandth": (
        margin("relative_error_margin: 0.0011"),
        "the margin 0.0011 of etat_sentral_reserve is wider than 0.1% of the value",
    ),
    "a wide margin of hours": (
        PERSON + "  absolute_error_margin: 0.01\n",
        "the margin 0.01 of normtid_timer_per_uke is wider than 0.1% of the value",
    ),
    "a wide margin of a share": (
        expects("enhet_poengandel: {2019-01: [0.5, 0.5]}") + "  absolute_error_margin: 0.1\n",
        "the margin 0.1 of enhet_poengandel is wider than 0.1% of the value",
    ),
    "a negative margin": (margin("absolute_error_margin: -1"), "a margin is 0 or more, and not -1"),
    "a margin in quotes": (
        margin("absolute_error_margin: '0.1'"),
        "a margin is a number, and not the quoted text '0.1'",
    ),
    "a margin that is true": (margin("absolute_error_margin: true"), "a margin is a number, and not the bool 'true'"),
    "a margin of null": (margin("absolute_error_margin:"), "a margin is a number, and not empty"),
    "a margin that is a list": (margin("absolute_error_margin: [0.1]"), "a margin is a number, and not a list"),
    "margins without a default": (
        margin("absolute_error_margin: {etat_sentral_reserve: 0.1}"),
        "15:26: 'absolute_error_margin' has no 'default'",
    ),
    "a margin of an unknown variable": (
        margin("absolute_error_margin: {default: 0, etat_reserve: 0.1}"),
        "there is no variable 'etat_reserve'. Did you mean",
    ),
    "a margin of what is not expected": (
        margin("absolute_error_margin: {default: 0, etat_ufordelt: 0.1}"),
        "there is a margin for 'etat_ufordelt', which the test does not expect",
    ),
    "a waiver without a reason": (margin("absolute_error_margin: 0.6  # waiver:"), "the margin 0.6"),
    "a waiver key without a reason": (
        margin("absolute_error_margin: 0.6\n  waiver: ''"),
        "'waiver' is empty or not a text",
    ),
    "a waiver of another test": (
        margin("absolute_error_margin: 0.6") + PERSON + "  # waiver: den andre\n",
        "the margin 0.6 of etat_sentral_reserve is wider than 0.5 krone",
    ),
}

#: Periods that are none, or not the variable's.
PERIODS = {
    "a month's variable by year": (
        person("period: 2019-01", "period: 2019"),
        "6:5: normtid_timer_per_uke is asked for by month (2019-01), and not for 2019",
    ),
    "a year's variable by month": (
        expects("etat_sentral_reserve: {2019-01: 20}"),
        "etat_sentral_reserve is asked for by year (2019), and not for 2019-01",
    ),
    "no period": (
        person("  period: 2019-01\n", ""),
        "besoek_per_uke: the test has no 'period', and the value none of its own",
    ),
    "several months": (person("2019-01", "month:2019-01:3"), "2:11: the text 'month:2019-01:3' is no period"),
    "several years": (units("2019", "year:2019:2"), "the text 'year:2019:2' is no period"),
    "a year from March": (units("2019", "year:2019-03"), "the text 'year:2019-03' is no period"),
    "eternity": (person("2019-01", "ETERNITY"), "the text 'ETERNITY' is no period"),
    "a day": (person("2019-01", "2019-01-01"), "the date '2019-01-01' is no period"),
    "a month that there is not": (person("2019-01", "2019-13"), "'2019-13' is no period"),
    "a month of one digit": (person("2019-01", "2019-1"), "'2019-1' is no period"),
    "a year with decimals": (units("2019", "2019.0"), "the float '2019.0' is no period"),
    "a period that is a list": (person("2019-01", "[2019-01]"), "a list is no period"),
    "a word": (
        person("2019-01", "januar"),
        "the text 'januar' is no period. Write a year (2019) or a month (2019-01).",
    ),
    "a period expected twice": (
        expects("etat_sentral_reserve: {2019: 20, year:2019: 20}"),
        "etat_sentral_reserve is expected twice for 2019, in two spellings of the period",
    ),
    "a period given twice": (
        units("etat_disponibel_ramme: 1000", "etat_disponibel_ramme: {2019: 1000, year:2019: 2000}"),
        "etat_disponibel_ramme is given twice for 2019, in two spellings of the period",
    ),
    "a year's input by month": (
        units("etat_disponibel_ramme: 1000", "etat_disponibel_ramme: {2019-01: 1000}"),
        "etat_disponibel_ramme is given by year (2019), and not for 2019-01",
    ),
    "a month's result by year": (
        "- period: 2019\n  input: {loepende_kategori: KATEGORI_1}\n  output: {brukerkategori: KATEGORI_1}\n",
        "2:30: loepende_kategori is given by month (2019-01), and not for 2019",
    ),
    "a period given twice by one of two": (
        units("b: {vurdert_timer_per_uke: 5}", "b: {vurdert_timer_per_uke: {year:2019: 5, 2019: 6}}"),
        "vurdert_timer_per_uke is given twice for 2019, in two spellings of the period",
    ),
    "a year spelled so that core keeps the last only": (
        units("{vurdert_timer_per_uke: 5}", "{vurdert_timer_per_uke: {year:2019: 5}}"),
        "5:35: 'year:2019' is 2019 in a spelling under which core keeps the last member's value only. Write 2019.",
    ),
    "a frame under such a year": (
        units("etat_disponibel_ramme: 1000", "etat_disponibel_ramme: {year:2019-01:1: 1000}"),
        "'year:2019-01:1' is 2019 in a spelling",
    ),
    "a month spelled so": (
        units("b: {vurdert_timer_per_uke: 5}", "b: {vurdert_timer_per_uke: {month:2019-01: 5}}"),
        "'month:2019-01' is 2019-01 in a spelling",
    ),
    "a month spelled so of variables alone": (
        person("besoek_per_uke: 10", "besoek_per_uke: {month:2019-01:1: 10}"),
        "'month:2019-01:1' is 2019-01 in a spelling",
    ),
    "users by number": (
        units("a: {v", "1: {v").replace("[a", "['1'"),
        "5:7: the name 1 is no text to core, which can't run it: put it in quotes.",
    ),
    "units by number": (units("A: {", "7: {"), "8:7: the name 7 is no text to core"),
    "a unit by a date": (units("A: {", "2019-01-01: {"), "8:7: the name 2019-01-01 is no text to core"),
    "a user in a unit by number": (
        units("a: {v", "'1': {v").replace("[a", "[1"),
        "8:21: the name 1 is no text to core",
    ),
    "kroner that a float does not tell apart": (
        units("etat_disponibel_ramme: 1000", "etat_disponibel_ramme: 9007199254740993"),
        "etat_disponibel_ramme is a finite number, at most 9007199254740992, and not the int '9007199254740993'",
    ),
    "hours before the law": (
        units("b: {vurdert_timer_per_uke: 5}", "b: {vurdert_timer_per_uke: {2016: 5, 2019: 5}}"),
        "vurdert_timer_per_uke is given for 2016: nothing is defined before 2017",
    ),
    "an input in a period that is none": (
        units("etat_disponibel_ramme: 1000", "etat_disponibel_ramme: {i fjor: 1000}"),
        "11:59: 'i fjor' is no period",
    ),
    "a month given by year and by month": (
        units("vurdert_timer_per_uke: 5}", "vurdert_timer_per_uke: {2019: 5, 2019-02: 5}}"),
        "the law refuses the input",
        "given both for 2019-02 and for 2019",
    ),
}

#: Users, groups and inputs that the law would take for others.
SITUATIONS = {
    "a user in no unit": (
        units("      B: {brukere: [b]}", "      B: {}"),
        "8:7: 1 of the users, the first of them 'b', are in none of the 'enheter'",
    ),
    "a user in no etat": (
        units("t: {brukere: [a, b]", "t: {brukere: [a]"),
        "1 of the users, the first of them 'b', are in none of the 'etater'",
    ),
    "a user in no area": (
        units("o: {brukere: [a, b]", "o: {brukere: [b]"),
        "the first of them 'a', are in none of the 'byomraader'",
    ),
    "no etat": (
        units("    etater: {t: {brukere: [a, b], etat_disponibel_ramme: 1000}}\n", ""),
        "'etater' is left out: say which users belong to which of the 'etater'",
    ),
    "no unit": (
        units("    enheter:\n      A: {brukere: [a]}\n      B: {brukere: [b]}\n", ""),
        "'enheter' is left out",
    ),
    "an etat without its users": (
        units("t: {brukere: [a, b], e", "t: {e"),
        "2 of the users, the first of them 'a', are in none of the 'etater'",
    ),
    "an unknown user": (
        units("B: {brukere: [b]}", "B: {brukere: [b, c]}"),
        "9:20: the text 'c' is no user. Known: a, b",
    ),
    "a user in two units": (
        units("B: {brukere: [b]}", "B: {brukere: [a, b]}"),
        "the user 'a' is listed in 'enheter' more than once",
    ),
    "a user twice in a unit": (
        units("A: {brukere: [a]}", "A: {brukere: [a, a]}"),
        "the user 'a' is listed in 'enheter' more than once",
    ),
    "no users": (
        units("    brukere:\n      a: {vurdert_timer_per_uke: 5}\n      b: {vurdert_timer_per_uke: 5}\n", ""),
        "there are no users: name them under 'brukere'",
    ),
    "users of null": (
        units("      a: {vurdert_timer_per_uke: 5}\n      b: {vurdert_timer_per_uke: 5}\n", ""),
        "'brukere' holds a name for each of them, and not empty",
    ),
    "a unit in two etater": (
        units("B: {brukere: [b]}", "B: {}")
        .replace("A: {brukere: [a]}", "A: {brukere: [a, b]}")
        .replace(
            "t: {brukere: [a, b], etat_disponibel_ramme: 1000}",
            "t: {brukere: [a], etat_disponibel_ramme: 1000}, u: {brukere: [b], etat_disponibel_ramme: 1000}",
        )
        .replace("etat_sentral_reserve: 20", "etat_sentral_reserve: [20, 20]"),
        "the law refuses the input",
        "lie in more than one agency",
    ),
    "the default frame twice": (
        units("t: {brukere: [a, b], etat_disponibel_ramme: 1000}", "t: {brukere: [a]}, u: {brukere: [b]}").replace(
            "etat_sentral_reserve: 20", "etat_sentral_reserve: [20, 20]"
        ),
        "the law refuses the input",
        "The default frame is Bergen's and can be used by one",
    ),
    "one entity in both forms": (
        units("    byomraader: {o", "    etat: {etat_disponibel_ramme: 1000}\n    byomraader: {o"),
        "10:5: 'etat' and 'etater' are both given",
    ),
    "entities in a list": (
        units("byomraader: {o: {brukere: [a, b]}}", "byomraader: [o]"),
        "'byomraader' holds a name for each of them, and not a list",
    ),
    "a variable among the entities": (
        units("    byomraader: {o", "    vurdert_timer_per_uke: 5\n    byomraader: {o"),
        "10:5: 'vurdert_timer_per_uke' is a variable, and stands under its entity",
    ),
    "an unknown entity": (
        units("byomraader: {o", "byomrader: {o"),
        "10:5: 'byomrader' is no entity. Did you mean byomraader",
    ),
    "an input of another entity": (
        units("t: {brukere: [a, b], etat", "t: {brukere: [a, b], enhet_kjoeretid_per_uke: 1, etat"),
        "'enhet_kjoeretid_per_uke' belongs to 'enheter', and not to 'etater'",
    ),
    "an unknown input": (
        person("besoek_per_uke", "besok_per_uke"),
        "4:5: there is no variable 'besok_per_uke'. Did you mean besoek_per_uke",
    ),
    "an unknown input of a user": (units("a: {vurdert", "a: {timer: 1, vurdert"), "there is no variable 'timer'"),
    "an input that is a list": (
        person("\n    besoek_per_uke: 10", " [besoek_per_uke]"),
        "'input' is written as keys and values ({} for none), and not as a list",
    ),
    "an input of null": (
        person("\n    besoek_per_uke: 10", ""),
        "'input' is written as keys and values ({} for none), and not as empty",
    ),
    "a user of null": (
        units("a: {vurdert_timer_per_uke: 5}", "a:"),
        "'a' holds variables ({} for none), and not empty",
    ),
    "a user that is a number": (
        units("a: {vurdert_timer_per_uke: 5}", "a: 5"),
        "'a' holds variables ({} for none), and not the int '5'",
    ),
    "lists of two lengths": (
        person("besoek_per_uke: 10", "besoek_per_uke: [10, 20]\n    normtid_minutter_per_besoek: 30"),
        "besoek_per_uke has 2 values and normtid_minutter_per_besoek 1: give one for each user",
    ),
    "axes": (
        units("    byomraader: {o", "    axes: [[{count: 2}]]\n    byomraader: {o"),
        "axes make users that nobody sees",
    ),
    "more hours than a week has": (
        person("besoek_per_uke: 10", "timer_per_uke: 169"),
        "the law refuses the input",
        "0 to 168",
    ),
    "hours below 0": (person("besoek_per_uke: 10", "timer_per_uke: -1"), "the law refuses the input"),
    "visits that make too many hours": (
        person("10", "400"),
        "the law refuses the input",
        "make more hours a week than 168",
    ),
    "øre": (units("ramme: 1000", "ramme: 1000.5"), "the law refuses the input", "send whole kroner"),
    "driving time of a unit without users": (
        units("B: {brukere: [b]}", "B: {brukere: [b]}\n      C: {enhet_kjoeretid_per_uke: 1}").replace(
            "490]", "490, 0]"
        ),
        "the law refuses the input",
        "the unit has no users",
    ),
}

NORMTID = "openfisca_bergen_hbt.reforms.vedtak_2017_10_normtid_avviklet.NormtidAvviklet"
MODELL = "openfisca_bergen_hbt.reforms.vedtak_2018_01_kategorimodell.Kategorimodell"

#: Keys, names, reforms and regulations.
KEYS = {
    "inputs": (person("input:", "inputs:"), "3:3: a test has no key 'inputs'. Did you mean input"),
    "outputs": (person("output:", "outputs:"), "5:3: a test has no key 'outputs'. Did you mean output"),
    "ouput": (person("output:", "ouput:"), "a test has no key 'ouput'. Did you mean output"),
    "expected": (PERSON + "  expected: 1\n", "7:3: a test has no key 'expected'"),
    "parameters": (PERSON + "  parameters: {reserve: {andel: 1}}\n", "7:3: 'parameters' is not allowed: it replaces"),
    "extensions": (PERSON + "  extensions: [os]\n", "'extensions' is not allowed: an extension changes the law"),
    "only_variables": (PERSON + "  only_variables: [x]\n", "'only_variables' is not allowed: it leaves outputs out"),
    "ignore_variables": (PERSON + "  ignore_variables: [normtid_timer_per_uke]\n", "'ignore_variables' is not allowed"),
    "max_spiral_loops": (PERSON + "  max_spiral_loops: 4\n", "'max_spiral_loops' is not allowed"),
    "an empty name": (person("en bruker", "''"), "'name' is empty or not a text"),
    "a name that is a number": (person("en bruker", "2019"), "1:9: 'name' is a text: put '2019' in quotes"),
    "a name that is a list": (person("en bruker", "[a, b]"), "'name' is empty or not a text"),
    "two tests of one name": (PERSON + PERSON, "2 tests are called 'en bruker': give each a name of its own"),
    "a description that is a number": (PERSON + "  description: 1\n", "'description' is a text: put '1' in quotes"),
    "a keyword that is a number": (PERSON + "  keywords: [2019]\n", "a keyword is a text"),
    "an unknown reform": (
        PERSON + f"  reforms: [{MODELL}en]\n",
        f"there is no decision or reading '{MODELL}en'",
        "nothing else is imported",
        "Did you mean",
    ),
    "a reform that is another module": (
        PERSON + "  reforms: [antigravity.Reform]\n",
        "there is no decision or reading 'antigravity.Reform'",
    ),
    "a decision by its id": (
        PERSON + "  reforms: vedtak_2018_01_kategorimodell\n",
        "there is no decision",
        "module and class",
    ),
    "a decision twice": (PERSON + f"  reforms: [{NORMTID}, {NORMTID}]\n", "is already applied"),
    "decisions out of order": (PERSON + f"  reforms: [{MODELL}, {NORMTID}]\n", "7:12:", "can't be applied on top of"),
    "no reforms": (PERSON + "  reforms: []\n", "'reforms' names no decision"),
    "reforms of null": (PERSON + "  reforms:\n", "'reforms' is a list of decisions"),
    "reforms as keys": (PERSON + "  reforms: {a: b}\n", "'reforms' is a list of decisions"),
    "a reform that is a number": (PERSON + "  reforms: [1]\n", "a reform is a text: put '1' in quotes"),
    "an unknown regulation": (
        "# regulation: kategorimodellen\n" + PERSON,
        "1:1: There is no regulation 'kategorimodellen'",
    ),
    "a regulation before the law": ("# regulation: 2016-01\n" + PERSON, "1:1: '2016-01' is before 2017-01-01"),
    "a regulation of no date": ("# regulation: 2019-13-01\n" + PERSON, "1:1: '2019-13-01' is not a date"),
    "an empty regulation": ("# regulation:\n" + PERSON, "1:1: There is no regulation ''"),
}

ALL = {
    f"{kind}: {name}": case
    for kind, cases in {
        "loading": LOADING,
        "types": TYPES,
        "outputs": OUTPUTS,
        "not tested": NOT_TESTED,
        "margins": MARGINS,
        "periods": PERIODS,
        "situations": SITUATIONS,
        "keys": KEYS,
    }.items()
    for name, case in cases.items()
}
