import asyncio
import io
import json
import logging
import queue
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oye_proxy import logs
from oye_proxy.errors import SettingsError
from oye_proxy.logs import LEVELS, JsonFormatter, Redaction, TextFormatter, escaped
from oye_proxy.settings import LogFormat, LogLevel, LogSettings, Secret
from oye_proxy.simulator.scripted import ScriptedCharger, ScriptedCsms

logger = logging.getLogger("oye_proxy.test")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def logged() -> Iterator[Callable[..., str]]:
    """Log with the given settings and return what was written."""

    def run(act: Callable[[], object], *hidden: Secret, **settings: Any) -> str:
        stream = settings.pop("stream", None) or io.StringIO()
        stop = logs.start(LogSettings(**settings), stream, hidden)
        try:
            act()
        finally:
            stop()
        return str(stream.getvalue())

    level = logging.getLogger("oye_proxy").level
    yield run
    assert level == logging.getLogger("oye_proxy").level


def test_a_pipe_gets_json_lines(logged: Callable[..., str]) -> None:
    """`timestamp`, `severity`, `message` and fields."""
    text = logged(lambda: logger.warning("lost %s\nagain", "link", extra={"charger": "CP-001"}))
    line = json.loads(text)

    assert text.endswith("}\n")
    assert line.pop("timestamp").endswith("Z")
    assert {
        "severity": "WARNING",
        "message": "lost link\nagain",
        "logger": "oye_proxy.test",
        "charger": "CP-001",
    } == line


@pytest.mark.parametrize(
    "hidden",
    ["\u202e", "\u2066", "\u200b", "\u061c", "\ufeff", "\x85", "\x1b", "\U000e0041"],
)
@pytest.mark.parametrize("format_", [LogFormat.JSON, LogFormat.TEXT])
def test_no_id_turns_or_hides_a_part_of_its_line(
    logged: Callable[..., str], format_: LogFormat, hidden: str
) -> None:
    """A program that reads the JSON gets the id as it is."""
    id_ = f"{hidden}evil"
    written = logged(lambda: logger.info("%s here", id_, extra={"charger": id_}), format=format_)

    assert hidden not in written
    assert "evil here" in written
    if format_ is LogFormat.JSON:
        assert (f"{id_} here", id_) == (
            json.loads(written)["message"],
            json.loads(written)["charger"],
        )


@pytest.mark.parametrize("formatter", [JsonFormatter, TextFormatter])
def test_an_id_that_no_encoding_has_is_written_all_the_same(
    formatter: type[JsonFormatter | TextFormatter],
) -> None:
    told = {"charger": "\ud800evil"}
    record = logger.makeRecord("oye_proxy.test", logging.INFO, "", 1, "here", (), None, extra=told)

    assert b"evil" in formatter(Redaction()).format(record).encode()


def test_a_terminal_gets_text(logged: Callable[..., str]) -> None:
    text = logged(lambda: logger.info("here", extra={"charger": "CP-001"}), stream=Terminal())

    assert text[20:] == "INFO     here charger=CP-001\n"


def test_a_line_names_its_charger_once(logged: Callable[..., str]) -> None:
    text = logged(
        lambda: logger.info("%s disconnected", "CP-001", extra={"charger": "CP-001"}),
        stream=Terminal(),
    )

    assert text[20:] == "INFO     CP-001 disconnected\n"


def test_the_format_can_be_chosen(logged: Callable[..., str]) -> None:
    for kind in (io.StringIO, Terminal):
        text = logged(lambda: logger.info("here"), format=LogFormat.TEXT, stream=kind())
        line = logged(lambda: logger.info("here"), format=LogFormat.JSON, stream=kind())

        assert text.endswith("here\n")
        assert line.startswith("{")


def test_a_traceback_is_part_of_the_line(logged: Callable[..., str]) -> None:
    def crash() -> None:
        try:
            int("password=hidden-word\n2026-11-21 forged line" + "\n")
        except ValueError:
            logger.exception("crashed")

    line = json.loads(logged(crash))
    text = logged(crash, format=LogFormat.TEXT)

    assert "ERROR" == line["severity"]
    assert "ValueError" in line["exception"]
    assert "hidden-word" not in line["exception"] + text
    assert all(part.startswith("    ") for part in text.splitlines()[1:])


def test_every_level_of_the_app_has_its_place() -> None:
    assert set(LogLevel) == set(LEVELS)


