"""
What the proxy remembers of its own CALLs, so that nothing of them ever reaches a CSMS (LC 6.4).

Injected ids are kept for 24 hours, 4 096 per charger, over reconnects and restarts. Some requests
make the charger send CALLs later; they carry the request's `requestId` and are the body of the
answer.
"""

import re
from collections.abc import Callable, Iterable
from typing import Any

from msgspec import Struct

from oye_proxy.errors import ConflictError
from oye_proxy.ocppj.frames import MalformedError, MessageId, uuids_in
from oye_proxy.ocppj.versions import OcppVersion

REMEMBER_SECONDS = 24 * 3600.0
REMEMBER_IDS = 4096
FIRST_REQUEST_ID = 1_700_000_000
LAST_REQUEST_ID = 1_799_999_999
UNCORRELATED_SECONDS = 3600.0

_CUT_ANSWER = re.compile(r'\[\s*[345]\s*,\s*"([0-9a-fA-F-]{8,35})\s*\Z')
_REQUEST_ID = re.compile(r'"requestId"\s{0,9}:\s{0,9}"?(\d{1,10})(?!\d)', re.ASCII)
_DIGITS = re.compile(r"\d{1,10}", re.ASCII)
_CUT_ID = re.compile(r"[0-9a-f-]{8,35}")


class FollowUpRule(Struct, frozen=True):
    """
    Which CALL follows a request, and which payload of it is the last.

    `is_body` says that these CALLs are what the request asked for, not news of its progress.
    """

    action: str
    is_last: Callable[[dict[str, Any]], bool]
    is_body: bool = True


def _no_more(payload: dict[str, Any]) -> bool:
    return payload.get("tbc") is not True


def _log_ended(payload: dict[str, Any]) -> bool:
    return payload.get("status") != "Uploading"


def _firmware_ended(payload: dict[str, Any]) -> bool:
    status = str(payload.get("status"))
    return status == "Installed" or status.endswith("Failed") or status.startswith("Invalid")


def _publishing_ended(payload: dict[str, Any]) -> bool:
    status = str(payload.get("status"))
    return status == "Published" or status.endswith("Failed") or status.startswith("Invalid")


def _at_once(_: dict[str, Any]) -> bool:
    return True


FOLLOW_UPS = {
    "GetBaseReport": FollowUpRule("NotifyReport", _no_more),
    "GetReport": FollowUpRule("NotifyReport", _no_more),
    "GetMonitoringReport": FollowUpRule("NotifyMonitoringReport", _no_more),
    "GetChargingProfiles": FollowUpRule("ReportChargingProfiles", _no_more),
    "CustomerInformation": FollowUpRule("NotifyCustomerInformation", _no_more),
    "GetDisplayMessages": FollowUpRule("NotifyDisplayMessages", _no_more),
    "GetLog": FollowUpRule("LogStatusNotification", _log_ended, is_body=False),
    "UpdateFirmware": FollowUpRule("FirmwareStatusNotification", _firmware_ended, is_body=False),
    "SignedUpdateFirmware": FollowUpRule(
        "SignedFirmwareStatusNotification", _firmware_ended, is_body=False
    ),
    "PublishFirmware": FollowUpRule(
        "PublishFirmwareStatusNotification", _publishing_ended, is_body=False
    ),
    "GetDERControl": FollowUpRule("ReportDERControl", _no_more),
    "RequestBatterySwap": FollowUpRule("BatterySwap", _at_once, is_body=False),
}
FOLLOW_UP_ACTIONS = frozenset(rule.action for rule in FOLLOW_UPS.values())

# OCPP 1.6 commands whose notifications carry no id.
UNCORRELATED = {
    "GetDiagnostics": FollowUpRule(
        "DiagnosticsStatusNotification", lambda payload: payload.get("status") != "Uploading"
    ),
    "UpdateFirmware": FollowUpRule("FirmwareStatusNotification", _firmware_ended, is_body=False),
}


