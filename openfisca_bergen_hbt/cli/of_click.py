"""What click says by itself, so that the catalogue has it: click asks gettext for it (``speech``). Nothing is run here.

Of its messages those that a user of these commands can meet, in the words of each release that is allowed.
"""

from __future__ import annotations

from openfisca_bergen_hbt.text.language import marked, marked_several

HELP = (
    marked("Usage:"),
    marked("Options"),
    marked("Commands"),
    marked("[OPTIONS]"),
    marked("COMMAND [ARGS]..."),
    marked("default: {default}"),
    marked("required"),
    marked("(dynamic)"),
    marked("Show this message and exit."),
    marked("Show the version and exit."),
)
ERRORS = (
    marked("Aborted!"),
    marked("Error: {message}"),
    marked("Try '{command} {option}' for help."),
    marked("Missing command."),
    marked("Missing argument"),
    marked("Missing option"),
    marked("Missing parameter"),
    marked("No such command {name!r}."),
    marked("No such option {name!r}."),
    marked("No such option: {name}"),  # before 8.2
    marked("Invalid value: {message}"),
    marked("Invalid value for {param_hint}: {message}"),
    marked("Option {name!r} does not take a value."),
    marked("Argument {name!r} takes {nargs} values."),
    marked("Choose from:\n\t{choices}"),
    marked("{value} is not in the range {range}."),
    marked("{value!r} is not a valid {number_type}."),
    marked("{name} {filename!r} does not exist."),
    marked("{name} {filename!r} is a file."),
    marked("{name} {filename!r} is a directory."),
    marked("{name} {filename!r} is not readable."),
    marked("{name} {filename!r} is not writable."),
    marked("Could not open file {filename!r}: {message}"),
    marked("unknown error"),
)
SEVERAL = (
    marked_several("Got unexpected extra argument ({args})", "Got unexpected extra arguments ({args})"),
    marked_several("Takes {nargs} values but 1 was given.", "Takes {nargs} values but {len} were given."),
    marked_several("Did you mean {possibility}?", "(Did you mean one of: {possibilities}?)"),
    marked_several("{value!r} is not {choice}.", "{value!r} is not one of {choices}."),
    marked_several("Option {name!r} requires an argument.", "Option {name!r} requires {nargs} arguments."),
)
#: The kinds of values.
KINDS = (
    marked("text"),
    marked("integer"),
    marked("integer range"),
    marked("float"),
    marked("float range"),
    marked("boolean"),
    marked("choice"),
    marked("file"),
    marked("directory"),
    marked("path"),
)
#: What stands for values in help.
METAVARS = (
    marked("ADDRESS|FILE"),
    marked("COUNT"),
    marked("DATE"),
    marked('"EXPRESSION = AMOUNT"'),
    marked("FILE"),
    marked("FILE|FOLDER|PATTERN|ADDRESS"),
    marked("FLOW"),
    marked("FOLDER"),
    marked("FROM-TO"),
    marked("GROUP=NUMBER"),
    marked("HEADING=COLUMN"),
    marked("ID"),
    marked("KR|YEAR=KR|bergen"),
    marked("LOW HIGH"),
    marked("NAME"),
    marked("ORIGIN"),
    marked("PARAMETER"),
    marked("PARAMETER=VALUE[@DATE]"),
    marked("PATH"),
    marked("PATH…"),
    marked("PERCENT"),
    marked("PERIOD"),
    marked("UNIT"),
    marked("VARIABLE"),
    marked("VARIABLE_OR_PARAMETER"),
    marked("YEAR=NUMBER"),
    marked("[VARIABLE_OR_PARAMETER]"),
    marked("[DATE] [VARIABLE_OR_PARAMETER]"),
    marked("YEAR"),
)
