"""Record XML, small: zstd with a shared dictionary of the field's most common words and namespaces.

Records are short and alike, so most of one is known beforehand. The first byte of what is kept names the dictionary;
a later dictionary gets the next number and the old one stays, so that old rows can still be read.
"""

from importlib.resources import files
from threading import local

from zstandard import DICT_TYPE_RAWCONTENT, ZstdCompressionDict, ZstdCompressor, ZstdDecompressor

_NUMBER = 1
_LEVEL = 3


class _Codec(local):
    """One compressor and one decompressor a thread: they are not safe to share."""

    def __init__(self) -> None:
        words = files("ingest.store").joinpath("xml_dictionary.txt").read_bytes()
        dictionary = ZstdCompressionDict(words, dict_type=DICT_TYPE_RAWCONTENT)
        dictionary.precompute_compress(level=_LEVEL)
        self.compressor = ZstdCompressor(level=_LEVEL, dict_data=dictionary)
        self.decompressor = ZstdDecompressor(dict_data=dictionary)


_codec = _Codec()


def compress(content: bytes) -> bytes:
    """Make ``content`` small."""
    return bytes([_NUMBER]) + _codec.compressor.compress(content)


def decompress(kept: bytes) -> bytes:
    """Give back what was compressed. Raises ValueError where the dictionary's number is not known to this code."""
    if kept[0] != _NUMBER:
        message = f"compressed with dictionary {kept[0]}, which this version does not have"
        raise ValueError(message)
    return _codec.decompressor.decompress(kept[1:])
