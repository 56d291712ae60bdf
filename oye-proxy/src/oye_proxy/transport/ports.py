"""What the sockets want from the layers above, and how the parts of this package see each other."""

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol, TypeAlias

from msgspec import Struct

from oye_proxy.ocppj.commands import (
    Command,
    FollowUp,
    Journaling,
    Notice,
    Peer,
    Progress,
    Record,
)
from oye_proxy.ocppj.versions import OcppVersion
from oye_proxy.settings import ChargerAuth, Secret

Observation: TypeAlias = Record | Progress | FollowUp | Notice | Journaling
Event: TypeAlias = Callable[[float], list[Command]]
MessageHandler: TypeAlias = Callable[[str | bytes], None]
ClosedHandler: TypeAlias = Callable[[int, str], None]


class Timer(Protocol):
    """A call that is due later."""

    def cancel(self) -> None:
        """Do not call."""
        ...


class Clock(Protocol):
    """What is used of an event loop where time matters."""

    def time(self) -> float:
        """Return the loop's time in seconds."""
        ...

    def call_later(self, delay: float, callback: Callable[[], None]) -> Timer:
        """Call once after `delay` seconds."""
        ...


class CsmsTarget(Struct, frozen=True, kw_only=True):
    """
    Which CSMS a charger goes to.

    `url` may hold `{id}`, a query, and user info: the proxy's own credentials for this CSMS.
    """

    url: str


class Hello(Struct, frozen=True, kw_only=True):
    """What a charger said in its handshake, as far as its CSMS shall hear it."""

    raw_id: str
    query: str = ""
    offered: tuple[str, ...] = ()
    authorization: Secret | None = None
    user_agent: str | None = None


class Arrival(Struct, frozen=True, kw_only=True):
    """
    A charger at the door.

    `version` and `subprotocol` are what the proxy would answer by itself; in relay the CSMS's
    choice counts. `warnings` are slugs about the id.
    """

    charge_point_id: str
    raw_id: str
    remote_address: str
    remote_port: int
    secure: bool
    offered: tuple[str, ...]
    version: OcppVersion
    subprotocol: str | None
    warnings: tuple[str, ...] = ()


class Admission(Struct, frozen=True, kw_only=True):
    """
    How a charger is let in.

    Without a `target` the proxy stands in for the CSMS. `credential_hashes` are those that count
    in local authentication: two while a rotation waits for a reboot. `no_pong` remembers a charger
    that never answers pings.
    """

    target: CsmsTarget | None = None
    auth: ChargerAuth = ChargerAuth.NONE
    credential_hashes: tuple[str, ...] = ()
    no_pong: bool = False


class LinkReason(StrEnum):
    """Why the link to the CSMS is there, or is not."""

    CONNECTED = "connected"
    CLOSED = "closed"
    UNREACHABLE = "unreachable"
    LOOP = "loop"  # the address leads back to us
    REFUSED = "refused"
    SUBPROTOCOL = "subprotocol"
    OFF = "off"


class LinkChange(Struct, frozen=True, kw_only=True):
    """
    Something happened to the link to the CSMS.

    `status` is that of a refusal, `detail` a sentence, `next_delay` the seconds until the next
    attempt.
    """

    reason: LinkReason
    detail: str = ""
    attempt: int = 0
    next_delay: float | None = None
    status: int | None = None
    close_code: int | None = None

    @property
    def connected(self) -> bool:
        """Whether the link is up now."""
        return self.reason is LinkReason.CONNECTED


class ConversationPort(Protocol):
    """What the bridge uses of a Conversation; times are the event loop's."""

    @property
    def deadline(self) -> float | None:
        """The next moment at which `tick` has something to do."""
        ...

    def receive(self, peer: Peer, data: str | bytes, now: float) -> list[Command]:
        """Take one message of the charger or the CSMS."""
        ...

    def inject(self, message_id: str, action: str, payload: Any, now: float) -> list[Command]:
        """Send a CALL of the owner."""
        ...

    def csms_opened(self, now: float) -> list[Command]:
        """Take note that a link is up."""
        ...

    def csms_lost(self, now: float) -> list[Command]:
        """Take note that the link is down."""
        ...

    def csms_off(self, now: float) -> list[Command]:
        """Stand in for the CSMS from now on."""
        ...

    def charger_lost(self, now: float) -> list[Command]:
        """Settle what is open."""
        ...

    def tick(self, now: float) -> list[Command]:
        """Do what is due."""
        ...


class ChargerInfo(Struct, frozen=True, kw_only=True):
    """Who is connected; `version` is None for a subprotocol that we do not understand."""

    charge_point_id: str
    version: OcppVersion | None
    remote_address: str
    remote_port: int
    secure: bool
    hello: Hello
    warnings: tuple[str, ...] = ()
    credential_hash: str | None = None
    no_pong: bool = False


