from oye_proxy.simulator.tags import CACHE_TAGS, TagBook, same_tag


def test_the_list_goes_before_the_cache() -> None:
    """C16 3.5.2."""
    tags = TagBook()
    tags.learn("A", "Accepted")
    assert tags.is_accepted("a")

    tags.update_list(1, [("A", "Blocked")], full=True)
    assert not tags.is_accepted("A")
    assert not tags.is_accepted("B")


def test_the_cache_is_bounded() -> None:
    tags = TagBook()
    for number in range(CACHE_TAGS + 1):
        tags.learn(f"T{number}", "Accepted")

    assert CACHE_TAGS == len(tags.cache)
    assert not tags.is_accepted("T0")


def test_a_differential_update_needs_a_newer_version() -> None:
    """C16 5.15, D01."""
    tags = TagBook()
    assert "Accepted" == tags.update_list(3, [("A", "Accepted"), ("B", "Accepted")], full=True)
    assert "VersionMismatch" == tags.update_list(3, [("A", None)], full=False)
    assert "Accepted" == tags.update_list(4, [("A", None), ("C", "Blocked")], full=False)

    assert {"b": "Accepted", "c": "Blocked"} == tags.local_list
    assert 4 == tags.list_version


def test_tags_are_case_insensitive() -> None:
    """C16 3.9."""
    assert same_tag("aB", "Ab")
    assert not same_tag("a", "b")
