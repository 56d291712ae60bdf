"""The owner's own CALL: bodies and replies of the Node proxy, and the wait for the answer."""

from collections.abc import Callable
from typing import Any

import pytest
from tests.proxy.api.conftest import ADMIN, Api, basic, bearer
from tests.proxy.api.memory import MemoryHub

from oye_proxy.hub.injections import Injection, Origin
from oye_proxy.ocppj.commands import FollowUp, InjectionState, Progress

RESET = {"action": "Reset", "payload": {"type": "Soft"}}
MESSAGE_ID = "00000000-0000-4000-8000-000000000001"


def settle(state: InjectionState, **details: Any) -> Callable[[Injection], None]:
    def advance(injection: Injection) -> None:
        injection.advance(Progress(message_id=injection.message_id, state=state, **details))

    return advance


async def test_the_reply_is_that_of_the_node_proxy(api: Api, hub: MemoryHub) -> None:
    hub.settle = settle(InjectionState.SENT)
    expected = {"status": "sent", "messageId": MESSAGE_ID}

    assert (200, expected) == await api.ask("POST", "/api/inject/CP1", RESET)
    assert [("CP1", "Reset", {"type": "Soft"}, Origin(user="admin", kind="owner"))] == hub.injected


async def test_a_command_that_waits_for_its_turn_says_so(api: Api) -> None:
    _, body = await api.ask("POST", "/api/inject/CP1", RESET)

    assert {"status": "sent", "messageId": MESSAGE_ID, "queued": True} == body


@pytest.mark.parametrize("payload", [{}, {"payload": None}, {"payload": {}}])
async def test_no_payload_is_an_empty_one(
    api: Api, hub: MemoryHub, payload: dict[str, Any]
) -> None:
    await api.ask("POST", "/api/inject/CP1", {"action": "ClearCache", **payload})

    assert {} == hub.injected[0][2]


async def test_a_program_is_an_automation(api: Api, hub: MemoryHub) -> None:
    await api.ask("POST", "/api/inject/CP1", RESET, headers=bearer("token-of-control"))

    assert Origin(user="Home Assistant", kind="automation") == hub.injected[0][3]


@pytest.mark.parametrize("charge_point_id", ["none", "off", "%00", "x" * 500])
async def test_who_is_not_connected_is_503(api: Api, hub: MemoryHub, charge_point_id: str) -> None:
    """Also an id never seen: the Node proxy knew no difference."""
    hub.change("off", connected=False)
    expected = {"error": "Charger not connected", "code": "charger_not_connected"}

    assert (503, expected) == await api.ask("POST", f"/api/inject/{charge_point_id}", RESET)


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("?wait=1", {}),
        ("?wait=120", {}),
        ("", {"Prefer": "wait=10"}),
        ("", {"Prefer": 'respond-async, wait="10"'}),
        ("", {"Prefer": "respond-async; wait = 999999"}),
    ],
)
async def test_with_wait_the_answer_comes_along(
    api: Api, hub: MemoryHub, path: str, headers: dict[str, str]
) -> None:
    hub.settle = settle(InjectionState.ANSWERED, payload={"status": "Accepted"}, accepted=True)
    expected = {
        "status": "sent",
        "messageId": MESSAGE_ID,
        "accepted": True,
        "response": {"status": "Accepted"},
    }
    answer = await api.ask(
        "POST", f"/api/inject/CP1{path}", RESET, headers={**basic(*ADMIN), **headers}
    )

    assert (200, expected) == answer


@pytest.mark.parametrize(("said", "accepted"), [(False, False), (None, True), (True, True)])
async def test_a_refusal_in_the_answer_is_no_success(
    api: Api,
    hub: MemoryHub,
    said: bool | None,  # noqa: FBT001
    accepted: bool,  # noqa: FBT001
) -> None:
    """A CALLRESULT whose status says no is an answer with `accepted: false`."""
    hub.settle = settle(InjectionState.ANSWERED, payload={}, accepted=said)
    status, body = await api.ask("POST", "/api/inject/CP1?wait=1", RESET)

    assert (200, accepted) == (status, body["accepted"])


async def test_follow_ups_are_the_body_of_the_answer(api: Api, hub: MemoryHub) -> None:
    def answer(injection: Injection) -> None:
        settle(InjectionState.ANSWERED, payload={"status": "Accepted"}, accepted=True)(injection)
        for seq_no in range(2):
            injection.follow(
                FollowUp(
                    message_id=injection.message_id,
                    action="NotifyReport",
                    payload={"seqNo": seq_no},
                    last=seq_no == 1,
                )
            )

    hub.settle = answer
    _, body = await api.ask("POST", "/api/inject/CP1?wait=5", {"action": "GetBaseReport"})

    assert [{"seqNo": 0}, {"seqNo": 1}] == body["followUps"]
    assert "complete" not in body


async def test_a_callerror_is_502_with_all_it_said(api: Api, hub: MemoryHub) -> None:
    hub.settle = settle(
        InjectionState.REFUSED, error_code="NotSupported", description="no", details={"a": 1}
    )
    expected = {
        "error": "NotSupported: no",
        "code": "injection_rejected",
        "messageId": MESSAGE_ID,
        "errorCode": "NotSupported",
        "description": "no",
        "details": {"a": 1},
    }

    assert (502, expected) == await api.ask("POST", "/api/inject/CP1?wait=1", RESET)


