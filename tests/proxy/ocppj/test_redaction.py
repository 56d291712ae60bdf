import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oye_proxy.ocppj.commands import Peer, Record
from oye_proxy.ocppj.frames import build_call, parse
from oye_proxy.ocppj.redaction import redact, redact_text, redact_url

SECRET = "s3cr3t"


def record(data: str | bytes, **values: Any) -> Record:
    return Record(source=Peer.CSMS, target=Peer.CHARGER, data=data, **values)


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        (
            '[2,"1","ChangeConfiguration",{"key":"AuthorizationKey", "value":"s3cr3t"}]',
            '[2,"1","ChangeConfiguration",{"key":"AuthorizationKey", "value":"***"}]',
        ),
        (
            '[2,"1","ChangeConfiguration",{ "value":"s3cr3t","key":"authorizationkey"}]',
            '[2,"1","ChangeConfiguration",{ "value":"***","key":"authorizationkey"}]',
        ),
        (
            r'[2,"1","ChangeConfiguration",{"key":"\u0041uthorizationKey","value":"s3cr3t"}]',
            r'[2,"1","ChangeConfiguration",{"key":"\u0041uthorizationKey","value":"***"}]',
        ),
        (
            (
                '[3,"1",{"configurationKey":[{"key":"HeartbeatInterval","value":"300"},'
                '{"key":"AuthorizationKey","readonly":false,"value":"s3cr3t"}],"unknownKey":["x"]}]'
            ),
            (
                '[3,"1",{"configurationKey":[{"key":"HeartbeatInterval","value":"300"},'
                '{"key":"AuthorizationKey","readonly":false,"value":"***"}],"unknownKey":["x"]}]'
            ),
        ),
        (
            (
                '[2,"1","SetVariables",{"setVariableData":[{"attributeValue":"s3cr3t",'
                '"component":{"name":"SecurityCtrlr"},"variable":{"name":"BasicAuthPassword"}}]}]'
            ),
            (
                '[2,"1","SetVariables",{"setVariableData":[{"attributeValue":"***",'
                '"component":{"name":"SecurityCtrlr"},"variable":{"name":"BasicAuthPassword"}}]}]'
            ),
        ),
        (
            (
                '[2,"1","NotifyReport",{"reportData":[{"variable":{"name":"BasicAuthPassword"},'
                '"variableAttribute":[{"type":"Actual","value":"s3cr3t"},{"type":"Target"}]}]}]'
            ),
            (
                '[2,"1","NotifyReport",{"reportData":[{"variable":{"name":"BasicAuthPassword"},'
                '"variableAttribute":[{"type":"Actual","value":"***"},{"type":"Target"}]}]}]'
            ),
        ),
        (
            (
                '[2,"1","SetNetworkProfile",{"connectionData":{"basicAuthPassword":"s3cr3t",'
                '"vpn":{"user":"u","password":"s3cr3t","key":"s3cr3t"}}}]'
            ),
            (
                '[2,"1","SetNetworkProfile",{"connectionData":{"basicAuthPassword":"***",'
                '"vpn":{"user":"u","password":"***","key":"***"}}}]'
            ),
        ),
        (
            '[2,"1","GetDiagnostics",{"location":"ftp://jo:s3cr3t@h:21/p?a=s3cr3t&s3cr3t"}]',
            '[2,"1","GetDiagnostics",{"location":"ftp://***@h:21/p?a=***&***"}]',
        ),
        (
            r'[2,"1","GetLog",{"log":{"remoteLocation":"https:\/\/jo:s3cr3t@h\/p"}}]',
            '[2,"1","GetLog",{"log":{"remoteLocation":"https://***@h/p"}}]',
        ),
        (
            r'[2,"1","DataTransfer",{"data":"{\"key\":\"WifiPassword\",\"value\":\"s3cr3t\"}"}]',
            r'[2,"1","DataTransfer",{"data":"{\"key\":\"WifiPassword\",\"value\":\"***\"}"}]',
        ),
    ],
)
def test_secrets_go_and_every_other_character_stays(text: str, redacted: str) -> None:
    """Both keys, user info and query values of URLs (A01.FR.09, N01.FR.17)."""
    assert SECRET not in redacted
    assert redacted == redact(record(text, frame=parse(text)))
    assert redacted.encode() == redact(record(text.encode(), frame=parse(text)))


