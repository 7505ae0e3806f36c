"""The page for catalogues is true: its statements run on both databases, and give what is printed below them."""

import pytest
from catalogue_page import PAGE, columns_told, harvest_demo, questions, result
from following import UNTOLD
from sqlalchemy import create_engine

PAGE_TEXT = PAGE.read_text("utf-8")
QUESTIONS = list(questions(PAGE_TEXT))


def test_every_statement_gives_what_is_printed_below_it(migrated_database_url: str) -> None:
    """On the demo, which whoever reads the page can harvest; ``catalogue_page`` writes the results anew."""
    harvest_demo(migrated_database_url)
    engine = create_engine(migrated_database_url)
    with engine.connect() as connection:
        for question in QUESTIONS:
            assert result(connection, question) == question.printed, question.title
    engine.dispose()


def test_the_page_lists_the_columns_of_the_contract() -> None:
    """Each column of each view, in order, with its type and the very meaning that PostgreSQL has as its comment."""
    assert PAGE_TEXT.endswith(f" -->\n{columns_told()}")


def test_the_page_answers_ten_questions_on_both_databases() -> None:
    """Each numbered heading has a statement, and a result that has rows."""
    numbered = [question for question in QUESTIONS if question.title[:1].isdigit()]
    assert [int(question.title.partition(".")[0]) for question in numbered] == list(range(1, 11))
    assert PAGE_TEXT.count("```sql") == sum(len(set(question.statements.values())) for question in QUESTIONS)
    for question in QUESTIONS:
        assert question.statements.keys() == {"postgresql", "sqlite"}, question.title
        assert len(question.printed.splitlines()) > 4, question.title


@pytest.mark.parametrize("word", ["catalogue_records", "oai-ingest db grant-reader", "contract_minor", "feed_id"])
def test_the_page_names_what_a_catalogue_needs(word: str) -> None:
    """Where it begins, what it reads, and how it knows that the promise has grown."""
    assert word in PAGE_TEXT


def test_the_page_names_the_columns_that_the_feed_does_not_tell_of() -> None:
    """Those that the followers of our own tests leave out, and no others of the records and their fields."""
    (told,) = (part for part in PAGE_TEXT.split("\n\n") if part.startswith("**Without a change.**"))
    assert {word for word in told.split("`")[1::2] if not word.startswith("catalogue_")} == UNTOLD
