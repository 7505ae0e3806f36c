"""A repository that does wrong what real ones do wrong, by name: ``http://127.0.0.1:PORT/with/NAME+NAME2/oai``.

Behind stands the polite repository of ``workers.demo``. Several names apply at once, the outermost first: each gets
what the next one answers. What takes the connection for itself (a ``Writer``) wins over all that would alter it.

A misbehaviour is a function ``(Asked, Answer) -> Response | Writer`` (see ``watching``) in the module of its family,
registered under its own name by the decorator::

    from hostile.naming import misbehaviour
    from hostile.shaping import altered, at_the_third_page

    @misbehaviour("D21", "F13")
    @at_the_third_page
    def truncated_page(asked: Asked, answer: Answer) -> Response:
        \"\"\"Break the page off in the middle of a record, while HTTP says that it is whole.

        Seen: eScholarship (jschol issue 898), Dataverse (issue 8306).
        \"\"\"
        return altered(answer(asked.request), lambda body: body[: len(body) // 2])

The first paragraph of its docstring says what the repository does, the one after ``Seen:`` where; both stand in
``docs/robustness.md``. What ``D21`` and ``F13`` mean stands in ``deviations``; every one of them has a misbehaviour,
or a reason why it needs none. Every module of this package is looked through for misbehaviours: a new family
is a new file and nothing else.

- ``naming``: the decorator, ``named`` (one by its name) and ``all_named`` (all, by family).
- ``serving``: ``misbehaving(repository, "NAME", "NAME2")`` serves and yields ``(url, watch)``, the watch being the
  outermost one's: its log holds every request that came. ``Hostile`` is the middleware for any number of names at
  once, ``composed`` joins several into one function.
- ``shaping``: what misbehaviours are made of: ``altered``, ``error``, ``document``, ``web_page``, ``retokened``,
  ``at_the_third_page``, ``in_lists``, ``each_record``, ``one_record`` (the one on the third page) and so on.

Cut and overgrown answers stand in ``transport`` (``truncated_page``, ``huge_text_node``, ``gzip_bomb``), what is wrong
with the XML of a whole answer in ``xml``, what is wrong with one record as OAI-PMH sees it in ``records``.

What must come out of each stands in ``table``, gathered from ``rows_FAMILY.py`` beside this package: a tuple ``ROWS``
of ``outcomes.Row``, made by ``complete``, ``partial``, ``suspect`` and ``failed``; one for each misbehaviour. A row's
name may join several (``"one+other"``), and there may be several for one, told apart by ``when``. The repository of the
table has ``outcomes.RECORDS`` records on pages of ten, second granularity, one set (``letters``), nothing deleted. The
page for operators, ``docs/robustness.md``, is written from the table by ``robustness_page``.

The functions can be called without the URL too: ``serve(repository, middleware=Watch(transport.slow_drip))``.
"""