@pytest.mark.parametrize(
    "text",
    [
        '[2,"1","GetConfiguration",{"key":["AuthorizationKey"]}]',
        '[3,"1",{"unknownKey":["AuthorizationKey"]}]',
        '[2,"1","UpdateFirmware",{"location":"https://host:8443/a/b@2x.bin#part"}]',
        '[2,"1","ChangeConfiguration",{"key":"HeartbeatInterval","value":"300"}]',
        '[2,"1","SetVariables",{"setVariableData":[{"attributeValue":"1","variable":null}]}]',
        '[2,"1","Reset",{"type":"Soft"}]',
        "",
        "[]",
    ],
)
def test_a_text_without_secrets_stays_the_same(text: str) -> None:
    assert text == redact_text(text)


@pytest.mark.parametrize(
    "text",
    [
        '[2,"1","ChangeConfiguration",{"key":"AuthorizationKey","value":"s3cr3t"}',
        '[2,"1","ChangeConfiguration",{"key":"AuthorizationKey","value":"s3cr3t',
        '[2,"1","ChangeConfiguration",{"AuthorizationKey" : "s3cr3t" "}]]',
        '[2,"1","GetDiagnostics",{"location":"ftp://jo:s3cr3t@host/p?k=s3cr3t"',
        'AT+URL=ftp://jo:s3cr3t@host[2,"1","Heartbeat",{}]',
    ],
)
def test_secrets_go_from_broken_texts_too(text: str) -> None:
    redacted = redact(record(text))

    assert isinstance(redacted, str)
    assert SECRET not in redacted
    assert "***" in redacted


def test_bytes_that_are_no_text_keep_every_other_byte() -> None:
    data = b'\xff{"key":"AuthorizationKey","value":"s3cr3t"}\xfe'

    assert b'\xff{"key":"AuthorizationKey","value":"***"}\xfe' == redact(record(data))


def test_the_traffic_of_every_minute_is_not_searched() -> None:
    call = build_call("1", "MeterValues", {"meterValue": []})
    data = "text that names a password: s3cr3t"

    assert data is redact(record(data, frame=call))
    assert data is redact(record(data, call=call))


@pytest.mark.parametrize(
    ("url", "redacted"),
    [
        ("ftp://user@host/path", "ftp://***@host/path"),
        ("ftp://user:pa/ss?w@host/path", "ftp://***@host/path"),
        ("ftp://user:p@ss@host/path", "ftp://***@host/path"),
        ("https://host/path?sig=abc&x=&y", "https://host/path?sig=***&***&***"),
        ("https://host:8080/path", "https://host:8080/path"),
        ("see http://a:b@c and ws://d/?e=f", "see http://***@c and ws://d/?e=***"),
        ("no url?a=b", "no url?a=b"),
    ],
)
def test_urls_lose_user_info_and_query_values(url: str, redacted: str) -> None:
    assert redacted == redact_url(url)


@given(st.text(alphabet='{}[]",:\\u0@/?=&apasswordkey'))
def test_any_text_can_be_redacted(text: str) -> None:
    redact_text(text)
    redact_text(text + '"password')


_json = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
)


@given(_json, st.text(min_size=1))
def test_a_planted_password_goes_from_any_document(document: Any, secret: str) -> None:
    planted = {"document": document, "deep": [{"password": f"<{secret}>"}, document]}
    redacted = json.loads(redact_text(json.dumps(planted)))

    assert {"password": "***"} == redacted["deep"][0]


def test_a_deep_document_is_redacted() -> None:
    text = "[" * 900 + '{"password":"s3cr3t"}' + "]" * 900

    assert SECRET not in redact_text(text)
    assert SECRET not in redact_text("[" * 100_000 + '{"password":"s3cr3t"}')
