"""A proxy that a test steers: a real server with the API's calls, held to what the API promises."""

import asyncio
import uuid
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

from aiohttp import encode_basic_auth, web
from aiohttp.test_utils import TestServer
from tests.integration.contract import INTENTS, ContractError, check_answer, check_message
from tests.integration.fake_requests import (
    Json,
    ProblemError,
    body_of,
    check_against_contract,
    decode_charge_point_id,
    template,
)

TOKEN = "oye_first"
INSTANCE = "0f8e6d2c-6d53-4f0f-8a52-1a2b3c4d5e6f"
INJECT = "/api/inject/{charge_point_id}"
FEATURES = ("auto_charge", "charger_mode", "injections", "smart_charging", "tags", "transactions")

type Handler = Callable[[web.Request], Coroutine[Any, Any, Json]]


@dataclass(frozen=True)
class Command:
    """One command that arrived: a typed one by its name, a raw one as `inject`."""

    charge_point_id: str
    intent: str
    body: Json
    wait: float | None = None


@dataclass(frozen=True)
class Gate:
    """Where a request waits until the test lets it pass."""

    reached: asyncio.Event = field(default_factory=asyncio.Event)
    open: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass
class _Stream:
    socket: web.WebSocketResponse
    seq: int = 0


@dataclass
class FakeProxy:
    """
    Answers as its members say; a test changes them at any time.

    `interference` stands for what is in between, such as a reverse proxy: status and text of every
    answer. With `silent` a new live stream says nothing and answers no ping. What the real proxy
    could not have said is in `faults`; the fixture fails the test for it.
    """

    username: str = "admin"
    password: str = "correct horse battery"
    tokens: dict[str, str] = field(default_factory=lambda: {TOKEN: "control"})
    instance_id: str = INSTANCE
    api_version: int = 1
    version: str = "0.1.0"
    name: str = "OYE"
    features: tuple[str, ...] = FEATURES
    chargers: dict[str, Json] = field(default_factory=dict)
    issues: list[Json] = field(default_factory=list)
    transactions: list[Json] = field(default_factory=list)
    epoch: str = "3f1d7c52-9a55-4c1c-8f5e-2b7e0d1c9a01"
    silent: bool = False
    interference: tuple[int, str] | None = None
    port: int = 0
    commands: list[Command] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    _answers: dict[str, Json] = field(default_factory=dict)
    _refusals: dict[str, tuple[str, Json]] = field(default_factory=dict)
    _gates: dict[str, Gate] = field(default_factory=dict)
    _streams: list[_Stream] = field(default_factory=list)
    _server: TestServer | None = None

    @property
    def url(self) -> str:
        """Where it listens, without a trailing slash."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def listeners(self) -> int:
        """How many live streams are open."""
        return len(self._streams)

    async def start(self) -> None:
        """Listen, again on the same port."""
        self._server = TestServer(self._application(), host="127.0.0.1", port=self.port or None)
        await self._server.start_server()
        assert self._server.port is not None
        self.port = self._server.port

    async def stop(self) -> None:
        """Listen no longer and end every stream: who asks now finds nobody."""
        for gate in self._gates.values():
            gate.open.set()
        await self.drop(1001)
        if self._server is not None:
            await self._server.close()
            self._server = None

    def put(self, charger: Json) -> None:
        """Change what the next snapshot says of a charger."""
        self.chargers[charger["chargePointId"]] = charger

    async def push(self, charger: Json) -> None:
        """Put a charger and tell the live streams."""
        self.put(charger)
        await self.send({"type": "charger", "charger": charger})

    async def remove(self, charge_point_id: str) -> None:
        """Delete a charger."""
        self.chargers.pop(charge_point_id, None)
        await self.send({"type": "charger_removed", "chargePointId": charge_point_id})

    async def push_event(self, event: str, charge_point_id: str, **data: Any) -> None:
        """Tell news."""
        await self.send(
            {
                "type": "event",
                "event": event,
                "chargePointId": charge_point_id,
                "time": "2026-11-21T12:00:00Z",
                "data": data,
            }
        )

    async def push_issues(self, *issues: Json) -> None:
        """Replace the list of issues."""
        self.issues = list(issues)
        await self.send({"type": "issues", "issues": self.issues})

    async def send(self, message: Json) -> None:
        """Send a message that the API knows to every live stream, with its number."""
        for stream in list(self._streams):
            stream.seq += 1
            numbered = {**message, "seq": stream.seq}
            check_message(numbered)
            await stream.socket.send_json(numbered)

    async def send_garbage(self, text: str) -> None:
        """Send any text, whatever the API says."""
        for stream in list(self._streams):
            await stream.socket.send_str(text)

    def skip(self) -> None:
        """Leave out a number, as if a message were lost."""
        for stream in self._streams:
            stream.seq += 1

    async def drop(self, code: int = 1012) -> None:
        """End every live stream."""
        for stream in list(self._streams):
            await stream.socket.close(code=code)

    async def restart(self) -> None:
        """Become a new life of the same proxy: another epoch, streams end."""
        self.epoch = str(uuid.uuid4())
        await self.drop()

    def hold(self, what: str) -> Gate:
        """Let requests for an intent, `info`, `state`, `tokens` or `live` wait at this gate."""
        self._gates[what] = Gate()
        return self._gates[what]

    def answer(self, intent: str, **members: Any) -> None:
        """Answer an intent like this from now on, above an ordinary success."""
        self._refusals.pop(intent, None)
        self._answers[intent] = members

    def refuse(self, intent: str, code: str, **members: Any) -> None:
        """Refuse an intent with this code from now on."""
        self._refusals[intent] = (code, members)

    def _application(self) -> web.Application:
        application = web.Application()
        router = application.router
        router.add_get("/api/info", self._handler(self._info))
        router.add_get("/api/state", self._handler(self._state))
        router.add_get("/api/transactions", self._handler(self._list_transactions))
        router.add_post("/api/tokens", self._handler(self._make_token))
        router.add_get("/api/live", self._live)
        for path in (*INTENTS, INJECT):
            router.add_post(path, self._handler(self._command))
        return application

    def _handler(
        self, handler: Handler
    ) -> Callable[[web.Request], Coroutine[Any, Any, web.Response]]:
        async def handle(request: web.Request) -> web.Response:
            self.requests.append(f"{request.method} {request.path_qs}")
            path = template(request)
            await self._pass("inject" if path == INJECT else path.rpartition("/")[2])
            if self.interference is not None:
                status, text = self.interference
                return web.Response(status=status, text=text, content_type="text/html")
            status, body = await self._answer(request, handler)
            try:
                check_answer(request.method, path, status, body)
            except ContractError as error:
                self.faults.append(f"{request.method} {path}: {error}")
            return web.json_response(body, status=status)

        return handle

    async def _answer(self, request: web.Request, handler: Handler) -> tuple[int, Json]:
        try:
            return 200, await handler(request)
        except ProblemError as problem:
            return problem.status, problem.body

    async def _pass(self, gate: str) -> None:
        if gate in self._gates:
            self._gates[gate].reached.set()
            await self._gates[gate].open.wait()

    def _authorize(self, request: web.Request, *, needs: str = "read") -> None:
        """Scopes hold what is below them; a user may do everything."""
        kind, _, secret = request.headers.get("Authorization", "").partition(" ")
        scope = self.tokens.get(secret) if kind == "Bearer" else None
        if f"{kind} {secret}" == encode_basic_auth(self.username, self.password):
            scope = "admin"
        if scope is None:
            raise ProblemError("not_authenticated")
        scopes = ("read", "control", "admin")
        if scopes.index(scope) < scopes.index(needs):
            raise ProblemError("not_permitted")

    async def _info(self, request: web.Request) -> Json:
        self._authorize(request)
        return self._proxy()

    async def _state(self, request: web.Request) -> Json:
        self._authorize(request)
        return self._snapshot()

    async def _list_transactions(self, request: web.Request) -> Json:
        self._authorize(request)
        check_against_contract(request, None)
        wanted = request.query.get("chargePointId")
        before, limit = request.query.get("before"), int(request.query.get("limit", 100))
        found = [
            one
            for one in self.transactions
            if wanted in (None, one["chargePointId"]) and (not before or one["id"] < int(before))
        ]
        page = found[:limit]
        return {
            "transactions": page,
            "nextBefore": page[-1]["id"] if len(found) > limit else None,
        }

    async def _make_token(self, request: web.Request) -> Json:
        self._authorize(request, needs="admin")
        body = await body_of(request)
        scope = body.get("scope", "read")
        token = f"oye_made_{len(self.tokens)}"
        self.tokens[token] = scope
        return {"id": len(self.tokens), "name": body["name"], "scope": scope, "token": token}

    async def _command(self, request: web.Request) -> Json:
        self._authorize(request, needs="control")
        body = await body_of(request)
        path = template(request)
        intent = "inject" if path == INJECT else path.rpartition("/")[2]
        charge_point_id = decode_charge_point_id(request.match_info["charge_point_id"])
        wait = request.query.get("wait")
        self.commands.append(
            Command(charge_point_id, intent, body, None if wait is None else float(wait))
        )
        if charge_point_id not in self.chargers:
            raise ProblemError("charger_unknown")
        if intent in self._refusals:
            code, members = self._refusals[intent]
            raise ProblemError(code, **members)
        if intent == "mode":
            return {"status": "done", "accepted": True, "mode": body["mode"]}
        if not self.chargers[charge_point_id]["connected"]:
            raise ProblemError("charger_not_connected")
        answer: Json = {"status": "sent", "messageId": str(uuid.uuid4())}
        if wait is not None:
            answer |= {"accepted": True, "response": {"status": "Accepted"}}
        return answer | self._answers.get(intent, {})

    async def _live(self, request: web.Request) -> web.StreamResponse:
        self.requests.append("GET /api/live")
        if self.interference is not None:
            return web.Response(status=self.interference[0], text=self.interference[1])
        try:
            self._authorize(request)
        except ProblemError as problem:
            return web.json_response(problem.body, status=problem.status)
        await self._pass("live")
        socket = web.WebSocketResponse(autoping=not self.silent)
        await socket.prepare(request)
        stream = _Stream(socket)
        if not self.silent:
            snapshot = {"type": "snapshot", **self._snapshot()}
            check_message(snapshot)
            await socket.send_json(snapshot)
        self._streams.append(stream)
        try:
            async for _ in socket:
                pass
        finally:
            self._streams.remove(stream)
        return socket

    def _snapshot(self) -> Json:
        return {
            "epoch": self.epoch,
            "seq": 0,
            "proxy": self._proxy(),
            "chargers": list(self.chargers.values()),
            "issues": self.issues,
        }

    def _proxy(self) -> Json:
        return {
            "version": self.version,
            "apiVersion": self.api_version,
            "instanceId": self.instance_id,
            "name": self.name,
            "features": list(self.features),
            "validation": "warn",
        }


def issue(key: str, charge_point_id: str | None = None, **params: Any) -> Json:
    """Return an issue as the proxy tells of it."""
    return {
        "key": key,
        "severity": "warning",
        "chargePointId": charge_point_id,
        "since": "2026-11-21T12:00:00Z",
        "params": params,
    }
