"""
Which WebSocket close code goes to the other side.

| Situation                                            | To the other side                    |
|------------------------------------------------------|--------------------------------------|
| closed with 1000-1003, 1007-1014, 3000-4999          | same code and reason                 |
| 1005 (none)                                          | 1000                                 |
| 1006, 1015 (abnormal), codes that no peer may send   | 1001                                 |
| CSMS lost and chargers are kept                      | nothing, the charger stays           |
| CSMS lost and chargers are closed; proxy stops       | 1001                                 |
| replaced; disabled by the owner                      | 1008 and the reason                  |
| frame too big; fault of the proxy                    | 1009; 1011                           |
"""

NORMAL = 1000
GOING_AWAY = 1001
PROTOCOL_ERROR = 1002
NO_STATUS = 1005
ABNORMAL = 1006
INVALID_TEXT = 1007
POLICY = 1008
TOO_BIG = 1009
PROXY_FAULT = 1011

REPLACED = "Replaced by new connection"
PAYLOAD_TOO_LARGE = "Payload too large"

# RFC 6455 5.5: a control frame carries 125 bytes, two of them the code.
REASON_MAX_BYTES = 123


def relayed(code: int, reason: str) -> tuple[int, str]:
    """Return what the other side gets when one side closed so."""
    if code == NO_STATUS:
        return NORMAL, ""
    if is_sendable(code):
        return code, reason
    return GOING_AWAY, ""


def is_sendable(code: int) -> bool:
    """Tell whether a Close frame may carry this code (RFC 6455 7.4)."""
    return 1000 <= code <= 1003 or 1007 <= code <= 1014 or 3000 <= code <= 4999  # noqa: PLR2004


def is_rejection(code: int) -> bool:
    """Tell whether a CSMS that closes so does not want this charger for now."""
    return code == POLICY or 4000 <= code <= 4999  # noqa: PLR2004


def payload(code: int, reason: str) -> bytes:
    """Return the body of a Close frame, the reason cut at a character to what fits."""
    text = reason.encode()[:REASON_MAX_BYTES].decode("utf-8", "ignore")
    return code.to_bytes(2, "big") + text.encode()
