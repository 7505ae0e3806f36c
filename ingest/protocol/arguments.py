"""What goes out with a request: the protocol's arguments, the URL that carries them, the declared headers."""

import re
from collections.abc import Mapping
from urllib.parse import quote, urlencode, urlsplit

from ingest.errors import ConfigurationError
from ingest.records import ListRequest, ResumptionToken

_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_LATIN_1 = 256
"""HTTP headers hold the characters below this."""


def request_url(base_url: str, arguments: Mapping[str, str]) -> str:
    """Append a request's arguments to the base URL, each encoded exactly once (section 3.1.1), the verb first."""
    ordered = {"verb": arguments["verb"], **arguments}
    joint = "" if base_url.endswith(("?", "&")) else "&" if "?" in base_url else "?"
    return base_url + joint + urlencode(ordered, quote_via=quote, safe="")


def list_arguments(request: ListRequest | ResumptionToken, *, begun_with: ListRequest | None = None) -> dict[str, str]:
    """Give the arguments of a list request: its own, or the token alone (section 3.5).

    Some repositories want the arguments that the list was begun with beside the token, against the protocol.
    """
    if isinstance(request, ResumptionToken):
        return continued(request) | (list_arguments(begun_with) if begun_with else {})
    arguments = {
        "metadataPrefix": request.metadata_prefix,
        "from": request.from_,
        "until": request.until,
        "set": request.set_spec,
    }
    return {name: value for name, value in arguments.items() if value is not None}


def continued(token: ResumptionToken) -> dict[str, str]:
    """Give the argument that continues a list; raises ValueError for the empty token that ends one."""
    if not token.value:
        raise ValueError("an empty resumptionToken ends the list; there is nothing to ask for")
    return {"resumptionToken": token.value}


def checked_url(base_url: str) -> str:
    """Give the base URL, path and query as declared; raises ConfigurationError where it is no http or https URL."""
    try:
        parts = urlsplit(base_url)
        valid = parts.scheme in {"http", "https"} and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        valid = False
    if not valid:
        raise ConfigurationError("the repository's URL is no http or https URL; check the endpoint's url")
    if "@" in parts.netloc:
        raise ConfigurationError("the repository's URL carries a password; declare it as auth instead")
    return parts._replace(fragment="").geturl() if parts.fragment else base_url


def checked_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """Give the headers; raises ConfigurationError, naming the header but not its value, where one can not be sent."""
    for name, value in headers.items():
        if not (
            _HEADER_NAME.fullmatch(name) and value.isprintable() and all(ord(letter) < _LATIN_1 for letter in value)
        ):
            raise ConfigurationError(
                f"the header {name!r} has characters that HTTP can not send; check headers and auth"
            )
    return dict(headers)
