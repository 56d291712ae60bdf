from pathlib import Path

import pytest

from oye_proxy.mail.texts import MailText, filled, load_mail_texts, text_in

TEXTS = {
    "en": {"a": MailText("A", "in English")},
    "de": {"a": MailText("A", "auf Deutsch")},
    "nl": {},
}


@pytest.mark.parametrize(
    ("languages", "body"),
    [
        (["de"], "auf Deutsch"),
        (["DE-at"], "auf Deutsch"),
        ([None, "", "xx", "nl", "de", "en"], "auf Deutsch"),
        ([], "in English"),
        (["xx"], "in English"),
    ],
)
def test_the_first_language_that_there_is_counts(languages: list[str | None], body: str) -> None:
    assert body == text_in(TEXTS, "a", languages).body


def test_values_are_put_in_and_not_looked_at_again() -> None:
    """A user's name may hold anything."""
    values = {"name": "{link} {0.__class__}", "link": "L"}

    assert "{link} {0.__class__} L {other} {" == filled("{name} {link} {other} {", values)


def test_every_mail_has_its_values_in_every_language() -> None:
    texts = load_mail_texts()
    complete = {
        (language, name): (mail.subject.strip(), "{link}" in mail.body, "{name}" in mail.body)
        for language, mails in texts.items()
        for name, mail in mails.items()
    }

    assert {"password_changed", "reset", "test"} == set(texts["en"])
    assert [] == [where for where, found in complete.items() if not all(found)]


def test_a_paragraph_is_one_line() -> None:
    """A window of a phone would break lines that are broken already."""
    broken = [
        (language, name)
        for language, mails in load_mail_texts().items()
        for name, mail in mails.items()
        if any("\n" in paragraph for paragraph in mail.body.rstrip("\n").split("\n\n"))
    ]

    assert [] == broken


def test_a_file_is_a_language(tmp_path: Path) -> None:
    (tmp_path / "xx.json").write_text('{"a": {"subject": "S", "body": "B"}}')

    assert {"xx": {"a": MailText("S", "B")}} == load_mail_texts(tmp_path)
