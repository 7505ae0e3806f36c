"""What must come out where namespaces are missing, wrong or unusual, and where payloads look like the protocol."""

from outcomes import Row, complete, failed

ROWS: tuple[Row, ...] = (
    complete(
        "undeclared_xsi",
        "declares the well-known prefix, and says at which record",
        "repaired",
        repairs=("undeclared-prefix",),
    ),
    complete(
        "undeclared_xlink",
        "declares the well-known prefix, and says at which record",
        "repaired",
        repairs=("undeclared-prefix",),
    ),
    complete(
        "undeclared_prefix_of_their_own",
        "declares the prefix as a namespace that says nothing, and says at which record",
        "repaired",
        repairs=("undeclared-prefix",),
    ),
    complete(
        "no_namespace", "takes the protocol's elements as such, and says so", "repaired", repairs=("missing-namespace",)
    ),
    complete(
        "wrong_namespace",
        "takes an obvious variant of the namespace as the namespace, and says so",
        "repaired",
        repairs=("wrong-namespace",),
    ),
    failed(
        "namespace_of_the_first_version",
        "says that this is another version of the protocol, and asks for nothing more",
        "malformed-response",
        most_requests=1,
    ),
    complete("namespaces_declared_on_the_root", "keeps each record with all declarations that it needs"),
    complete("namespaces_declared_on_the_record", "keeps each record with all declarations that it needs"),
    complete(
        "blank_in_a_namespace",
        "encodes the blank, and says at which record",
        "repaired",
        repairs=("invalid-namespace",),
    ),
    complete(
        "record_inside_metadata",
        "takes it for no other record, and reads it by its root, whatever was asked for",
    ),
    complete(
        "format_that_nobody_knows",
        "keeps as it came what is in a format that it does not know, and says so",
        "format-not-understood",
    ),
    complete("error_inside_metadata", "takes only what stands at the protocol's place for an error"),
    complete("token_inside_metadata", "takes only what stands at the protocol's place for a token"),
)