@pytest.mark.parametrize(
    ("level", "severities"),
    [
        (LogLevel.TRACE, ["DEBUG", "INFO", "WARNING", "ERROR", "ERROR"]),
        (LogLevel.NOTICE, ["INFO", "WARNING", "ERROR", "ERROR"]),
        (LogLevel.ERROR, ["ERROR", "ERROR"]),
        (LogLevel.FATAL, ["ERROR"]),
    ],
)
def test_levels_below_the_chosen_one_are_not_written(
    logged: Callable[..., str], level: LogLevel, severities: list[str]
) -> None:
    def act() -> None:
        for number in (10, 20, 30, 40, 50):
            logger.log(number, "line")

    lines = logged(act, level=level).splitlines()

    assert severities == [json.loads(line)["severity"] for line in lines]


def test_other_libraries_are_not_heard_below_warning(logged: Callable[..., str]) -> None:
    """They write SQL, headers and frames at their debug level."""

    def act() -> None:
        for name in ("aiosqlite", "websockets.client", "aiohttp.access"):
            logging.getLogger(name).info("SELECT secrets")
            logging.getLogger(name).warning("trouble")

    assert 3 == logged(act, level=LogLevel.DEBUG).count("trouble")
    assert "SELECT" not in logged(act, level=LogLevel.DEBUG)


def test_what_the_libraries_see_of_a_connection_is_not_written(
    logged: Callable[..., str],
) -> None:
    """They write headers and frames of both ends at their debug level."""
    headers = [("Authorization", "Basic aGlkZGVuLXdvcmQ="), ("Cookie", "session=hidden-word")]

    async def connect() -> None:
        async with (
            ScriptedCsms() as csms,
            await ScriptedCharger.connect(f"{csms.url}/ocpp/CP1", headers=headers) as charger,
        ):
            link = await csms.next_connection()
            await charger.send_text('[2,"1","Authorize",{"idTag":"hidden-word"}]')
            assert "hidden-word" in str(await link.receive())

    assert "" == logged(lambda: asyncio.run(connect()), level=LogLevel.TRACE)


def test_the_log_file_has_json_lines_even_beside_a_terminal(
    logged: Callable[..., str], tmp_path: Path
) -> None:
    folder = tmp_path / "a" / "logs"
    logged(lambda: logger.info("grüße"), stream=Terminal(), dir=folder)

    line = json.loads((folder / "oye-proxy.log").read_text(encoding="utf-8"))
    assert "grüße" == line["message"]


def test_the_log_file_is_rotated(
    logged: Callable[..., str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logs, "FILE_BYTES", 200)

    def act() -> None:
        for number in range(20):
            logger.info("line %d", number)

    logged(act, dir=tmp_path)

    assert {
        "oye-proxy.log",
        *(f"oye-proxy.log.{number}" for number in range(1, 6)),
    } == {path.name for path in tmp_path.iterdir()}


def test_a_folder_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    (tmp_path / "logs").write_text("")
    with pytest.raises(SettingsError, match=r"log\.dir: cannot write to .*oye-proxy\.log: "):
        logs.start(LogSettings(dir=tmp_path / "logs"), io.StringIO())


def test_an_output_that_is_too_slow_loses_lines_and_says_so() -> None:
    lines: queue.Queue[Any] = queue.Queue(2)
    entrance = logs._Entrance(lines)
    for number in range(5):
        entrance.handle(logging.makeLogRecord({"msg": f"line {number}"}))
    kept = [lines.get().getMessage() for _ in range(2)]
    entrance.handle(logging.makeLogRecord({"msg": "later"}))
    kept += [lines.get().getMessage() for _ in range(2)]

    assert [
        "line 0",
        "line 1",
        "3 log lines were lost: the output is too slow",
        "later",
    ] == kept


@pytest.mark.parametrize(
    "text",
    [
        "Authorization: Basic aGlkZGVuLXdvcmQ=",
        "headers {'Authorization': 'Bearer hidden-word'}",
        "authorization=hidden-word",
        "sent Basic aGlkZGVuLXdvcmQ=",
        "Cookie: session=hidden-word; other=hidden-word",
        "set-cookie: a=hidden-word",
        "password=hidden-word",
        '{"newPassword": "hidden-word"}',
        '{\\"password\\": \\"hidden-word\\"}',
        "token: hidden-word",
        "metrics_token='hidden-word'",
        "api_key=hidden-word",
        "token oye_hidden-word_aGlkZGVuLXdvcmQ",
        "dialling wss://user:hidden-word@csms.example/ocpp",
        "dialling wss://csms.example/ocpp?key=hidden-word&other=hidden-word",
        "-----BEGIN PRIVATE KEY-----\nhidden-word\n-----END PRIVATE KEY-----",
        '[2,"1","ChangeConfiguration",{"key":"AuthorizationKey","value":"hidden-word"}]',
        '{"attributeValue":"hidden-word","variable":{"name":"BasicAuthPassword"}}',
    ],
)
def test_secrets_are_not_written(logged: Callable[..., str], text: str) -> None:
    """Never Authorization, Cookie, passwords, tokens, certificates."""
    for format_ in (LogFormat.TEXT, LogFormat.JSON):
        for act in (
            lambda: logger.info(text),
            lambda: logger.info("%s", text),
            lambda: logger.info("%r", {"x": text}),
        ):
            written = logged(act, format=format_)
            assert "hidden-word" not in written
            assert "aGlkZGVuLXdvcmQ" not in written
            assert "***" in written


def test_known_secrets_are_not_written_anywhere(logged: Callable[..., str]) -> None:
    written = logged(
        lambda: logger.info("first s1 then s1-longer"),
        Secret("s1"),
        Secret("s1-longer"),
        Secret(""),
    )

    assert "first *** then ***" == json.loads(written)["message"]


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("id_tag=04A1B2C3", "id_tag=***B2C3"),
        ('{"idTag":"04A1B2C3","x":1}', '{"idTag":"***B2C3","x":1}'),
        ("id_tag=AB", "id_tag=***"),
        ('{"idToken":{"idToken":"04A1B2C3"}}', '{"idToken":{"idToken":"***B2C3"}}'),
        ("idTagInfo: Accepted", "idTagInfo: Accepted"),
    ],
)
def test_of_an_id_tag_only_the_last_four_are_written(text: str, written: str) -> None:
    assert written == Redaction().apply(text)


