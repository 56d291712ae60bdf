"""`oye-proxy users` and `tokens`: passwords from standard input, never from the command line."""

import pytest
from tests.proxy.cli.conftest import Run

from oye_proxy import cli


def test_a_user_is_added_listed_and_removed(run: Run) -> None:
    added = run("users", "add", "anna", stdin="correct horse\n")
    listed = run("users", "list")
    run("users", "add", "berta", stdin="battery staple\n")
    removed = run("users", "remove", "anna")
    left = run("users", "list")

    assert (0, "User anna added.\n") == (added.code, added.out)
    assert "anna" == listed.out.split("\t")[0]
    assert (0, "User anna removed.\n") == (removed.code, removed.out)
    assert "berta" == left.out.split("\t")[0]


def test_a_password_is_changed(run: Run) -> None:
    run("users", "add", "anna", stdin="correct horse\n")
    changed = run("users", "passwd", "anna", stdin="battery staple\n")

    assert (0, "Password of anna changed.\n") == (changed.code, changed.out)


def test_a_password_is_never_printed(run: Run) -> None:
    added = run("users", "add", "anna", stdin="correct horse\n")
    listed = run("users", "list")

    assert "correct horse" not in added.out + added.err + listed.out


@pytest.mark.parametrize("stdin", ["", "short\n"])
def test_a_bad_password_is_one_sentence_and_code_1(run: Run, stdin: str) -> None:
    result = run("users", "add", "anna", stdin=stdin)

    assert 1 == result.code
    assert result.err.startswith("oye-proxy: ")
    assert 1 == result.err.count("\n")


def test_an_unknown_user_is_one_sentence_and_code_1(run: Run) -> None:
    run("users", "add", "anna", stdin="correct horse\n")
    result = run("users", "passwd", "nobody", stdin="correct horse\n")

    assert 1 == result.code
    assert "oye-proxy: there is no user 'nobody'\n" == result.err


def test_a_token_is_shown_once(run: Run) -> None:
    made = run("tokens", "add", "Home Assistant", "--scope", "read")
    listed = run("tokens", "list")
    number = listed.out.split("\t")[0]
    revoked = run("tokens", "revoke", number)

    assert 0 == made.code
    assert made.out.strip() not in listed.out
    assert "Home Assistant\tread\tnever used" in listed.out
    assert (0, f"Token {number} revoked.\n") == (revoked.code, revoked.out)
    assert "" == run("tokens", "list").out


def test_a_token_that_is_unknown_cannot_be_revoked(run: Run) -> None:
    run("tokens", "add", "script")

    assert 1 == run("tokens", "revoke", "77").code


@pytest.mark.parametrize(
    "arguments", [["users"], ["users", "add"], ["tokens", "add", "x", "--scope", "all"], []]
)
def test_a_wrong_argument_is_code_2(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(arguments)

    assert 2 == ended.value.code
