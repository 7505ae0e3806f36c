"""LIDO: XML in, description out."""

import pytest
from crosswalked import described, languages, said, sample

from ingest.crosswalk.markup import vocabulary
from ingest.descriptions import Description, Value

LIDO = '<lido xmlns="http://www.lido-schema.org">{}</lido>'
DESCRIPTION = '<descriptiveMetadata xml:lang="en">{}</descriptiveMetadata>'
EVENT = "<eventWrap><eventSet>{}</eventSet></eventWrap>"
ACTOR = (
    "<eventActor><actorInRole><actor><nameActorSet><appellationValue>{}</appellationValue></nameActorSet></actor>"
    "<roleActor><term>{}</term></roleActor></actorInRole></eventActor>"
)
DATE = "<eventDate><displayDate>{}</displayDate></eventDate>"


def _object(inside: str) -> Description:
    return described(LIDO.format(inside), known_as="lido")


def _event(kind: str, inside: str) -> Description:
    event = f"<event><eventType><term>{kind}</term></eventType>{inside}</event>"
    return _object(DESCRIPTION.format(EVENT.format(event)))


def test_rights_in_object_picture_and_record_stand_apart() -> None:
    """The line under a picture credits its photographer; it is no gift."""
    assert said(sample("lido").rights) == [
        ("http://creativecommons.org/publicdomain/mark/1.0/", None),
        ("Gemeinfrei", None),
        ("Erben Brand", "holder"),
        ("CC0", "metadata"),
        ("CC BY-SA 4.0", "reproduction"),
        ("Foto: A. Licht", "reproduction"),
    ]
    assert {value.element for value in sample("lido").rights} == {
        "lido:rightsWorkSet",
        "lido:rightsHolder",
        "lido:recordRights",
        "lido:rightsResource",
        "lido:creditLine",
    }


def test_who_gave_stands_in_the_acquisition_and_in_the_credit_line() -> None:
    """How it changed hands is a part beside the name: it tells a giver from a seller."""
    shown, actor, credit = sample("lido").donors
    assert (shown.text, shown.role) == ("Schenkung von Otto Brand, 1950", "acquisition")
    assert (actor.text, actor.role, actor.parts) == ("Brand, Otto", "acquisition", (("method", "Schenkung"),))
    assert (credit.text, credit.role) == ("Geschenk der Familie Brand", "creditLine")


def test_holder_and_number_make_one_source() -> None:
    """In the order of the parts."""
    assert sample("lido").sources == (
        Value(
            text="Stadtmuseum Beispielhafen, G 88",
            lang="de",
            element="lido:repositorySet",
            role="shelfmark",
            parts=(("repository", "Stadtmuseum Beispielhafen"), ("ref", "G 88")),
        ),
    )


def test_titles_say_whether_they_are_alternative() -> None:
    """Each has the language of the nearest element."""
    assert said(sample("lido").titles) == [("Hafen am Abend", None), ("Harbour at dusk", "alternative")]
    assert languages(sample("lido").titles) == [("Hafen am Abend", "de"), ("Harbour at dusk", "en")]


def test_terms_that_are_added_for_searching_are_left_out() -> None:
    """The concept's address stands beside its term."""
    work_type, classification = sample("lido").types
    assert (work_type.text, work_type.parts) == ("Gemälde", (("identifier", "http://vocab.example.org/painting"),))
    assert (classification.text, classification.role) == ("IMAGE", "europeana:type")


@pytest.mark.parametrize("kind", vocabulary("lido_events")["production"])
def test_whoever_made_it_is_a_creator_and_the_day_its_date(kind: str) -> None:
    """Under every name of production."""
    made = _event(kind, ACTOR.format("A", "painter") + DATE.format("1907"))
    assert (said(made.creators), said(made.dates)) == ([("A", "painter")], [("1907", "created")])


@pytest.mark.parametrize("kind", vocabulary("lido_events")["publication"])
def test_whoever_published_it_is_a_publisher(kind: str) -> None:
    """Under every name of publication."""
    published = _event(kind, ACTOR.format("A", "printer") + DATE.format("1907"))
    assert (said(published.publishers), said(published.dates)) == ([("A", "printer")], [("1907", "issued")])


@pytest.mark.parametrize("kind", vocabulary("lido_events")["acquisition"])
def test_whoever_handed_it_over_may_be_a_donor(kind: str) -> None:
    """Under every name of acquisition; the day is no date of the object."""
    acquired = _event(kind, ACTOR.format("A", "donor") + DATE.format("1950"))
    assert (said(acquired.donors), said(acquired.dates)) == ([("A", "donor")], [("1950", "accessioned")])


