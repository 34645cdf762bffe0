"""What the scanner finds, and what it leaves alone."""

from datetime import date
from re import _parser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetings import scanning
from meetings.scanning import birthday, satisfies_modulus, scan


def found(text, **facts):
    return [(match.kind, match.excerpt) for match in scan(text, **facts)]


def kinds(text, **facts):
    return {match.kind for match in scan(text, **facts)}


# CPR ------------------------------------------------------------------------------------

SIGNS = st.sampled_from(
    ["", " ", "-", "–", "—", "\u2011", "\u2212", "/", ".", "\u00a0", " - ", " – ", "- "]
)
BEFORE = st.sampled_from(["", "om ", "CPR:", "cpr-nr. ", "(", "\n", "»", "nr. "])
AFTER = st.sampled_from(["", " er", ".", ",", ")", "\n", "; og", "!"])


@st.composite
def cpr_digits(draw):
    """Ten digits whose first six are a day in the century that the seventh says."""
    day = draw(st.dates(date(1858, 1, 1), date(2057, 12, 31)))
    sevenths = [
        seventh
        for seventh in range(10)
        if birthday(f"{day:%d%m}{day.year % 100:02}{seventh}000") == day
    ]
    digits = f"{draw(st.sampled_from(sevenths))}{draw(st.integers(0, 999)):03}"
    return f"{day:%d%m}{day.year % 100:02}", digits


@given(cpr_digits(), SIGNS, BEFORE, AFTER)
def test_every_cpr_number_is_found_however_it_is_written(number, sign, before, after):
    written = number[0] + sign + number[1]

    assert ("cpr", written) in found(before + written + after)


@given(cpr_digits(), st.sampled_from([" ", "-", ".", "/"]))
def test_a_cpr_number_with_its_date_written_apart_is_found(number, sign):
    date_part = sign.join((number[0][:2], number[0][2:4], number[0][4:]))

    assert "cpr" in kinds(f"født {date_part}-{number[1]} i byen")


@given(
    st.integers(0, 999999).filter(lambda n: birthday(f"{n:06}0000") is None),
    st.integers(0, 3999),
    SIGNS,
)
def test_ten_digits_without_a_real_day_are_no_cpr_number(six, four, sign):
    assert "cpr" not in kinds(f"om {six:06}{sign}{four:04} er")


@pytest.mark.parametrize(
    ("digits", "day"),
    [
        ("0107612345", date(1961, 7, 1)),
        ("0101004000", date(2000, 1, 1)),
        ("0101374000", date(1937, 1, 1)),
        ("2902000000", None),  # 1900 was no leap year
        ("2902004000", date(2000, 2, 29)),
        ("3112575000", date(2057, 12, 31)),
        ("0101585000", date(1858, 1, 1)),
        ("3104901234", None),
    ],
)
def test_birthday_is_read_with_its_century(digits, day):
    assert birthday(digits) == day


def test_modulus_and_the_word_cpr_only_make_it_likelier():
    # The example number of CPR-kontoret satisfies the check.
    assert satisfies_modulus("0707614285")
    assert not satisfies_modulus("0707614286")
    assert [m.likely for m in scan("070761-4285, 070761-4286, CPR-nr. 070761-4286")] == [
        True, False, True,
    ]  # fmt: skip


# What is not private ----------------------------------------------------------------------


@given(
    st.sampled_from(["EMN", "SAG", "J.nr.", "EMN-"]),
    st.integers(1990, 2039),
    st.integers(0, 99999),
)
def test_case_ids_are_left_alone(series, year, number):
    assert found(f"Sag {series}-{year}-{number:05} og Bilag 1") == []


@given(st.integers(0, 10**12), st.sampled_from(["kr.", "kroner", "mio. kr.", "DKK"]))
def test_sums_are_left_alone(amount, unit):
    dotted = f"{amount:,}".replace(",", ".")

    assert found(f"Det koster {dotted} {unit} om året") == []


@given(st.integers(10**7, 10**8 - 1), st.sampled_from(["kr.", " kr.", " kroner", " DKK"]))
def test_a_sum_of_eight_digits_in_one_run_is_no_phone_number(amount, unit):
    assert "phone" not in kinds(f"Det koster {amount}{unit}")


@given(
    st.dates(date(1900, 1, 1), date(2099, 12, 31)),
    st.sampled_from(["%Y-%m-%d", "%d.%m.%Y", "%d-%m-%Y", "%d/%m/%Y", "%Y%m%d", "%d%m%Y"]),
)
def test_dates_are_left_alone(day, form):
    assert found(f"Mødet den {day.strftime(form)} kl. 17.00 blev aflyst") == []


