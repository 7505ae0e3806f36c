"""Talking OAI-PMH: requests go out, pages come back as values, parsed once.

``client`` is the door: a ``Repository`` with the protocol's verbs. Behind it, ``transport`` does HTTP, ``faults``
translates the libraries' exceptions, and the rest is pure: ``retrying`` decides about waits, ``answers`` about HTTP
status against OAI-PMH body, ``envelope`` parses, ``pages`` reads, ``listed`` the records, ``datestamps`` knows the
protocol's dates. Sickle, requests and urllib3 are used here alone; none of their names or exceptions leaves this
package.
"""