@pytest.mark.parametrize(
    ("state", "status", "code"),
    [
        (InjectionState.TIMED_OUT, 504, "injection_timeout"),
        (InjectionState.ABORTED, 503, "injection_aborted"),
    ],
)
async def test_no_answer_names_the_command(
    api: Api, hub: MemoryHub, state: InjectionState, status: int, code: str
) -> None:
    hub.settle = settle(state)
    answered, body = await api.ask("POST", "/api/inject/CP1?wait=1", RESET)

    assert (status, code, MESSAGE_ID) == (answered, body["code"], body["messageId"])


async def test_what_can_lock_the_owner_out_needs_a_confirmation(api: Api) -> None:
    command = {"action": "InstallCertificate"}
    status, body = await api.ask("POST", "/api/inject/CP1", command)
    confirmed, _ = await api.ask("POST", "/api/inject/CP1", {**command, "confirm": True})

    assert (409, "confirmation_required", "lockout") == (status, body["code"], body["guard"])
    assert 200 == confirmed


async def test_the_idempotency_key_goes_along(api: Api, hub: MemoryHub) -> None:
    headers = {**basic(*ADMIN), "Idempotency-Key": "k-1"}
    await api.ask("POST", "/api/inject/CP1", RESET, headers=headers)

    assert "k-1" == hub.injections[0].idempotency_key


@pytest.mark.parametrize("keys", [["a", "b"], ["x" * 256]])
async def test_a_bad_idempotency_key_is_refused(api: Api, hub: MemoryHub, keys: list[str]) -> None:
    headers = [*basic(*ADMIN).items(), *(("Idempotency-Key", key) for key in keys)]
    status, _ = await api.ask("POST", "/api/inject/CP1", RESET, headers=headers)

    assert (400, []) == (status, hub.injected)


@pytest.mark.parametrize(
    ("path", "body", "named"),
    [
        ("", {}, "action"),
        ("", {"action": 7}, "action"),
        ("", {"action": ""}, "action"),
        ("", {"action": "Reset", "payload": []}, "payload"),
        ("", {"action": "Reset", "payload": "x"}, "payload"),
        ("", {"action": "Reset", "confirm": "yes"}, "confirm"),
        ("", {"action": "Reset", "payloads": {}}, "payloads"),
        ("?wait=0", RESET, "wait"),
        ("?wait=121", RESET, "wait"),
        ("?wait=nan", RESET, "wait"),
        ("?wait=soon", RESET, "wait"),
        ("?wiat=5", RESET, "wiat"),
    ],
)
async def test_a_bad_request_names_the_field_and_sends_nothing(
    api: Api, hub: MemoryHub, path: str, body: dict[str, Any], named: str
) -> None:
    status, answer = await api.ask("POST", f"/api/inject/CP1{path}", body)

    assert (400, "invalid_request", []) == (status, answer["code"], hub.injected)
    assert named in answer["error"]


@pytest.mark.parametrize("path", ["", "?wait=1"])
@pytest.mark.parametrize(
    ("payload", "reservation_id"),
    [({"reservationId": 5}, 5), ({"id": 6}, 6), ({"id": "7"}, None), ({}, None)],
)
async def test_the_id_of_a_reservation_comes_along(
    api: Api, hub: MemoryHub, path: str, payload: dict[str, Any], reservation_id: int | None
) -> None:
    """It is chosen by the proxy, and who cancels the reservation must name it."""
    hub.settle = settle(
        InjectionState.ANSWERED if path else InjectionState.SENT,
        payload={"status": "Accepted"},
        accepted=True,
    )
    reserve = {"action": "ReserveNow", "payload": payload}
    _, body = await api.ask("POST", f"/api/inject/CP1{path}", reserve)

    assert reservation_id == body.get("reservationId")


@pytest.mark.parametrize("path", ["", "?wait=1"])
async def test_why_a_command_may_fail_comes_along(api: Api, hub: MemoryHub, path: str) -> None:
    warned = settle(InjectionState.ANSWERED, payload={"status": "Accepted"}, accepted=True)

    def settle_and_warn(injection: Injection) -> None:
        injection.warnings = ("It may fail",)
        warned(injection)

    hub.settle = settle_and_warn
    _, body = await api.ask("POST", f"/api/inject/CP1{path}", RESET)

    assert ["It may fail"] == body["warnings"]
    assert "pauses" not in body


@pytest.mark.parametrize("path", ["", "?wait=1"])
async def test_a_limit_at_which_no_car_charges_is_told_as_a_pause(
    api: Api, hub: MemoryHub, path: str
) -> None:
    answered = settle(InjectionState.ANSWERED, payload={"status": "Accepted"}, accepted=True)

    def settle_and_pause(injection: Injection) -> None:
        injection.pauses = True
        answered(injection)

    hub.settle = settle_and_pause
    _, body = await api.ask("POST", f"/api/inject/CP1{path}", RESET)

    assert body["pauses"]
