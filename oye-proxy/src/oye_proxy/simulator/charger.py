"""A simulated charger: boots, beats, charges, answers, reconnects, and breaks when told to."""

import asyncio
import base64
import random
import ssl
from collections.abc import Callable
from enum import StrEnum
from typing import Any
from urllib.parse import quote
from uuid import UUID

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException
from websockets.typing import Subprotocol

from oye_proxy.ocppj.frames import Call
from oye_proxy.ocppj.schemas import Schemas
from oye_proxy.simulator.clock import Clock, ScaledClock
from oye_proxy.simulator.configuration import Option, number_text
from oye_proxy.simulator.exchange import Answer, Payload
from oye_proxy.simulator.identity import SUBPROTOCOL_OF, ChargerSimulation
from oye_proxy.simulator.link import AnswerFault, ChargerLink, Observer
from oye_proxy.simulator.official import official_schemas
from oye_proxy.simulator.speech import speak
from oye_proxy.simulator.vehicle import Vehicle
from oye_proxy.tasks import cancel, spawn

__all__ = ["ChargerSimulation", "SimulatedCharger", "SimulatedFault"]

_BOOT_RETRY = 30.0
_REBOOT_AFTER = 1.0


class SimulatedFault(StrEnum):
    """What can go wrong on demand."""

    DROP = "drop"  # the TCP connection is cut without a Close frame
    HALF_OPEN = "half-open"  # TCP stays up, nothing is read or written any more
    GARBAGE = "garbage"  # a text that is no frame
    ANSWER_TWICE = "answer-twice"  # the next CALL is answered twice
    ANSWER_LATE = "answer-late"  # the next CALL is answered after two minutes
    ANSWER_MALFORMED = "answer-malformed"  # the next answer is cut in the middle
    ANSWER_NEVER = "answer-never"  # the next CALL is never answered
    REBOOT = "reboot"  # the charger restarts as after a power cut
    FAULTED = "faulted"  # the first EVSE reports a ground failure, and recovers at the next time


