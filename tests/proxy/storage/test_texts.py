from oye_proxy.storage.texts import storable


def test_plain_texts_stay_as_they_are() -> None:
    assert "Zähler 1" == storable("Zähler 1")


def test_what_no_database_stores_becomes_a_question_mark() -> None:
    """NUL and half characters."""
    assert "a?b?" == storable("a\0b\ud800")


def test_long_texts_are_cut_unless_their_column_has_no_end() -> None:
    assert 255 == len(storable("x" * 300))
    assert 300 == len(storable("x" * 300, None))
