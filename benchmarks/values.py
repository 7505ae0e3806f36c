"""Statements of rights, donors and sources as repositories write them, in any number and always the same ones."""

import random

WORDS = ("harbour", "valley", "museum", "border", "council", "letters", "railway", "garden", "winter", "treaty")
NAMES = ("Ada", "Amir", "Bela", "Carmen", "Dora", "Emil", "Farid", "Greta", "Hugo", "Ines", "Klara", "Liang", "Petra")
PLACES = ("Ashford", "Brixen", "Corvo", "Dalby", "Elmstead", "Ferrol", "Gotham", "Hallstatt", "Ivrea", "Jasper")
RIGHTS = (
    "https://creativecommons.org/licenses/{terms}/{version}/",
    "http://rightsstatements.org/vocab/{statement}/1.0/",
    "CC {upper} {version}",
    "Creative Commons Attribution-NonCommercial-NoDerivatives {version} International",
    "\N{COPYRIGHT SIGN} {year} {name} {place}. All rights reserved.",
    "Copyright {year}, {name} {place} University Press",
    "This item may be protected by copyright. Contact the {place} {word} archive, box {number}, for permission.",
    "info:eu-repo/semantics/openAccess",
    "info:eu-repo/date/embargoEnd/{year}-0{digit}-1{digit}",
    "Namensnennung - Weitergabe unter gleichen Bedingungen {version} Deutschland",
    "The {word} papers of {name} {place} are open for research; copies for study only, number {number}.",
    "Public domain in the United States, {place} {number}",
)
DONORS = (
    "Gift of {name} {place}, {year}",
    "Presented by {name} and {other} {place} through the {word} fund {year}",
    "This document was made possible with support from the {place} Foundation, {word} Trust",
    "Bequest of Mrs. {name} {place}, in memory of {other} {place}, {year}",
    "Supported by the {place} Research Council (grant no. {number}/{digit}) and the {word} Stiftung",
    "Don de la Fondation {place}; {name} {place}",
)
SOURCES = (
    "AVPRF, f. 0{number}, op. {digit}, p. {digit}7, d. {digit}, ll. {digit}-1{digit}. Translated by {name} {place}.",
    "PRC FMA 1{digit}9-0{number}-01, 3{digit}-4{digit}. Obtained by {name} {place}, translated by {other} {place}.",
    "National Archives, RG {digit}9, Central Files {year}, Box {number}, {word}",
    "Journal of {place} {word}; Vol {digit}, No {digit} ({year}): {word}; {number}-{number}9",
    "{place} {word} Review, {digit}({digit}), {number}-{number}9, ({year}-0{digit}-1{digit})",
    "{name} {place}, The {word} of {place} ({place}: {word} Press, {year}), pp. {digit}-3{digit}",
    "https://doi.org/10.5555/{word}.{number}",
    "{place} {word} collection, {number}",
)


def filled(form: str, chance: random.Random) -> str:
    """Fill a form with names, places and numbers by chance."""
    terms = chance.choice(("by", "by-sa", "by-nc", "by-nd", "by-nc-sa", "by-nc-nd"))
    return form.format(
        terms=terms,
        upper=terms.upper(),
        version=chance.choice(("2.0", "3.0", "4.0")),
        statement=chance.choice(("InC", "NoC-US", "CNE", "InC-EDU")),
        year=chance.randrange(1850, 2026),
        name=chance.choice(NAMES),
        other=chance.choice(NAMES),
        place=chance.choice(PLACES) + chance.choice(WORDS),
        word=chance.choice(WORDS).title(),
        number=chance.randrange(100, 99_999),
        digit=chance.randrange(1, 9),
    )
