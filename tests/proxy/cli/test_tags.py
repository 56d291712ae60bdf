"""`oye-proxy tags`: the owner's list, without a running proxy."""

import pytest
from tests.proxy.cli.conftest import Run


def test_tags_are_listed_with_what_is_said_of_them(run: Run) -> None:
    accepted = run("tags", "accept", "04A1B2C3")
    blocked = run("tags", "block", "LOST")

    assert (0, "04A1B2C3 is accepted.\n") == (accepted.code, accepted.out)
    assert (0, "LOST is blocked.\n") == (blocked.code, blocked.out)
    assert ["04A1B2C3\taccepted", "LOST\tblocked"] == run("tags", "list").out.splitlines()


def test_a_tag_is_removed_once(run: Run) -> None:
    run("tags", "accept", "04A1B2C3")
    removed = run("tags", "remove", "04a1b2c3")
    again = run("tags", "remove", "04a1b2c3")

    assert (0, "04a1b2c3 is off the list.\n") == (removed.code, removed.out)
    assert (1, "oye-proxy: 04a1b2c3 is not on the list\n") == (again.code, again.err)
    assert "" == run("tags", "list").out


@pytest.mark.parametrize("id_tag", [" ", "A" * 256])
def test_what_is_no_tag_is_one_sentence(run: Run, id_tag: str) -> None:
    result = run("tags", "accept", id_tag)

    assert 1 == result.code
    assert result.err.startswith("oye-proxy: An id tag has ")
