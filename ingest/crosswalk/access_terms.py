"""Terms of the vocabularies that say who may see a thing, as distinct from licences, which say what may be done."""

_BEGINNINGS = (
    "info:eu-repo/semantics/openaccess",
    "info:eu-repo/semantics/embargoedaccess",
    "info:eu-repo/semantics/restrictedaccess",
    "info:eu-repo/semantics/closedaccess",
    "http://purl.org/coar/access_right/",
    "https://purl.org/coar/access_right/",
    "http://purl.org/eprint/accessrights/",
    "https://purl.org/eprint/accessrights/",
)
"""OpenAIRE's older terms, COAR's access rights, and those of the Scholarly Works Application OwnElements."""


def is_access_term(text: str) -> bool:
    """Tell whether ``text`` is the address of a term of access."""
    return text.lower().startswith(_BEGINNINGS)