@given(st.integers(1900, 2099), st.integers(1900, 2099), st.sampled_from("-– "))
def test_ranges_of_years_are_no_phone_numbers(first, last, sign):
    assert found(f"Perioden {first}{sign}{last} er lang") == []


@pytest.mark.parametrize(
    "text",
    ["CVR 12345678", "CVR-nr. 29 18 86 44", "EAN 5790001234567", "§ 17, stk. 4", "kl. 17.00-20.00",
     "Punkt på vej 3", "på den 3. vej 12", "Bilag 4.2", "25.02.26 1700", "1.234.567,89"],
)  # fmt: skip
def test_other_numbers_are_left_alone(text):
    assert found(text) == []


# Phone, mail, address, names ----------------------------------------------------------------

GROUPS = ["{}{}{}{}", "{} {} {} {}", "{}{} {}{}", "{}.{}.{}.{}", "{}-{}-{}-{}", "{}\u00a0{} {} {}"]


@given(
    st.integers(20, 99),
    st.lists(st.integers(0, 99), min_size=3, max_size=3),
    st.sampled_from(GROUPS),
    st.sampled_from(["+45 ", "+45", "0045 ", "0045"]),
)
def test_every_phone_number_with_its_country_is_found(first, rest, group, prefix):
    written = prefix + group.format(*(f"{part:02}" for part in (first, *rest)))

    assert "phone" in kinds(f"Ring til {written}, tak")


@pytest.mark.parametrize(
    "number", ["22 33 44 55", "2233 4455", "22334455", "39.98.01.23", "22 334455", "22 334 455"]
)
def test_a_phone_number_of_the_usual_shapes_is_found(number):
    assert found(f"Telefon: {number}.") == [("phone", number)]


@pytest.mark.parametrize("before", ["op ", "se ", "Se ", "i hop: ", "sagen 12, "])
def test_a_word_that_ends_like_a_sort_of_number_hides_no_phone_number(before):
    assert ("phone", "22334455") in found(f"{before}22334455")


def test_two_phone_numbers_side_by_side_are_both_found():
    assert found("22334455 33445566") == [("phone", "22334455"), ("phone", "33445566")]


def test_the_municipality_s_own_phone_and_mail_are_official():
    text = "Ring 39 98 00 00 eller skriv til udvalg@gentofte.dk og jf@data.gentofte.dk"

    assert found(text, own_domains=["gentofte.dk"], own_phones=["+45 3998 0000"]) == []
    assert kinds(text) == {"phone", "email"}


def test_mail_that_only_ends_like_the_municipality_s_is_found():
    assert found("a@evilgentofte.dk b@gentofte.dk.example.org", own_domains=["gentofte.dk"]) == [
        ("email", "a@evilgentofte.dk"), ("email", "b@gentofte.dk.example.org"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "address",
    ["Strandvejen 12", "Søgade 4B", "Ole Olsens Allé 7 a", "Store Torv 1", "Ny Vestergade 110",
     "H.C. Ørsteds Vej 3", "Kærvænget 9"],
)  # fmt: skip
def test_street_addresses_are_found(address):
    assert found(f"hun bor på {address}, og") == [("address", address)]


@pytest.mark.parametrize("text", ["Ane Bo Nør", "ANE BO NØR", "ane  bo\nnør"])
def test_names_are_found_whole(text):
    assert found(f"om {text}s sag {text}.", names=["Ane Bo Nør"]) == [("name", text)]


@pytest.mark.parametrize("run", ["a" * 50_000, "1" * 50_000, "A " * 25_000, "ab." * 20_000])
def test_what_is_private_is_found_between_long_runs(run):
    text = f"{run} CPR 010190-1234, skriv til ane@bo.dk {run}"

    assert [(m.kind, m.excerpt) for m in scan(text)] == [
        ("cpr", "010190-1234"),
        ("email", "ane@bo.dk"),
    ]


REPEATS = {"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"}


def steps(pattern):
    """How many characters an attempt at one place can look at, at most."""
    total = 0
    for name, rest in pattern:
        if str(name) in REPEATS:
            _least, most, inner = rest
            total += int(most) * max(steps(inner), 1)
        elif str(name) == "BRANCH":
            total += sum(steps(inner) for inner in rest[1])
        elif str(name) == "SUBPATTERN":
            total += steps(rest[-1])
        elif str(name) not in {"ASSERT", "ASSERT_NOT"}:
            total += 1
    return total


@pytest.mark.parametrize("name", ["CPR", "PHONE", "EMAIL", "ADDRESS"])
def test_looking_at_a_place_takes_a_bounded_number_of_steps(name):
    """So a text takes time as its length, whoever wrote it: no repetition is without an end."""
    assert steps(_parser.parse(getattr(scanning, name).pattern)) < 1000
