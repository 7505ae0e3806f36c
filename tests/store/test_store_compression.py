"""Record XML, made small and given back."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.store.compression import compress, decompress

RECORD = (
    b'<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/" '
    b'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>A telegram</dc:title><dc:type>Text</dc:type></oai_dc:dc>'
)


@given(st.binary())
def test_what_is_compressed_comes_back_letter_for_letter(content: bytes) -> None:
    """Whatever the bytes are."""
    assert decompress(compress(content)) == content


def test_a_short_record_becomes_smaller() -> None:
    """Its namespaces and element names stand in the dictionary."""
    assert len(compress(RECORD)) < len(RECORD) / 3


def test_the_first_byte_names_the_dictionary() -> None:
    """So that rows outlive a change of it."""
    assert compress(RECORD)[:1] == b"\x01"


@pytest.mark.parametrize("number", [0, 2, 255])
def test_an_unknown_dictionary_is_named_and_not_guessed(number: int) -> None:
    """A newer version's rows are never read as something else."""
    with pytest.raises(ValueError, match=f"dictionary {number}, which this version does not have"):
        decompress(bytes([number]) + compress(RECORD)[1:])


def test_threads_do_not_disturb_each_other() -> None:
    """Each has a compressor of its own."""
    records = [RECORD * number for number in range(1, 200)]
    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(lambda record: decompress(compress(record)), records)) == records
