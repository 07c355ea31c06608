"""The first screen answers: nothing on it is cut off, on any screen, and what was changed stands first."""

import re

import pytest

from openfisca_bergen_hbt.web.page.choice import step
from tests.web.test_page_of_analysts import address, text, updated, visit  # noqa: F401 (fixtures)

#: The pictures beside the answer, as images or as the drawings that take their place.
PICTURES = ".first figure > svg, .first .picture img"
WIDTHS = (320, 375, 600, 768, 960, 1280, 1920, 2560)
STATES = {
    "the law": "/",
    "a change": "/?tall.reserve.andel=4+%&tall.reserve.toleranse=3+%",
    "a reading": "/?lesning=lesning_t22_27_minutter",
    "every rule": "/?eksempel=bevegelse",
    "many regulations": "/?regelverk=grunnregelverk&regelverk=vedtak_2017_10_normtid_avviklet"
    "&regelverk=vedtak_2018_01_kategorimodell&regelverk=vedtak_2021_06_statusrapport",
    "years": "/?aar=2017&til=2022",
    "why": "/forklar?hvem=Bergenhus",
    "an error": "/forklar?hvem=Oslo",
}
OUTSIDE = """() => {
  document.querySelectorAll('details').forEach((details) => { details.open = true; });
  const root = document.documentElement;
  const wide = [...document.querySelectorAll('.scroll')].filter((part) => part.scrollWidth > part.clientWidth + 1);
  return [...(root.scrollWidth > root.clientWidth ? ['the page'] : []), ...wide.map((part) => part.ariaLabel)];
}"""
#: Kroner that rounding moves: the pool is paid out month by month, each time in whole kroner.
ROUNDING = 12


def amounts(said):
    """Return the whole numbers of a text, the thousands of which are parted by spaces."""
    return [int(found.replace(" ", "")) for found in re.findall(r"(?<![\d,])\d{1,3}(?: \d{3})+", said)]


@pytest.mark.parametrize("state", STATES)
def test_nothing_is_cut_off_at_any_width(state, visit):  # noqa: F811
    page = visit(STATES[state])
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate(OUTSIDE) == [], width


@pytest.mark.parametrize("width", [375, 1280])
def test_with_bands_nothing_is_cut_off_either(width, visit):  # noqa: F811
    page = visit("/?spenn=1")
    page.set_viewport_size({"width": width, "height": 800})
    assert page.evaluate(OUTSIDE) == []


@pytest.mark.parametrize("state", ["the law", "a change"])
def test_the_answer_is_on_the_first_screen(state, visit):  # noqa: F811
    page = visit(STATES[state])
    page.locator(PICTURES).last.wait_for()
    page.locator(".first figure > svg").nth(1).wait_for()
    ends = page.locator(f".answer, .figures, .doubt, {PICTURES}").evaluate_all(
        "(parts) => parts.map((part) => part.getBoundingClientRect().bottom)"
    )
    assert len(ends) == 5
    assert max(ends) <= 800
    assert page.locator("#resultat").bounding_box()["x"] > page.locator("#aar").bounding_box()["x"] + 100


def test_the_choices_stay_beside_the_result_that_they_move(visit):  # noqa: F811
    page = visit("/")
    page.get_by_text("Etatsdirektørens reserve", exact=True).click()
    slider = page.get_by_role("slider", name="Andel av disponibel ramme som holdes av")
    slider.focus()
    updated(page, lambda: slider.press("End"))
    assert page.locator(".answer").bounding_box()["y"] >= 0  # the page itself has not moved
    box = slider.bounding_box()
    assert 0 <= box["y"] <= 800


def test_on_a_telephone_they_are_folded_above_it_and_its_pictures_can_be_read(visit):  # noqa: F811
    page = visit("/", "narrow")
    assert not page.locator("#aar").is_visible()
    page.locator(".pictures").first.scroll_into_view_if_needed()
    page.locator(".first figure > svg").nth(1).wait_for()
    shrunk = page.locator(PICTURES).evaluate_all(
        "(all) => all.map((one) => one.getBoundingClientRect().width / one.viewBox.baseVal.width)"
    )
    assert len(shrunk) == 2
    assert min(shrunk) > 0.9  # letters of 11 pixels stay 10
    page.get_by_text("Velg år, regelverk og tall").click()
    assert page.locator("#aar").is_visible()


@pytest.mark.parametrize(("size", "beside"), [("usual", True), ("narrow", False)])
def test_so_it_is_without_scripts(size, beside, visit):  # noqa: F811
    page = visit("/", size, java_script_enabled=False)
    assert page.locator("#aar").is_visible() == beside
    assert page.locator(PICTURES).count() == 2


def test_what_there_is_no_room_for_is_shown_when_asked_for(visit):  # noqa: F811
    page = visit("/")
    table = page.get_by_role("region", name="Hver enhet etter")
    underdekning = table.get_by_role("columnheader", name="Underdekning")
    assert not underdekning.is_visible()
    table.get_by_label("Alle kolonner").check()
    assert underdekning.is_visible()


def test_on_paper_the_pictures_stay_and_nothing_is_folded_away(visit):  # noqa: F811
    page = visit("/")
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 1031, "height": 703})  # the inside of an A4 page on its side
    assert page.locator("a.picture img").evaluate_all("(all) => all.every((one) => one.loading !== 'lazy')")
    assert page.locator("figure > svg, a.picture img").evaluate_all("(all) => all.every((one) => one.clientWidth > 99)")
    assert page.get_by_role("columnheader", name="Underdekning").is_visible()
    assert page.locator("#grunnlag table").first.is_visible()
    assert page.locator("#valg").is_hidden()