@pytest.mark.parametrize("role", vocabulary("lido_events")["takers"])
def test_whoever_took_it_gave_nothing(role: str) -> None:
    """Museums name themselves in their acquisitions."""
    acquired = _event("Acquisition", ACTOR.format("Museum", role))
    assert (acquired.donors, said(acquired.contributors)) == ((), [("Museum", role)])


@pytest.mark.parametrize("kind", vocabulary("lido_events")["provenance"])
def test_who_held_it_before_is_told_in_words(kind: str) -> None:
    """Under every name of provenance; whether anyone gave it is not for the format to say."""
    words = "<descriptiveNoteValue>Held by A</descriptiveNoteValue>"
    held = _event(kind, f"<eventDescriptionSet>{words}</eventDescriptionSet>")
    assert (said(held.descriptions), held.donors) == ([("Held by A", "provenance")], ())


def test_other_events_go_by_their_own_name() -> None:
    """An exhibition has people, a day and a place."""
    place = "<place><namePlaceSet><appellationValue>Lyon</appellationValue></namePlaceSet></place>"
    inside = ACTOR.format("A", "") + DATE.format("1920") + f"<eventPlace>{place}</eventPlace>"
    shown = _event("Exhibition", inside)
    assert (said(shown.contributors), said(shown.dates)) == ([("A", "Exhibition")], [("1920", "Exhibition")])
    assert said(shown.coverage) == [("Lyon", None)]


@pytest.mark.parametrize(
    ("date", "text", "normal"),
    [
        ("<displayDate>um 1907</displayDate>", "um 1907", None),
        ("<date><earliestDate>1906</earliestDate><latestDate>1908</latestDate></date>", "1906/1908", "1906/1908"),
        ("<date><earliestDate>1906</earliestDate><latestDate>1906</latestDate></date>", "1906", "1906"),
    ],
)
def test_a_date_is_kept_as_shown_or_from_its_ends(date: str, text: str, normal: str | None) -> None:
    """The ends are a part beside what is shown."""
    (value,) = _event("Production", f"<eventDate>{date}</eventDate>").dates
    assert (value.text, dict(value.parts).get("normal")) == (text, normal)


def test_a_place_is_read_without_the_larger_one_around_it() -> None:
    """The larger one is part of its description."""
    part = "<partOfPlace><namePlaceSet><appellationValue>Saxony</appellationValue></namePlaceSet></partOfPlace>"
    place = f"<place><namePlaceSet><appellationValue>Dresden</appellationValue></namePlaceSet>{part}</place>"
    assert said(_event("Production", f"<eventPlace>{place}</eventPlace>").coverage) == [("Dresden", None)]


def test_numbers_of_printed_works_are_identifiers_and_no_shelfmarks() -> None:
    """Without the name of a holder there is no source left."""
    sets = '<repositorySet><workID type="isbn">9780000000002</workID></repositorySet>'
    wrap = f"<objectIdentificationWrap><repositoryWrap>{sets}</repositoryWrap></objectIdentificationWrap>"
    printed = _object(DESCRIPTION.format(wrap))
    assert (said(printed.identifiers), printed.sources) == ([("9780000000002", "isbn")], ())


def test_the_concepts_of_version_1_1_are_read_too() -> None:
    """They stand in another vocabulary's elements."""
    concept = (
        '<objectWorkType><c:Concept xmlns:c="http://www.w3.org/2004/02/skos/core#" '
        'xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#" r:about="http://vocab.example.org/1">'
        "<c:prefLabel>Vase</c:prefLabel></c:Concept></objectWorkType>"
    )
    wrap = f"<objectClassificationWrap><objectWorkTypeWrap>{concept}</objectWorkTypeWrap></objectClassificationWrap>"
    (value,) = _object(DESCRIPTION.format(wrap)).types
    assert (value.text, value.parts) == ("Vase", (("identifier", "http://vocab.example.org/1"),))


def test_attributes_without_a_namespace_are_read_as_those_with_one() -> None:
    """Repositories strip namespaces, and the language's with them."""
    title = '<titleSet><appellationValue pref="alternate">B</appellationValue></titleSet>'
    wrap = f"<objectIdentificationWrap><titleWrap>{title}</titleWrap></objectIdentificationWrap>"
    document = f'<lidoWrap><lido><descriptiveMetadata lang="fi">{wrap}</descriptiveMetadata></lido></lidoWrap>'
    assert described(document, known_as="lido").titles == (
        Value(text="B", lang="fi", element="lido:titleSet", role="alternative"),
    )


def test_of_a_wrap_the_first_record_is_read() -> None:
    """An item of a repository is one object."""
    records = "<lido><lidoRecID>1</lidoRecID></lido><lido><lidoRecID>2</lidoRecID></lido>"
    wrap = f'<lidoWrap xmlns="http://www.lido-schema.org">{records}</lidoWrap>'
    assert [value.text for value in described(wrap, known_as="lido").identifiers] == ["1"]
