"""A quotation is found again after any edit elsewhere, and never taken for another passage."""

from hypothesis import assume, given
from hypothesis import strategies as st

from core.text import render_prose
from meetings.anchoring import ALIKE, Place, Quote, alike, find, find_pasted, quote_at, squeeze
from meetings.marking import mark_places, plain_text

LOW = st.text("abcdefghijklmnopqrstuvwxyzæøå", min_size=1, max_size=9)
HIGH = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZÆØÅ", min_size=1, max_size=9)
AROUND = st.lists(LOW, max_size=40).map(" ".join)
PASSAGE = st.lists(HIGH, min_size=1, max_size=25).map(" ".join)
ANYTHING = st.text(max_size=200)


def joined(*parts):
    return squeeze(" ".join(parts))


def anchored(before, passage, after):
    """The quotation of `passage` as it was read."""
    text = joined(before, passage, after)
    start = len(joined(before)) + bool(joined(before))
    return quote_at(text, Place(start, start + len(passage)))


@given(AROUND, PASSAGE, AROUND, AROUND, st.booleans())
def test_edit_on_one_side_never_loses_an_anchor(before, passage, after, new, is_before):
    quote = anchored(before, passage, after)
    text = joined(new, passage, after) if is_before else joined(before, passage, new)

    place = find(quote, text)

    assert place is not None
    assert place.exact
    assert text[place.start : place.end] == passage


@given(AROUND, PASSAGE, AROUND, AROUND, AROUND)
def test_edits_on_both_sides_never_lose_a_longer_anchor(before, passage, after, one, other):
    assume(len(passage) >= 16)
    text = joined(one, passage, other)

    place = find(anchored(before, passage, after), text)

    assert place is not None
    assert text[place.start : place.end] == passage


@given(AROUND, PASSAGE, AROUND)
def test_deleting_the_passage_makes_it_loose(before, passage, after):
    assert find(anchored(before, passage, after), joined(before, after)) is None


@given(ANYTHING, ANYTHING, ANYTHING, ANYTHING)
def test_what_is_found_is_alike(exact, prefix, suffix, text):
    exact, text = squeeze(exact), squeeze(text)
    place = find(Quote(exact, prefix, suffix), text)

    assert place is None or alike(exact, text[place.start : place.end]) >= ALIKE


@given(st.lists(st.sampled_from(["ja", "nej", "AI", "og"]), min_size=1, max_size=30), st.data())
def test_among_equals_the_one_with_the_same_neighbours_is_found(words, data):
    text = " ".join(words)
    start = data.draw(st.integers(0, len(words) - 1))
    offset = len(" ".join(words[:start])) + bool(start)
    quote = quote_at(text, Place(offset, offset + len(words[start])))
    place = find(quote, text)

    assert place is not None
    assert quote_at(text, place) == quote


def test_one_changed_word_is_still_the_passage():
    quote = Quote("Forvaltningen foreslår tre faste temaer", "Før. ", " Efter.")
    text = "Nyt her. Forvaltningen foreslår nu fire faste temaer i alt."
    place = find(quote, text)

    assert place is not None
    assert not place.exact
    assert "foreslår nu fire faste temaer" in text[place.start : place.end]


def test_short_word_elsewhere_is_not_the_one_that_was_marked():
    quote = anchored("Borgerne møder", "AI", "hver dag i kommunen")

    assert find(quote, "Kommunens AI er ny") is None
    assert find(quote, "Borgerne møder AI hver time") is not None


def test_pasted_words_are_found_nearest_to_their_neighbours():
    text = "AI her og AI der"

    assert find_pasted(Quote("AI", "her og ", ""), text) == Place(10, 12)
    assert find_pasted(Quote("", "", ""), text) is None


def test_long_text_is_searched_in_reasonable_time():
    text = " ".join(f"ord{n % 977} følger{n % 13}" for n in range(15_000))
    quote = Quote(text[50_000:50_900].replace("følger1", "kommer"))

    place = find(quote, text)

    assert place is None or alike(quote.exact, text[place.start : place.end]) >= ALIKE


# Marks ----------------------------------------------------------------------------------------


def test_mark_crosses_elements_and_leaves_the_gaps_between_them_alone():
    html = "<ul>\n<li>første &amp; punkt</li>\n<li>andet</li>\n</ul>\n"
    plain = plain_text(html)
    place = Place(plain.index("punkt"), len(plain))

    assert plain == "første & punkt andet"
    assert mark_places(html, [place]) == (
        "<ul>\n<li>første &amp; <mark>punkt</mark></li>\n<li><mark>andet</mark></li>\n</ul>\n"
    )


@given(st.text(alphabet="ab <>&\"'*_-|#1.)\n[]()æ", max_size=120), st.data())
def test_marking_changes_nothing_but_the_marks(markdown, data):
    html = str(render_prose(markdown))
    plain = plain_text(html)
    start = data.draw(st.integers(0, len(plain)))
    end = data.draw(st.integers(start, len(plain)))
    marked = str(mark_places(html, [Place(start, end)]))

    assert plain_text(marked) == plain
    without = marked.replace("<mark>", "").replace("</mark>", "")
    assert without.count("<") == html.count("<")
