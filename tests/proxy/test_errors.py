"""The tree of exceptions is the module's docstring, complete and nothing else."""

import inspect
import re

import pytest

from oye_proxy import errors

CLASSES = {
    name: kind
    for name, kind in inspect.getmembers(errors, inspect.isclass)
    if issubclass(kind, Exception)
}
DRAWING = (errors.__doc__ or "").split("```")[1]


def drawn() -> dict[str, str]:
    """
    Return each class of the drawing and its parent: the line's first name, or the root.

    A name in brackets is a kind of the one before them.
    """
    parents: dict[str, str] = {}
    branch = ""
    for line in DRAWING.strip().splitlines():
        names = re.findall(r"\b[A-Z]\w*Error\b", line)
        if line.startswith(("├", "└")):
            branch, *names = names
            parents[branch] = "OyeError"
        parents.update(dict.fromkeys(names, branch))
        kinds = re.findall(r"(\w+Error) \((\w+Error)\)", line)
        parents.update((kind, parent) for parent, kind in kinds)
    return parents


def test_the_drawing_shows_every_class_under_its_parent() -> None:
    parents = {
        name: kind.__bases__[0].__name__ for name, kind in CLASSES.items() if name != "OyeError"
    }

    assert parents == {name: parent for name, parent in drawn().items() if name != "OyeError"}


@pytest.mark.parametrize("kind", CLASSES.values(), ids=CLASSES)
def test_a_class_ends_in_error_and_says_what_it_means(kind: type[Exception]) -> None:
    assert kind.__name__.endswith("Error")
    assert kind.__doc__
    assert issubclass(kind, errors.OyeError)


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (errors.ChargerNotConnectedError(), "Charger not connected"),
        (errors.ConfirmationRequiredError("Confirm.", "danger"), "Confirm."),
        (errors.TooManyRequestsError("Later.", 2.5), "Later."),
        (errors.InjectionTimeoutError("No answer.", "a"), "No answer."),
        (errors.InjectionRejectedError("a", "NotSupported", "", {}), "NotSupported"),
        (errors.InjectionRejectedError("a", "NotSupported", "no", {}), "NotSupported: no"),
        (errors.CsmsUnreachableError("Away."), "Away."),
        (errors.CsmsRefusedError(401, {}), "the CSMS refused the handshake with HTTP 401"),
        (errors.AdmissionError(404, "unknown charger"), "unknown charger"),
    ],
)
def test_its_text_is_a_sentence_for_a_person(error: errors.OyeError, text: str) -> None:
    assert text == str(error)


def test_errors_carry_what_their_handlers_need() -> None:
    rejected = errors.InjectionRejectedError("a", "NotSupported", "no", {"b": 1})

    assert ("a", "NotSupported", "no", {"b": 1}) == (
        rejected.message_id,
        rejected.error_code,
        rejected.description,
        rejected.details,
    )
    assert "danger" == errors.ConfirmationRequiredError("Confirm.", "danger").guard
    assert 2.5 == errors.TooManyRequestsError("Later.", 2.5).retry_after
    assert 30 == errors.CsmsUnreachableError("Away.", 30).retry_after
    assert {"Retry-After": "9"} == errors.CsmsRefusedError(403, {"Retry-After": "9"}).headers
    refused = errors.AdmissionError(429, "too many", 5)
    assert (429, "too many", 5) == (refused.status, refused.reason, refused.retry_after)
