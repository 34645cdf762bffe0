"""The index that similar cases are found by."""

from collections.abc import Iterator

from usecases.enums import TokenPart
from usecases.models import CaseWord, UseCase
from usecases.stems import stems

# A word in the title says more than one in the text.
WEIGHTS = {TokenPart.TITLE: 3.0, TokenPart.TEXT: 1.0}
MOST_WORDS = 150


def index_words(case: UseCase) -> None:
    """Make the case findable by the words it has now; inside the caller's transaction."""
    CaseWord.objects.filter(case=case).delete()
    CaseWord.objects.bulk_create(words_of(case))


def words_of(case: UseCase) -> Iterator[CaseWord]:
    """The rows of the index for one case; imports collect them for many."""
    text = f"{case.summary} {case.answers.get('problem', '')}"
    for part, source in ((TokenPart.TITLE, case.title), (TokenPart.TEXT, text)):
        for stem, count in stems(source).most_common(MOST_WORDS):
            weight = WEIGHTS[part] * min(count, 3) ** 0.5
            yield CaseWord(case=case, part=part, stem=stem, weight=weight)