@pytest.mark.parametrize(
    "text",
    [
        "CP-001 disconnected: 1h02m, 412 frames in, 38 out, closed by charger 1001 (going away)",
        "listening on http://0.0.0.0:8080/",
        "Basic authentication is required",
        "3 tokens, 2 passwords",
    ],
)
def test_ordinary_lines_stay_as_they_are(text: str) -> None:
    assert text == Redaction().apply(text)


def test_no_line_is_forged(logged: Callable[..., str]) -> None:
    evil = "CP\n2026-11-21 10:00:00 ERROR    all is lost\x1b[2J\u202e\r"
    for act in (
        lambda: logger.info("%s", evil),
        lambda: logger.info("here", extra={"charger": evil}),
    ):
        written = logged(act, format=LogFormat.TEXT)

        assert 1 == written.count("\n")
        assert "\x1b" not in written
        assert r"\n2026" in written


@given(st.text())
def test_escaped_texts_are_one_printable_line(text: str) -> None:
    found = escaped(text)

    assert len(found.splitlines()) <= 1
    assert found == escaped(found)
    assert found == found.encode().decode()


def test_the_newest_lines_can_be_read_again_and_the_oldest_are_forgotten() -> None:
    stop = logs.start(LogSettings(), io.StringIO(), [Secret("correct horse")])
    try:
        for number in range(logs.RECENT_LINES + 5):
            logging.getLogger("oye_proxy.tail").info("line %d: correct horse\n", number)
        last = logs.RECENT_LINES + 4

        assert [f"line {last - 1}: ***\\n", f"line {last}: ***\\n"] == [
            line.message for line in logs.recent(2)
        ]
        assert logs.RECENT_LINES == len(logs.recent(10_000))
        assert [] == logs.recent(0)
    finally:
        stop()

    assert [] == logs.recent(10)


@pytest.mark.parametrize(
    ("message", "shown"),
    [
        ("CP-001 disconnected: 1h02m", "disconnected: 1h02m"),
        ("CP-001: a fault", "a fault"),
        ("< CP-001: Call Heartbeat 1", "< Call Heartbeat 1"),
        ("CP-0011 is another one", "CP-0011 is another one"),
        ("CP-001", "CP-001"),
        ("of CP-001", "of CP-001"),
    ],
)
def test_a_line_that_is_read_names_its_charger_apart(message: str, shown: str) -> None:
    stop = logs.start(LogSettings(), io.StringIO())
    try:
        logging.getLogger("oye_proxy.tail").info(message, extra={"charger": "CP-001"})
        (line,) = logs.recent(1)
    finally:
        stop()

    assert (shown, "CP-001") == (line.message, line.charger)


@pytest.mark.parametrize("level", [LogLevel.DEBUG, LogLevel.INFO, LogLevel.ERROR, LogLevel.FATAL])
def test_the_level_can_be_changed_while_it_runs(level: LogLevel) -> None:
    stop = logs.start(LogSettings(), io.StringIO())
    try:
        logs.set_level(level)
        assert level == logs.level()
    finally:
        stop()


def test_a_traceback_is_kept_as_text() -> None:
    stop = logs.start(LogSettings(), io.StringIO())
    try:
        logging.getLogger("oye_proxy.tail").error(
            "it failed", exc_info=ValueError("token=abcdefgh")
        )
        (line,) = logs.recent(1)
    finally:
        stop()

    assert line.exception is not None
    assert "ValueError" in line.exception
    assert "abcdefgh" not in line.exception