class Connection(Protocol):
    """One connection of one charger, as the layers above see it; a `bridge.Bridge`."""

    info: ChargerInfo
    charge_point_id: str
    version: OcppVersion | None
    subprotocol: str | None
    remote_address: str
    remote_port: int
    connected_at: datetime
    frames_out: int

    @property
    def csms_connected(self) -> bool:
        """Whether a link to the CSMS is up."""
        ...

    @property
    def no_pong(self) -> bool:
        """Whether this charger sends frames but does not answer pings."""
        ...

    def set_heartbeat_interval(self, seconds: float) -> None:
        """Tell how often this charger sends Heartbeats, to judge its silence by."""
        ...

    def inject(self, message_id: str, action: str, payload: Any) -> None:
        """Send a CALL of the owner; raise what the conversation raises."""
        ...

    def tell(self, event: Event) -> None:
        """Tell the conversation of an event and carry out what it says, unless it is over."""
        ...

    async def is_alive(self, seconds: float) -> bool:
        """Ping the charger and tell whether anything comes within this time."""
        ...

    async def retarget(self, target: CsmsTarget | None) -> None:
        """Go to another CSMS, or to none, at once."""
        ...

    async def close(self, code: int, reason: str) -> None:
        """End the connection; return when the link to the CSMS is gone."""
        ...

    async def wait_closed(self) -> None:
        """Wait until the charger's TCP connection is gone."""
        ...


class Directory(Protocol):
    """Knows which chargers may come in, and which are connected."""

    async def admit(self, arrival: Arrival) -> Admission:
        """Decide about an arrival; raise AdmissionError to refuse it."""
        ...

    def bridge(self, charge_point_id: str) -> Connection | None:
        """Return the connection that is registered now."""
        ...

    def attach(self, bridge: Connection) -> ConversationPort:
        """Register a connection and make its conversation."""
        ...

    def detach(self, bridge: Connection) -> None:
        """Remove this connection, if it is still the registered one."""
        ...

    def auth_failed(self, arrival: Arrival) -> None:
        """Take note that local authentication refused an arrival."""
        ...

    def turned_away(self, arrival: Arrival, change: LinkChange) -> None:
        """Take note that an arrival had to go: its CSMS refused it, or is away."""
        ...


class FrameSink(Protocol):
    """Takes what passes and looks at it later: it never blocks, raises or calls back."""

    def observe(self, bridge: Connection, command: Observation, at: datetime) -> None:
        """Take one thing that a conversation told."""
        ...

    def link_changed(self, bridge: Connection, change: LinkChange) -> None:
        """Take a change of the link to the CSMS."""
        ...


class Socket(Protocol):
    """
    One WebSocket, of a charger or to a CSMS. `send`, `ping` and `close` never wait.

    `last_heard` is the loop's time of the latest frame of any kind.
    """

    last_heard: float
    messages_received: int
    pongs_received: int

    @property
    def congested(self) -> bool:
        """Whether too much is waiting for the peer."""
        ...

    @property
    def subprotocol(self) -> str | None:
        """The agreed subprotocol."""
        ...

    @property
    def buffered(self) -> int:
        """Bytes that the peer has not taken yet."""
        ...

    def start(self, on_message: MessageHandler, on_closed: ClosedHandler) -> None:
        """
        Deliver messages from now on, first those that came early.

        `on_closed` is called once, with the peer's code or our own failure's, unless `close` or
        `abort` was called before.
        """
        ...

    def send(self, data: str | bytes) -> None:
        """Send one message; text stays text, bytes go out as binary."""
        ...

    def ping(self) -> None:
        """Send a ping."""
        ...

    def measure(self) -> bool:
        """Look at the send buffer again and return whether it is too full."""
        ...

    def pause(self) -> None:
        """Stop reading."""
        ...

    def resume(self) -> None:
        """Read again."""
        ...

    def close(self, code: int, reason: str) -> None:
        """Send a Close frame; the connection ends within a bounded time."""
        ...

    def abort(self) -> None:
        """Drop the connection without a Close frame."""
        ...

    async def wait_closed(self) -> None:
        """Wait until the TCP connection is gone."""
        ...


class Charger(Socket, Protocol):
    """The socket of a charger."""

    async def is_alive(self, seconds: float) -> bool:
        """Send a ping and tell whether anything comes within this time."""
        ...


class Dialer(Protocol):
    """Opens links to CSMSs."""

    async def dial(self, target: CsmsTarget, hello: Hello) -> Socket:
        """Open a link; raise CsmsRefusedError or CsmsUnreachableError."""
        ...

    def is_own(self, key: str) -> bool:
        """Tell whether a handshake with this key is one of our dials that came back."""
        ...