class SimulatedCharger:
    """
    One emulated charger; `run` it, or `start` and `stop` it.

    Charging goes on while it is offline; what a CSMS must be told is told after the reconnect.
    `observer` sees every frame, `announce` gets a sentence when a connection opens, ends or fails.
    """

    def __init__(
        self,
        settings: ChargerSimulation,
        *,
        clock: Clock | None = None,
        observer: Observer | None = None,
        announce: Callable[[str], object] | None = None,
    ) -> None:
        self.settings = settings
        self._announce = announce or _ignore
        self.clock = clock or ScaledClock()
        self.failed_attempts = 0
        self._observer = observer
        self._source = random.Random(f"{settings.charge_point_id}/{settings.seed}")  # noqa: S311
        self._password: str | bytes | None = (
            settings.password.reveal() if settings.password is not None else None
        )
        self._task: asyncio.Task[None] | None = None
        self._news = asyncio.Event()
        self._boot_reason = "PowerUp"
        self._must_boot = True
        self._plugged_once = False
        self._link = ChargerLink(
            version=settings.version,
            clock=self.clock,
            new_id=self._new_id,
            call_timeout=settings.call_timeout,
            retries=self._retries,
            answer=self._answer,
            changed=self._news.set,
            observer=self._observe,
        )
        self._schemas: Schemas | None = None
        speech = speak(
            settings,
            clock=self.clock,
            link=self._link,
            control=self,
            new_id=self._new_id,
            seed=self._source.getrandbits(32),
        )
        self._options = speech.options
        self._messages = speech.messages
        self._answer_call = speech.answer
        self.charging = speech.charging
        self.charging.on_change(self._news.set)

    @property
    def connected(self) -> bool:
        """Whether the WebSocket is open."""
        return self._link.connected

    @property
    def accepted(self) -> bool:
        """Whether the last BootNotification was answered Accepted."""
        return self._link.accepted

    @property
    def waiting(self) -> list[str]:
        """The actions of the CALLs that wait to be sent or answered."""
        return self._link.waiting

    def option(self, option: Option) -> str:
        """Return a value of the charger's configuration by its meaning."""
        return self._options.text(option)

    async def run(self) -> None:
        """Connect, and connect again for ever; ends when it is cancelled."""
        self._schemas = await asyncio.to_thread(official_schemas)
        context = await asyncio.to_thread(self._ssl_context)
        try:
            while True:
                try:
                    websocket = await self._connect(context)
                except (OSError, WebSocketException, TimeoutError) as error:
                    self._failed(error)
                else:
                    await self._serve(websocket)
                await self.clock.sleep(self.settings.reconnect_delay)
        finally:
            self.charging.timers.stop()

    def start(self) -> None:
        """Run in the background."""
        self._task = spawn(self.run(), name=f"simulated charger {self.settings.charge_point_id}")

    async def stop(self) -> None:
        """End what `start` began."""
        await cancel(self._task)
        self._task = None

    async def until(self, condition: Callable[[], Any], *, timeout: float = 5.0) -> None:  # noqa: ASYNC109
        """Wait until a condition on this charger holds; the deadline is in real seconds."""
        async with asyncio.timeout(timeout):
            while not condition():
                self._news.clear()
                await self._news.wait()

    def plug_in(self, evse_id: int = 1, vehicle: Vehicle | None = None) -> None:
        """Plug a car in."""
        self.charging.plug_in(evse_id, vehicle)

    def unplug(self, evse_id: int = 1) -> None:
        """Take the car away."""
        self.charging.unplug(evse_id)

    def present_tag(self, id_tag: str | None = None, evse_id: int | None = None) -> None:
        """Hold a tag to the reader, the charger's own by default."""
        self.charging.present_tag(id_tag or self.settings.id_tag, evse_id)

    def cause(self, fault: SimulatedFault) -> None:
        """Let something go wrong."""
        match fault:
            case SimulatedFault.DROP:
                self._link.drop()
            case SimulatedFault.HALF_OPEN:
                self._link.go_half_open()
            case SimulatedFault.GARBAGE:
                spawn(self._link.send_text('AT+CSQ\r\n[2,"'), name="garbage")
            case SimulatedFault.ANSWER_TWICE:
                self._link.answer_faults.append(AnswerFault.TWICE)
            case SimulatedFault.ANSWER_LATE:
                self._link.answer_faults.append(AnswerFault.LATE)
            case SimulatedFault.ANSWER_MALFORMED:
                self._link.answer_faults.append(AnswerFault.MALFORMED)
            case SimulatedFault.ANSWER_NEVER:
                self._link.answer_faults.append(AnswerFault.NEVER)
            case SimulatedFault.REBOOT:
                self.reboot("Unknown")
            case SimulatedFault.FAULTED:
                broken = self.charging.evses[0].fault is not None
                self.charging.set_fault(1, None if broken else "GroundFailure")

    def boot(self, *, reason: str = "Triggered") -> None:
        """Send a BootNotification."""
        outgoing = self._messages.boot(reason)
        outgoing.on_result = self._booted
        self._link.send(outgoing, first=not self._link.accepted)

    def beat(self) -> None:
        """Send a Heartbeat."""
        self._link.send(self._messages.heartbeat())

    def reboot(self, reason: str) -> None:
        """Close the connection and start again as after a power cut."""
        self._must_boot = True
        self._boot_reason = reason
        self.charging.timers.later(_REBOOT_AFTER, self.reconnect, key="reboot")

    def reconnect(self) -> None:
        """Close the connection and open a new one."""
        spawn(self._link.close("reconnecting"), name="simulated charger closes")

    def renew_password(self, password: str | bytes) -> None:
        """Use another password from the next connection on."""
        self._password = password

    def restart_heartbeat(self) -> None:
        """Take over a changed heartbeat interval."""
        interval = float(self._options.text(Option.HEARTBEAT_INTERVAL))
        if interval > 0:
            self.charging.timers.later(interval, self._heartbeat, key="heartbeat")
        else:
            self.charging.timers.forget("heartbeat")

    async def _connect(self, context: ssl.SSLContext | None) -> ClientConnection:
        settings = self.settings
        headers: dict[str, str] = {}
        if self._password is not None:
            headers["Authorization"] = _basic(settings.charge_point_id, self._password)
        ping_interval = float(self._options.text(Option.PING_INTERVAL))
        return await connect(
            f"{settings.url.rstrip('/')}/ocpp/{quote(settings.charge_point_id, safe='')}",
            subprotocols=[Subprotocol(SUBPROTOCOL_OF[settings.version])],
            additional_headers=headers,
            user_agent_header="OYE simulator",
            ssl=context,
            compression=None,
            proxy=None,
            ping_interval=ping_interval or None,
            ping_timeout=ping_interval or None,
            close_timeout=1.0,
        )

    async def _serve(self, websocket: ClientConnection) -> None:
        try:
            await self._link.serve(websocket, self._opened)
        finally:
            self.charging.timers.forget("heartbeat")
            self.charging.timers.forget("boot")
            await websocket.close()
            self._announce(
                f"disconnected: {websocket.close_code} {websocket.close_reason}".rstrip()
            )
            self._news.set()

    def _failed(self, error: Exception) -> None:
        self.failed_attempts += 1
        self._announce(f"cannot connect: {str(error) or 'no answer'}; trying again")
        self._news.set()

    def _opened(self) -> None:
        self._announce("connected")
        if self._must_boot or self.settings.boot_on_reconnect:
            self._link.accepted = False
            self.boot(reason=self._boot_reason)
        else:
            self._ready()

    def _booted(self, result: Payload | None) -> None:
        if not self._link.connected:
            return
        word = (result or {}).get("status")
        interval = float((result or {}).get("interval") or 0)
        if word != "Accepted":
            self._link.accepted = False
            self.charging.timers.later(interval or _BOOT_RETRY, self._boot_again, key="boot")
            self._news.set()
            return
        self._must_boot = False
        self._boot_reason = "PowerUp"
        self._link.accepted = True
        if interval > 0:
            self._options.put(Option.HEARTBEAT_INTERVAL, number_text(interval))
        self._ready()

    def _boot_again(self) -> None:
        self.boot(reason=self._boot_reason)

    def _ready(self) -> None:
        self.charging.report_status()
        self.restart_heartbeat()
        if self.settings.plug_in and not self._plugged_once:
            self._plugged_once = True
            self.plug_in()
        self._news.set()

    def _heartbeat(self) -> None:
        self.beat()
        self.restart_heartbeat()

    def _answer(self, call: Call) -> Answer:
        assert self._schemas is not None  # noqa: S101  loaded before the first connection
        return self._answer_call(call, self._schemas)

    def _retries(self) -> tuple[int, float]:
        attempts = int(self._options.text(Option.MESSAGE_ATTEMPTS))
        return max(1, attempts), float(self._options.text(Option.RETRY_INTERVAL))

    def _observe(self, text: str, *, outgoing: bool) -> None:
        if self._observer is not None:
            self._observer(text, outgoing=outgoing)
        self._news.set()

    def _new_id(self) -> UUID:
        return UUID(int=self._source.getrandbits(128), version=4)

    def _ssl_context(self) -> ssl.SSLContext | None:
        if not self.settings.url.startswith("wss:"):
            return None
        return ssl.create_default_context(cafile=self.settings.ca_file)


def _ignore(_news: str) -> None:
    """Tell nobody."""


def _basic(name: str, password: str | bytes) -> str:
    secret = password.encode() if isinstance(password, str) else password
    return "Basic " + base64.b64encode(name.encode() + b":" + secret).decode()
