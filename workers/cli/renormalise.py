"""``oai-ingest renormalise``: the arguments; the work, in ``workers.cli.renormalising``, takes longer to load."""

from typing import Annotated

import typer

from workers.cli.options import AsJson

_MOST_SHOWN = 50


def renormalise(
    name: Annotated[
        str | None, typer.Argument(metavar="[NAME]", help="The endpoint; none: all that were harvested.")
    ] = None,
    *,
    diff: Annotated[bool, typer.Option("--diff", help="Only show what would change, grouped, with counts.")] = False,
    limit: Annotated[
        int | None,
        typer.Option("--limit", metavar="N", min=1, help="With --diff: show the N most frequent differences (50)."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Describe again, from the XML that is kept, what other rules or tables have described.

    Nothing is asked of a repository. What is interrupted goes on where it was left. Harvests may run meanwhile. After
    an edit of the operator's tables or of an endpoint's record_id, namespace, fields or priority, see --diff first.
    """
    if limit is not None and not diff:
        raise typer.BadParameter("--limit is of what --diff shows, and all is described again without it; add --diff")
    from workers.cli import renormalising  # noqa: PLC0415 - slow to load, so only where it is used.

    code = renormalising.compare_and_report(name, limit or _MOST_SHOWN, as_json=as_json) if diff else None
    raise typer.Exit(renormalising.describe_and_report(name, as_json=as_json) if code is None else code)
