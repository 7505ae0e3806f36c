"""The tables that come with this program: what is said of a record depends on them as on the rules."""

from functools import cache
from hashlib import blake2b
from importlib import resources

_PACKAGES = ("ingest.crosswalk", "ingest.normalise")


@cache
def bundled_digest() -> str:
    """Digest every data file in the folders ``vocabularies``, in hexadecimal digits."""
    hasher = blake2b(digest_size=8)
    for package in _PACKAGES:
        folder = resources.files(package).joinpath("vocabularies")
        for file in sorted((each for each in folder.iterdir() if each.is_file()), key=lambda each: each.name):
            content = file.read_bytes()
            hasher.update(f"{file.name} {len(content)} ".encode() + content)
    return hasher.hexdigest()
