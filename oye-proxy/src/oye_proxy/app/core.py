"""The hub with its knowledge and features: all between the database and the listeners."""

import asyncio
import random
import secrets
import time
import uuid
from collections.abc import Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

from msgspec import Struct

from oye_proxy.app.knowledge import Knowledge, load_knowledge
from oye_proxy.app.listening import tcp_port
from oye_proxy.app.storage import start_retention
from oye_proxy.app.transactions import start_transaction_records
from oye_proxy.app.writers import Writers, start_writers
from oye_proxy.features.auto_charge import AutoCharge
from oye_proxy.features.certificates import CertificateWatch
from oye_proxy.features.charge_limit import ChargeLimits
from oye_proxy.features.commands import Commands
from oye_proxy.features.space import SpaceWatch
from oye_proxy.features.stop_refused import StopRefused
from oye_proxy.features.traffic import Traffic
from oye_proxy.features.validation import SchemaWatch
from oye_proxy.hub.admission import Newcomers
from oye_proxy.hub.conversations import ConversationMaker
from oye_proxy.hub.credentials import ChargerCredentials
from oye_proxy.hub.desk import InjectionDesk
from oye_proxy.hub.frames import FrameRecorder
from oye_proxy.hub.loading import load_chargers, load_forgotten, load_journals
from oye_proxy.hub.owner_tags import OwnerTags
from oye_proxy.hub.records import LATE_ANSWERS
from oye_proxy.hub.registry import Hub
from oye_proxy.hub.storage_policy import StoragePolicy
from oye_proxy.hub.watch import Watch
from oye_proxy.metrics import Metrics
from oye_proxy.ocppj.conversation import Validator
from oye_proxy.ocppj.frames import Call
from oye_proxy.ocppj.injections import FIRST_REQUEST_ID, LAST_REQUEST_ID
from oye_proxy.ocppj.schemas import Schemas, Violation
from oye_proxy.ocppj.versions import OcppVersion
from oye_proxy.schema_files import load_schema_texts
from oye_proxy.settings import ChargerAuth, Settings, Validation
from oye_proxy.state import State
from oye_proxy.status_file import NOTHING_TOLD, FrontStatus
from oye_proxy.storage.chargers import ChargerStore
from oye_proxy.storage.database import Database
from oye_proxy.storage.frame_count import FrameCount
from oye_proxy.storage.injections import InjectionStore
from oye_proxy.storage.journal import JournalStore
from oye_proxy.storage.writer import FrameWriter
from oye_proxy.transport.credentials import CredentialChecker
from oye_proxy.transport.own_address import OwnAddress


class Core(Struct, frozen=True, kw_only=True):
    """What the API works with; everything behind it runs."""

    hub: Hub
    state: State
    own_address: OwnAddress
    owner_tags: OwnerTags
    commands: Commands
    schemas: Schemas
    metrics: Metrics
    writer: FrameWriter
    storage_policy: StoragePolicy
    space: SpaceWatch
    frame_count: FrameCount
    front: Callable[[], FrontStatus]


async def build_core(
    settings: Settings, database: Database, checker: CredentialChecker, stack: AsyncExitStack
) -> Core:
    """Make and start everything between the database and the listeners."""
    metrics = Metrics()
    schemas = Schemas(
        await asyncio.to_thread(load_schema_texts),
        allow_additional=frozenset(settings.ocpp.allow_additional),
    )
    own_address = OwnAddress(settings.server.host, tcp_port(settings.server))
    known = await load_knowledge(settings, database, own_address, stack)
    writers = start_writers(settings.storage, database, known.tag_records, metrics, stack)
    hub = await _open_hub(settings, database, known, writers, schemas, checker, metrics, stack)
    writers.trouble.board = hub.issues
    metrics.connections = lambda: hub.connected
    metrics.csms_links = lambda: hub.csms_links
    commands = _start_features(settings, hub, known.state, schemas, metrics, stack)
    start_transaction_records(settings.storage, database, hub, writers.keeper, stack)
    space = start_retention(
        settings.storage,
        database,
        known.storage_policy,
        writers.trouble,
        writers.frame_count,
        stack,
    )
    metrics.storage_bytes = space.bytes_by_kind
    return Core(
        hub=hub,
        state=known.state,
        own_address=own_address,
        owner_tags=known.owner_tags,
        commands=commands,
        schemas=schemas,
        metrics=metrics,
        writer=writers.frames,
        storage_policy=known.storage_policy,
        space=space,
        frame_count=writers.frame_count,
        front=_watch_front(settings.server.status_file, hub, metrics, stack),
    )


