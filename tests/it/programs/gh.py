#!/usr/bin/env python3
"""A stand-in for GitHub's gh: issues in a JSON file beside it, with GitHub's limits; fails at the call it is told.

`gardener` runs it. A comment that is only text is hers; `people` says what other authors are to the repository.
"""

import json
import pathlib
import sys

ME = "gardener"
STATE = pathlib.Path(sys.argv[0]).with_name("github.json")


def fail(message):
    print(message, file=sys.stderr)
    sys.exit(1)


def options(words):
    """Words without an option's name, and the values of each option."""
    plain, named = [], {}
    words = list(words)
    while words:
        word = words.pop(0)
        if word == "--force":
            named[word] = [""]
        elif word.startswith("-"):
            named.setdefault(word, []).append(words.pop(0))
        else:
            plain.append(word)
    return plain, named


def text_of(named):
    if named["--body-file"] != ["-"]:
        fail("a body comes from standard input")
    text = sys.stdin.buffer.read().decode()
    if len(text) > 65536:
        fail("GraphQL: Body is too long (maximum is 65536 characters) (createIssue)")
    return text


def check_labels(github, names):
    for name in names:
        if name not in github["labels"]:
            fail(f"could not add label: '{name}' not found")


def check_title(title):
    if len(title) > 256:
        fail("GraphQL: Title is too long (maximum is 256 characters) (createIssue)")


def label_create(github, plain, named):
    if plain[2] in github["labels"] and "--force" not in named:
        fail(f'label with name "{plain[2]}" already exists; use `--force` to update its color and description')
    if github.get("no_labels"):
        fail("HTTP 403: Resource not accessible by integration")
    github["labels"].append(plain[2])


def issue_list(github, plain, named):
    fields = named["--json"][0].split(",")
    if github.get("is_old") and "stateReason" in fields:
        fail('Unknown JSON field: "stateReason"')
    issues = [] if named["--state"] != ["all"] else github["issues"]
    rows = []
    for issue in issues[: int(named["--limit"][0])]:
        row = {field: issue.get(field) for field in fields}
        row["labels"] = [{"id": "x", "name": name} for name in issue["labels"]]
        rows.append(row)
    print(json.dumps(rows))


def issue_create(github, plain, named):
    title, labels = named["--title"][0], named.get("--label", [])
    body = text_of(named)
    check_title(title)
    check_labels(github, labels)
    for name in named.get("--assignee", []):
        if name not in github.get("people", {}):
            fail(f"could not assign user: '{name}' not found")
    number = max([issue["number"] for issue in github["issues"]], default=0) + 1
    url = f"https://github.com/{named.get('--repo', ['o/r'])[0]}/issues/{number}"
    github["issues"].append(
        {"number": number, "title": title, "body": body, "labels": labels, "state": "OPEN", "url": url,
         "closedAt": None, "stateReason": "", "author": {"login": ME, "is_bot": False}, "comments": [],
         "assignees": named.get("--assignee", [])}
    )
    print(f"\nCreating issue in o/r\n", file=sys.stderr)
    print(url)


def found(github, plain):
    return next((issue for issue in github["issues"] if str(issue["number"]) == plain[2]), None) or fail("not found")


def issue_comment(github, plain, named):
    found(github, plain)["comments"].append(text_of(named))


def issue_view(github, plain, named):
    if named["--json"] != ["comments,author"]:
        fail("unknown fields")
    issue = found(github, plain)
    hers = {"author": {"login": ME}, "viewerDidAuthor": True}
    comments = [{"body": text, **hers} if isinstance(text, str) else text for text in issue["comments"]]
    print(json.dumps({"comments": comments, "author": issue.get("author")}))


def api_graphql(github, plain, named):
    words = named["-f"] + named["-F"]
    number = next(int(word.removeprefix("number=")) for word in words if word.startswith("number="))
    if "owner=o" not in words or "repo=r" not in words:
        fail("GraphQL: Could not resolve to a Repository")
    login = next(issue["author"]["login"] for issue in github["issues"] if issue["number"] == number)
    standing = {"viewerDidAuthor": login == ME, "authorAssociation": github.get("people", {}).get(login, "NONE")}
    print(json.dumps({"data": {"repository": {"issue": standing}}}))


def issue_reopen(github, plain, named):
    found(github, plain).update(state="OPEN", closedAt=None, stateReason="REOPENED")


def issue_edit(github, plain, named):
    issue = found(github, plain)
    check_labels(github, named.get("--add-label", []))
    kept = [name for name in issue["labels"] if name not in named.get("--remove-label", [])]
    issue["labels"] = kept + named.get("--add-label", [])
    if "--title" in named:
        check_title(named["--title"][0])
        issue["title"] = named["--title"][0]


def main():
    github = json.loads(STATE.read_text())
    github["calls"].append(sys.argv[1:])
    STATE.write_text(json.dumps(github))
    plain, named = options(sys.argv[1:])
    command = {
        "label create": label_create,
        "issue list": issue_list,
        "issue create": issue_create,
        "issue comment": issue_comment,
        "issue view": issue_view,
        "issue reopen": issue_reopen,
        "issue edit": issue_edit,
        "api graphql": api_graphql,
    }.get(" ".join(plain[:2]))
    if command is None:
        fail(f"unknown command {plain}")
    kind = " ".join(plain[:2])
    # the n-th call of a kind fails, before or after it did its work
    at = github.get("fail")
    is_it = at and at["kind"] == kind and sum(call[:2] == plain[:2] for call in github["calls"]) == at["nth"]
    if is_it and at["when"] == "before":
        fail("HTTP 502: Bad gateway (https://api.github.com/graphql)")
    command(github, plain, named)
    STATE.write_text(json.dumps(github))
    if is_it:
        fail("error connecting to api.github.com")


main()
