"""The JSON of what this proxy is, of everything that is live, and of how much passes."""

from oye_proxy.api.models import Answer
from oye_proxy.hub.chargers import ChargerState
from oye_proxy.hub.issues import Issue
from oye_proxy.settings import Validation

API_VERSION = 1


class ProxyInfo(Answer, frozen=True, kw_only=True):
    """
    What this proxy is: `instanceId` stays for ever, `features` are slugs.

    `validation` is what happens to a payload that breaks its schema: with `enforce` a command with
    one is refused (400 `invalid_payload`), otherwise it is sent all the same.
    """

    version: str
    api_version: int = API_VERSION
    instance_id: str
    name: str
    features: tuple[str, ...] = ()
    validation: Validation = Validation.WARN


class LiveState(Answer, frozen=True, kw_only=True):
    """
    Everything that is live.

    `epoch` is new at each start of the proxy; `seq` is 0 here and rises by one per live message.
    """

    epoch: str
    seq: int = 0
    proxy: ProxyInfo
    chargers: tuple[ChargerState, ...]
    issues: tuple[Issue, ...]


class Traffic(Answer, frozen=True, kw_only=True):
    """How many frames passed within the last minute, those of all chargers, in both directions."""

    frames_per_minute: int
