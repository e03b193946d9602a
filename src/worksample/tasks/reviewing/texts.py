"""What the reviewer of a pull request gets to read, and the form to fill."""

from __future__ import annotations

from worksample.messages import message
from worksample.tasks.reviewing.making import ReviewTask
from worksample.tasks.trees import changed_lines

REQUEST, FORM, PAGE = "pull-request.md", "review.md", "pull-request.html"
#: How many blocking comments may stand on sound lines, where there is a defect.
MOST_FALSE_ALARMS = 1
#: From how many defects on one may be missed.
MAY_MISS_ONE = 3

RULES = {
    "verdict": "The verdict is right: `approve` if nothing has to be mended before the merge, then "
    "without a `blocking` comment; else `request changes`.",
    "defects": "Each defect has a `blocking` comment at its place that says what goes wrong. Of "
    "three or more defects, one may be missed.",
    "sound lines": "Not more than one `blocking` comment stands on lines that are sound.",
}
_REQUEST = """\
# Pull request #{number}: {title}

`{branch}` → `main`, by {author}

{author} writes:

> I went over {files} and left the code tidier than I found it: names, order, layout, a few helpers.
> Nothing should behave differently afterwards. The tests pass.

{reviewer} ({role}) asks you for the review before it is merged tomorrow: {matters}

Estimate: an hour. There may be a defect in it, or several, or none.

## What to read

{commits}

`git diff main` shows the whole change ({lines} lines in {count} files), `{page}` the same in a
browser. The branch is checked out, so the line numbers of your editor are the ones to name.
`brief.md` and `openapi.yaml` say what the server must do. `worksample up` runs it.

## What to write

Fill in `{form}`: a verdict, and comments as `path:line: severity: text`.

- `blocking`: has to be mended before the merge, because it breaks what the brief, the contract or
  the users rely on, loses or shows data, or does not stand many users or much data.
- `nit`: a matter of taste, or an idea for another day. Nits are not judged.

A line a few lines off is near enough, and the words are yours, in English, German, Spanish, French
or Portuguese; length and tone are not judged. But say what goes wrong (“two requests at once sell
the same seat”), not only that something does, and one thing in each comment: a comment that names
more than two kinds of defect counts for none.

## Accepted when

1. {verdict}
2. {defects}
3. {sound}

`worksample check` judges it.
"""
_FORM = """\
# Review of pull request #{number}: {title}

<!-- Verdict: approve, or request changes. -->

Verdict:

## Comments

<!--
One comment a line: path:line: severity: text. The severity is blocking or nit. For example:

{example}:12: blocking: Two requests at once both find the seat free, and both take it.
{example}:40: nit: I would call this `remaining`.

Longer comments may go on in the next lines.
-->

"""


def request_text(task: ReviewTask) -> str:
    """Return `pull-request.md`."""
    counts = changed_lines(task.base[-1].tree, task.commits[-1].tree)
    return message(
        _REQUEST,
        number=task.number,
        title=task.title,
        branch=task.branch,
        author=task.commits[-1].author.name,
        files=_folders(counts),
        reviewer=task.asked_by.name,
        role=task.asked_by.role,
        matters=task.asked_by.matters,
        commits="\n".join(f"{at}. {each.subject}" for at, each in enumerate(task.commits, 1)),
        lines=sum(counts.values()),
        count=len(counts),
        page=PAGE,
        form=FORM,
        verdict=RULES["verdict"],
        defects=RULES["defects"],
        sound=RULES["sound lines"],
    )


def form_text(task: ReviewTask) -> str:
    """Return `review.md`, to be filled."""
    path = min(changed_lines(task.base[-1].tree, task.commits[-1].tree))
    return message(_FORM, number=task.number, title=task.title, example=path)


def _folders(paths: dict[str, int]) -> str:
    """Return the folders of `paths` as words: "accounts, http and sailings"."""
    names = sorted({path.split("/")[-2] for path in paths if "/" in path})
    if len(names) < 2:
        return names[0] if names else "some files"
    return message("{first} and {last}", first=", ".join(names[:-1]), last=names[-1])
