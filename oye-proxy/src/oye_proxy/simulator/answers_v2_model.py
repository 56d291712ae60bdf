"""A 2.x charger's answers about itself: variables, reports, what it knows of customers."""

from collections.abc import Callable
from functools import partial

from oye_proxy.simulator.answers import Handler, send_all, status
from oye_proxy.simulator.device_model import READ_ONLY, DeviceModel, Variable
from oye_proxy.simulator.exchange import Answer, ChargerControl, Outgoing, Payload
from oye_proxy.simulator.messages_v2 import MessagesV2
from oye_proxy.simulator.tags import TagBook

REPORT_ITEMS = 10
_SUMMARY = ("AvailabilityState", "Problem", "Available")


class ModelAnswersV2:
    """Answers what concerns the device model; `handlers` are its actions."""

    def __init__(
        self,
        *,
        model: DeviceModel,
        tags: TagBook,
        messages: MessagesV2,
        control: ChargerControl,
        send: Callable[[Outgoing], None],
    ) -> None:
        self._model = model
        self._tags = tags
        self._messages = messages
        self._control = control
        self._send = send
        self.handlers: dict[str, Handler] = {
            "CustomerInformation": self._customer_information,
            "GetBaseReport": self._get_base_report,
            "GetReport": self._get_report,
            "GetVariables": self._get_variables,
            "SetNetworkProfile": self._set_network_profile,
            "SetVariables": self._set_variables,
        }

    def _get_variables(self, payload: Payload) -> Answer:
        items = payload["getVariableData"]
        return Answer({"getVariableResult": [self._model.get(item) for item in items]})

    def _set_variables(self, payload: Payload) -> Answer:
        items = payload["setVariableData"]
        results = [self._model.set(item) for item in items]
        changed = {
            item["variable"]["name"]: item["attributeValue"]
            for item, result in zip(items, results, strict=True)
            if result["attributeStatus"] == "Accepted"
        }

        def apply() -> None:
            if "HeartbeatInterval" in changed:
                self._control.restart_heartbeat()
            if "BasicAuthPassword" in changed:
                # A01.FR.02: the new password holds from the next connection on.
                self._control.renew_password(changed["BasicAuthPassword"])
                self._control.reconnect()

        return Answer({"setVariableResult": results}, apply)

    def _get_base_report(self, payload: Payload) -> Answer:
        base = payload["reportBase"]
        variables = [each for each in self._model.variables if _belongs(each, base)]
        return self._reported(payload["requestId"], variables)

    def _get_report(self, payload: Payload) -> Answer:
        variables = self._model.matching(payload.get("componentVariable", []))
        criteria = payload.get("componentCriteria")
        if criteria:
            names = {each.lower() for each in criteria}
            true = {
                variable.component
                for variable in self._model.variables
                if variable.name.lower() in names and variable.text == "true"
            }
            variables = [variable for variable in variables if variable.component in true]
        return self._reported(payload["requestId"], variables)

    def _reported(self, request_id: int, variables: list[Variable]) -> Answer:
        if not variables:
            return status("EmptyResultSet")
        data = [variable.describe() for variable in variables]
        parts = [data[start : start + REPORT_ITEMS] for start in range(0, len(data), REPORT_ITEMS)]
        return self._sent(self._messages.report(request_id, parts))

    def _customer_information(self, payload: Payload) -> Answer:
        named = payload.get("idToken", {}).get("idToken", "")
        texts = ["No data."]
        if payload["report"]:
            cached = self._tags.cache.get(named.lower(), "unknown")
            texts = [f"Tag {named[-4:]}", f"Status {cached}"]
        if payload["clear"]:
            self._tags.cache.pop(named.lower(), None)
        return self._sent(self._messages.customer_information(payload["requestId"], texts))

    def _set_network_profile(self, payload: Payload) -> Answer:
        slots = self._model.matching(
            [
                {
                    "component": {"name": "OCPPCommCtrlr"},
                    "variable": {"name": "NetworkConfigurationPriority"},
                }
            ]
        )
        known = (slots[0].values_list or "").split(",")
        return status("Accepted" if str(payload["configurationSlot"]) in known else "Rejected")

    def _sent(self, messages: list[Outgoing]) -> Answer:
        return status("Accepted", partial(send_all, self._send, messages))


def _belongs(variable: Variable, base: str) -> bool:
    """What a base report holds: all, what can be set, or what tells the state (B07.FR.07 ff.)."""
    match base:
        case "ConfigurationInventory":
            return variable.mutability != READ_ONLY
        case "SummaryInventory":
            return variable.name in _SUMMARY
        case _:
            return True
