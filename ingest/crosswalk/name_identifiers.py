"""Identifiers of persons and organisations, given beside a name with the scheme that they are of."""

import re
from types import MappingProxyType

_ADDRESSES = MappingProxyType(
    {
        "orcid": "https://orcid.org/",
        "isni": "https://isni.org/isni/",
        "ror": "https://ror.org/",
        "gnd": "https://d-nb.info/gnd/",
        "viaf": "https://viaf.org/viaf/",
        "wikidata": "https://www.wikidata.org/entity/",
        "lcnaf": "https://id.loc.gov/authorities/names/",
        "idref": "https://www.idref.fr/",
        "crossreffunderid": "https://doi.org/10.13039/",
        "crossreffunder": "https://doi.org/10.13039/",
        "fundref": "https://doi.org/10.13039/",
    }
)
"""Scheme, in lower case and without blanks -> what stands before its identifiers to make addresses of them."""

GRANT_AGREEMENT = "info:eu-repo/grantAgreement/"
"""How identifiers of grants begin: ``info:eu-repo/grantAgreement/EC/FP7/12345``."""


def address(identifier: str, scheme: str) -> str:
    """Give an identifier as the address that its scheme has for it; as written where it is one, or none is known."""
    start = _ADDRESSES.get("".join(scheme.split()).lower())
    if start is None or ":" in identifier:
        return identifier
    # Libraries write before an identifier who gave it: "(DE-588)118540238".
    bare = re.sub(r"^\([\w-]{1,20}\)", "", "".join(identifier.split()))
    # Some write the end of the address with its host or, for funders, with the DOI's own prefix.
    host = start.partition("//")[2].partition("/")[0]
    bare = bare.removeprefix("www.").removeprefix("dx.").removeprefix(f"{host}/")
    return start + bare.removeprefix(start.partition(f"{host}/")[2])
