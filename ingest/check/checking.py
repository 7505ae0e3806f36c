"""The questions of a check in their order; `ingest.plan.passport` judges what they bring."""

from collections.abc import Callable
from dataclasses import replace

from ingest.check.asking import Asking
from ingest.check.filters import ask_dates, ask_sets
from ingest.check.formats import ask_formats
from ingest.check.lists import ask_lists, ask_single_records
from ingest.endpoints import Endpoint
from ingest.passport import Answered, FirstSets, Observed, Passport, Question
from ingest.plan.passport import passport_of
from ingest.protocol.inquiry import Inquiry
from ingest.records import Identification

MOST_REQUESTS = 24
"""No check makes more, repeated ones included; a repository that answers well is asked about twenty times."""

_NO_SUCH_IDENTIFIER = "oai:oai-ingest.invalid:no-such-record"


def check(
    endpoint: Endpoint, inquiry: Inquiry, *, declared: bool, tell: Callable[[str], object] = lambda _: None
) -> Passport:
    """Ask a repository what a harvest needs to know, and judge what it answers.

    ``tell`` is given each question, in words, before it is asked. Raises ConfigurationError where a request can not be
    sent as the endpoint declares it.
    """
    asking = Asking(inquiry, tell)
    identify = asking.ask("Identify", inquiry.identify)
    observed = Observed(
        url=endpoint.url,
        identify=identify or Answered(code="not-asked", message="nothing was asked"),
        wanted=endpoint.metadata_prefix if declared else (),
        credentials_in_clear=endpoint.auth is not None and endpoint.url.startswith("http://"),
        verify_tls=endpoint.verify_tls,
    )
    if identify is not None and identify.value is not None:
        observed = _asked_on(observed, identify.value, endpoint, asking)
    return passport_of(
        replace(observed, pages=dict(asking.pages), requests=inquiry.requests, unasked=tuple(asking.unasked))
    )


def _asked_on(observed: Observed, said: Identification, endpoint: Endpoint, asking: Asking) -> Observed:
    """Ask all that is asked of a repository which has said who it is."""
    observed = ask_formats(observed, asking)
    observed = ask_lists(observed, said, asking)
    observed = replace(observed, sets=asking.ask("ListSets", lambda: _first_sets(asking.inquiry)))
    if observed.known is not None:
        ask_single_records(observed, asking)
        ask_dates(observed, said, asking)
        observed = ask_sets(observed, endpoint, asking)
    asking.page(Question.NO_SUCH_IDENTIFIER, lambda: asking.inquiry.get_record(_NO_SUCH_IDENTIFIER, observed.prefix))
    asking.page(Question.NO_SUCH_VERB, lambda: asking.inquiry.page_of("NoSuchVerb"))
    return observed


def _first_sets(inquiry: Inquiry) -> FirstSets:
    sets, token = inquiry.first_sets()
    return FirstSets(sets=sets, token=token)