def test_a_broken_frame_is_said_first_and_in_red(visit):  # noqa: F811
    page = visit("/?regelverk=vedtak_2017_10_normtid_avviklet")
    line = page.locator(".broken")
    said = text(page, ".broken")
    assert said.startswith("Rammen er brutt: «Normtid avviklet» deler ut ")
    # what the published overspend is, but for the rounding of six areas
    assert amounts(said)[0] == pytest.approx(51_784_341, abs=3)
    assert said.endswith("Det er et regnestykke, og var aldri regelen for et budsjett (T-26).")
    assert line.evaluate("(one) => getComputedStyle(one).color") == "rgb(156, 28, 28)"
    assert line.bounding_box()["y"] < page.locator(".answer").bounding_box()["y"]
    assert visit("/").locator(".broken").count() == 0  # the category model hands out no more than there is


def test_what_overturns_the_answer_is_named_with_it(visit):  # noqa: F811
    doubt = text(visit("/"), ".doubt")
    assert "Fana Ytrebygda mindre (100 %, T-22)" in doubt
    assert "mer delt ut" in doubt


def test_each_figure_of_the_answer_leads_to_how_it_is_computed(visit):  # noqa: F811
    page = visit("/")
    page.locator(".figures a").last.click()
    assert "Penger igjen" in page.inner_text("h1") or "sentralt" in page.inner_text("h1")
    assert "20 713 740" in text(page, "main")


def test_a_change_is_measured_against_the_same_regulation_without_it(visit):  # noqa: F811
    page = visit(STATES["a change"])
    about, answer = text(page, ".about"), text(page, ".answer")
    assert ": 2 % → 4 %; " in about
    assert about.endswith(": 5 % → 3 % (2019)")
    less, left = amounts(answer)[:2]
    # 2 % more of a frame of 1 035 686 820 is held back, and nobody is compensated
    assert less == pytest.approx(0.02 * 1_035_686_820, abs=ROUNDING)
    assert left == pytest.approx(0.04 * 1_035_686_820, abs=ROUNDING)
    assert "Mot «Statusrapport» uten endringen" in answer
    assert "før 20 713 740" in text(page, ".figures")
    assert page.locator("h2").nth(1).inner_text() == "Hva endringen gjør"


def test_a_reading_is_a_change_too(visit):  # noqa: F811
    page = visit("/?lesning=lesning_t05_reserven_deles_ut")
    assert "lest «Reserven deles ut»" in text(page, ".about")
    more = amounts(text(page, ".answer"))[0]
    assert more == pytest.approx(0.02 * 1_035_686_820, abs=ROUNDING)  # the whole reserve
    assert "kr mer" in text(page, ".answer")


def test_what_is_adopted_is_not_said_to_be_assumed(visit):  # noqa: F811
    page = visit("/")
    assumed, adopted = (
        page.locator("fieldset", has=page.locator(f"legend:text-is('{name}')"))
        for name in (
            "Antatte tall",
            "Vedtatte grenser",
        )
    )
    bounds = "[name^='tall.kategorimodell.nedre_grense']"
    assert (assumed.locator(bounds).count(), adopted.locator(bounds).count()) == (0, 5)
    assert adopted.locator("input[name^=tall]").count() == 5


def test_every_slider_stands_at_the_law_and_can_come_back_to_it(visit):  # noqa: F811
    page = visit("/")
    page.evaluate("document.querySelectorAll('details').forEach((details) => { details.open = true; })")
    fields = page.locator("[data-usual]").all()
    for field in fields:
        usual = field.get_attribute("data-usual")
        slider = page.locator(".number-field", has=page.locator(f"[id='{field.get_attribute('id')}']")).locator(
            "[type=range]"
        )
        assert slider.get_attribute("aria-valuetext").startswith(f"{usual}, fra ")
        there, back = ("ArrowLeft", "ArrowRight")
        if slider.evaluate("(one) => one.value === one.min"):
            there, back = back, there
        slider.press(there)
        assert field.input_value() != usual
        slider.press(back)
        assert field.input_value() == usual
    assert len(fields) == 17  # twelve assumed, five bounds


def test_a_slider_follows_what_is_written(visit):  # noqa: F811
    page = visit("/")
    page.get_by_text("Etatsdirektørens reserve", exact=True).click()
    field = page.locator("#tall\\.reserve\\.andel")
    slider = page.get_by_role("slider", name="Andel av disponibel ramme som holdes av")
    for written in ("4 %", "0,04", "0.04"):
        field.fill("1 %")
        field.fill(written)
        assert slider.input_value() == "0.04"
        assert slider.get_attribute("aria-valuetext") == "4 %, fra 0 % til 5 %"


@pytest.mark.parametrize(
    ("low", "high", "value", "expected"),
    [
        (0, 168, 7.5, 0.5),  # 168 / 40 = 4.2; 2.5 does not go into 168, nor 1 into 7.5
        (0, 0.05, 0.02, 0.001),  # 0.05 / 40 = 0.00125
        (7.5, 15, 11.25, 0.05),  # 7.5 / 40 = 0.1875; 0.1 does not go into 11.25
        (52, 52.18, 52, 0.0025),  # 0.18 / 40 = 0.0045; 0.0025 goes into 52.18
        (0, 1, 1 / 3, 0.01),  # nothing round reaches a third: a hundredth
    ],
)
def test_a_number_is_moved_in_steps_of_its_own(low, high, value, expected):
    assert step(low, high, value) == expected