async def _open_hub(
    settings: Settings,
    database: Database,
    known: Knowledge,
    writers: Writers,
    schemas: Schemas,
    checker: CredentialChecker,
    metrics: Metrics,
    stack: AsyncExitStack,
) -> Hub:
    """Make the hub with the chargers of its last life."""
    credentials = None
    if settings.charger.auth is ChargerAuth.LOCAL:
        credentials = ChargerCredentials(checker, writers.records)
        stack.push_async_callback(credentials.stop)
    frames = FrameRecorder(writers.frames, metrics, _known_actions(schemas))
    frames.follow(known.storage_policy)
    maker = _conversation_maker(settings, known, schemas)
    now, clock = _now(), time.monotonic()
    injections = await InjectionStore(database).recent(now - LATE_ANSWERS)
    chargers = load_chargers(
        maker,
        await ChargerStore(database).all(),
        injections,
        await load_journals(JournalStore(database)),
        now,
        clock,
    )
    enforced = settings.ocpp.validation is Validation.ENFORCE
    return Hub(
        state=known.state,
        chargers=chargers,
        forgotten=load_forgotten(maker, chargers, injections, now, clock),
        maker=maker,
        desk=InjectionDesk(
            records=writers.records,
            tags=known.tags,
            per_minute=settings.ocpp.injections_per_minute,
            new_id=_new_id,
            clock=time.monotonic,
            wall=_now,
            validate=schemas.validate_call if enforced else None,
        ),
        records=writers.records,
        journals=writers.journals,
        frames=frames,
        tags=known.tags,
        owner_tags=known.owner_tags,
        credentials=credentials,
        newcomers=Newcomers(settings.charger.unknown),
        auth=settings.charger.auth,
        metrics=metrics,
        clock=time.monotonic,
        wall=_now,
    )


def _conversation_maker(
    settings: Settings, known: Knowledge, schemas: Schemas
) -> ConversationMaker:
    return ConversationMaker(
        ocpp=settings.ocpp,
        csms=settings.csms,
        state=known.state,
        tags=known.tags,
        owner_tags=known.owner_tags,
        next_transaction_id=known.transaction_ids.next,
        first_request_id=_random_request_id,
        new_id=_new_id,
        wall=_moment,
        validate=_validator(settings.ocpp.validation, schemas),
    )


def _watch_front(
    path: Path | None, hub: Hub, metrics: Metrics, stack: AsyncExitStack
) -> Callable[[], FrontStatus]:
    """Follow what the server in front tells, if there is one."""
    if path is None:
        return lambda: NOTHING_TOLD
    watch = CertificateWatch(hub.issues, path, wall=_now)
    watch.start()
    stack.push_async_callback(watch.stop)
    metrics.certificate_ends = watch.ends
    return lambda: watch.status


def _start_features(
    settings: Settings,
    hub: Hub,
    state: State,
    schemas: Schemas,
    metrics: Metrics,
    stack: AsyncExitStack,
) -> Commands:
    """Start what works on the hub; return the owner's typed commands."""
    limits = ChargeLimits(hub, wall=_now, new_id=_new_id)
    commands = Commands(hub, state, limits, wall=_now, new_remote_start_id=_random_remote_start_id)
    watches = (
        (SchemaWatch(hub, schemas, metrics),) if settings.ocpp.validation is Validation.WARN else ()
    )
    stops = (StopRefused(hub, commands),) if settings.csms.remote_stop_invalid else ()
    for feature in (
        limits,
        AutoCharge(hub, state, commands, wall=_now),
        Watch(hub, wall=_now),
        Traffic(metrics),
        *watches,
        *stops,
    ):
        feature.start()
        stack.push_async_callback(feature.stop)
    return commands


def _validator(validation: Validation, schemas: Schemas) -> Validator | None:
    if validation is not Validation.ENFORCE:
        return None

    def validate(version: OcppVersion, call: Call) -> Violation | None:
        return schemas.validate_call(version, call.action, call.payload)

    return validate


def _known_actions(schemas: Schemas) -> frozenset[str]:
    return frozenset().union(*(schemas.actions(version) for version in OcppVersion))


def _now() -> datetime:
    return datetime.now(UTC)


def _moment(loop_time: float) -> datetime:
    """Return the UTC time of a moment of the event loop, however the clock was set meanwhile."""
    return _now() - timedelta(seconds=max(0.0, time.monotonic() - loop_time))


def _new_id() -> str:
    return str(uuid.uuid4())


def _random_request_id() -> int:
    return random.randint(FIRST_REQUEST_ID, LAST_REQUEST_ID)  # noqa: S311 - not a secret


def _random_remote_start_id() -> int:
    return secrets.randbelow(2**31 - 1) + 1
