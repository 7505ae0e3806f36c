"""The page for operators says what the table of misbehaviours says, and explains all that the program says."""

from robustness_page import PAGE, REASONS, REPAIRS, codes_of_rows, page

from ingest.errors import FatalProtocolError

ROOT = PAGE.parents[1]


def test_the_page_says_what_the_table_says() -> None:
    """An operator reads what is tested, word for word; ``robustness_page`` says how it is written anew."""
    assert PAGE.read_text("utf-8") == page()


def test_the_page_explains_every_reason_that_a_row_has() -> None:
    """No code is met that is explained nowhere."""
    assert codes_of_rows() <= set(REASONS)


def test_the_page_explains_every_error_that_ends_a_list() -> None:
    """The protocol's own and ours; an unknown one has the code that the repository gives it."""
    codes = {error.code for error in FatalProtocolError.__subclasses__() if error.code}
    assert codes <= set(REASONS)


def test_the_page_explains_nothing_that_the_program_does_not_say() -> None:
    """A code or a repair that is gone from the program is gone from the page."""
    program = "".join(path.read_text("utf-8") for room in ("ingest", "workers") for path in (ROOT / room).rglob("*.py"))
    assert [name for name in (*REASONS, *REPAIRS) if f'"{name}"' not in program] == []