class InjectedCall(Struct, kw_only=True):
    """An injected CALL as it is remembered; `request_id` is set when CALLs follow its answer."""

    message_id: str
    action: str
    at: float
    request_id: int | None = None


class InjectionMemory:
    """The injected CALLs of one charger; `first_request_id` is where our request ids begin."""

    def __init__(
        self,
        *,
        first_request_id: int = FIRST_REQUEST_ID,
        swallow_uncorrelated: bool = False,
        remembered: Iterable[InjectedCall] = (),
    ) -> None:
        self._next_request_id = first_request_id
        self._swallow_uncorrelated = swallow_uncorrelated
        self._calls: dict[str, InjectedCall] = {}
        self._open: dict[tuple[str, int], InjectedCall] = {}
        self._windows: dict[str, InjectedCall] = {}
        self._seen_request_ids: dict[int, None] = {}
        for call in remembered:
            self._keep(call)

    def complete(self, version: OcppVersion, action: str, payload: Any) -> Any:
        """
        Return the payload with the `requestId` that it needs and lacks.

        Raise ConflictError for one of the CSMS: its reports would be taken for ours.
        """
        if _rule(version, action) is None or not isinstance(payload, dict):
            return payload
        request_id = payload.get("requestId")
        if isinstance(request_id, int):
            if request_id in self._seen_request_ids:
                raise ConflictError("The CSMS uses this requestId; without one, a free one is set")
            return payload
        return {**payload, "requestId": self._take_request_id()}

    def remember(
        self, version: OcppVersion, message_id: str, action: str, payload: Any, now: float
    ) -> Any:
        """Remember a CALL before it is sent; return its payload, completed."""
        self._forget_old(now)
        payload = self.complete(version, action, payload)
        call = InjectedCall(
            message_id=message_id,
            action=action,
            at=now,
            request_id=request_id_of(version, action, payload),
        )
        self._keep(call)
        if self._swallow_uncorrelated and version.is_1_6 and action in UNCORRELATED:
            self._windows[UNCORRELATED[action].action] = call
        return payload

    def withdraw(self, message_id: MessageId) -> None:
        """Forget a CALL that was never sent: nothing of it can come back."""
        call = self._calls.pop(message_id.key, None)
        if call is not None:
            self._expect_nothing_of(call)

    def find(self, message_id: MessageId) -> InjectedCall | None:
        """Return the injected CALL with this id."""
        return self._calls.get(message_id.key)

    def find_similar(self, message_id: MessageId) -> InjectedCall | None:
        """Return the injected CALL whose id came back cut off, or with something around it."""
        text = message_id.text.strip().lower()
        for key in uuids_in(text):
            if key in self._calls:
                return self._calls[key]
        return self._beginning_with(text) if _CUT_ID.fullmatch(text) else None

    def find_in(self, error: MalformedError, text: str) -> InjectedCall | None:
        """Return the injected CALL that a broken text answers, as far as can be recognised."""
        if error.id_key is not None and error.id_key in self._calls:
            return self._calls[error.id_key]
        for key in uuids_in(text):
            if key in self._calls:
                return self._calls[key]
        cut = _CUT_ANSWER.search(text)
        return None if cut is None else self._beginning_with(cut[1].lower())

    def follow_up(self, action: str, payload: Any, now: float) -> tuple[InjectedCall, bool] | None:
        """
        Return the injection to which a charger's CALL belongs, and whether it is the last.

        What repeats or follows the last one (a retry, an update that is tried again) is ours too.
        """
        if not isinstance(payload, dict):
            return None
        window = self._window(action, now)
        if window is not None:
            last = UNCORRELATED[window.action].is_last(payload)
            if last:
                del self._windows[action]
            return window, last
        call = self._asked_for(action, _tolerantly(payload.get("requestId")), now)
        return None if call is None else (call, FOLLOW_UPS[call.action].is_last(payload))

    def broken_follow_up(self, action: str | None, text: str, now: float) -> InjectedCall | None:
        """Return the injection to which a CALL belongs whose payload cannot be read."""
        found = (self._asked_for(action, int(one), now) for one in _REQUEST_ID.findall(text))
        return next((call for call in found if call is not None), None)

    def expects(self, action: str) -> bool:
        """Tell whether a CALL of this action could be a follow-up."""
        return action in self._windows or (action in FOLLOW_UP_ACTIONS and bool(self._open))

    def yield_request_id(self, action: str, payload: Any) -> None:
        """Note a request of the CSMS: we never take its id, and what follows is the CSMS's."""
        if action in UNCORRELATED:
            self._windows.pop(UNCORRELATED[action].action, None)
        rule = FOLLOW_UPS.get(action)
        request_id = payload.get("requestId") if isinstance(payload, dict) else None
        if rule is None or not isinstance(request_id, int):
            return
        self._seen_request_ids[request_id] = None
        if len(self._seen_request_ids) > REMEMBER_IDS:
            del self._seen_request_ids[next(iter(self._seen_request_ids))]
        self._open.pop((rule.action, request_id), None)

    def _asked_for(
        self, action: str | None, request_id: int | None, now: float
    ) -> InjectedCall | None:
        if action is None or request_id is None:
            return None
        call = self._open.get((action, request_id))
        return None if call is None or now - call.at > REMEMBER_SECONDS else call

    def _beginning_with(self, start: str) -> InjectedCall | None:
        return next((call for key, call in self._calls.items() if key.startswith(start)), None)

    def _window(self, action: str, now: float) -> InjectedCall | None:
        window = self._windows.get(action)
        if window is not None and now - window.at > UNCORRELATED_SECONDS:
            del self._windows[action]
            return None
        return window

    def _take_request_id(self) -> int:
        while True:
            request_id = self._next_request_id
            following = request_id + 1
            self._next_request_id = following if following <= LAST_REQUEST_ID else FIRST_REQUEST_ID
            if request_id not in self._seen_request_ids:
                return request_id

    def _keep(self, call: InjectedCall) -> None:
        self._calls[MessageId.of(call.message_id).key] = call
        rule = FOLLOW_UPS.get(call.action)
        if rule is not None and call.request_id is not None:
            self._open[rule.action, call.request_id] = call

    def _forget_old(self, now: float) -> None:
        """Calls are kept in the order of time, so the oldest are the first."""
        for key, call in list(self._calls.items()):
            if len(self._calls) < REMEMBER_IDS and now - call.at <= REMEMBER_SECONDS:
                return
            del self._calls[key]
            self._expect_nothing_of(call)

    def _expect_nothing_of(self, call: InjectedCall) -> None:
        rule = FOLLOW_UPS.get(call.action)
        if rule is not None and call.request_id is not None:
            expected = rule.action, call.request_id
            if self._open.get(expected) is call:
                del self._open[expected]
        rule = UNCORRELATED.get(call.action)
        if rule is not None and self._windows.get(rule.action) is call:
            del self._windows[rule.action]


def request_id_of(version: OcppVersion, action: str, payload: Any) -> int | None:
    """Return the id by which later CALLs are known to belong to this request."""
    if _rule(version, action) is None or not isinstance(payload, dict):
        return None
    request_id = payload.get("requestId")
    return request_id if isinstance(request_id, int) else None


def _tolerantly(request_id: Any) -> int | None:
    """Read an id that a charger gives back as it can: `7`, `7.0` or `"7"`."""
    if isinstance(request_id, float) and request_id.is_integer():
        return int(request_id)
    if isinstance(request_id, str) and _DIGITS.fullmatch(request_id):
        return int(request_id)
    return request_id if isinstance(request_id, int) else None


def _rule(version: OcppVersion, action: str) -> FollowUpRule | None:
    """UpdateFirmware has a `requestId` in 2.x only."""
    if version.is_1_6 and action == "UpdateFirmware":
        return None
    return FOLLOW_UPS.get(action)
