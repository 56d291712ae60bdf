"""What the app declares to Supervisor, and Supervisor's rules for it as far as they decide here."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import yaml
from msgspec import Struct

ROOT: Final = Path(__file__).parents[2]
APP: Final = ROOT / "oye-proxy"
BEST_RATING: Final = 8

# What a key means when it is left out; to write it down all the same is an error of the app linter.
DEFAULTS: Final[Mapping[str, Any]] = {
    "apparmor": True,
    "audio": False,
    "auth_api": False,
    "backup": "hot",
    "boot": "auto",
    "devicetree": False,
    "docker_api": False,
    "full_access": False,
    "gpio": False,
    "hassio_api": False,
    "hassio_role": "default",
    "homeassistant": False,
    "homeassistant_api": False,
    "host_dbus": False,
    "host_ipc": False,
    "host_network": False,
    "host_pid": False,
    "host_uts": False,
    "ingress": False,
    "ingress_port": 8099,
    "ingress_stream": False,
    "init": True,
    "journald": False,
    "kernel_modules": False,
    "legacy": False,
    "options": {},
    "panel_admin": True,
    "panel_icon": "mdi:puzzle",
    "realtime": False,
    "schema": {},
    "stage": "stable",
    "startup": "application",
    "stdin": False,
    "timeout": 10,
    "tmpfs": False,
    "uart": False,
    "udev": False,
    "ulimits": {},
    "usb": False,
    "video": False,
}
# Keys without a default. Supervisor removes a key that it does not know without a word.
OTHER_KEYS: Final = {
    *("arch", "backup_exclude", "backup_post", "backup_pre", "breaking_versions", "description"),
    *("devices", "discovery", "environment", "image", "ingress_entry", "machine", "map", "name"),
    *("panel_title", "ports", "privileged", "services", "slug", "url", "version"),
}
# `watchdog` gives way to HEALTHCHECK, `webui` to ingress, `ports_description` to translations.
NOT_WANTED: Final = {
    *("advanced", "auto_uart", "codenotary", "ports_description", "watchdog", "webui"),
    *("snapshot", "snapshot_exclude", "snapshot_post", "snapshot_pre"),
}
_PRIVILEGES_THAT_COST: Final = {
    *("BPF", "CHECKPOINT_RESTORE", "DAC_READ_SEARCH", "NET_ADMIN", "NET_RAW", "PERFMON"),
    *("SYS_ADMIN", "SYS_MODULE", "SYS_PTRACE", "SYS_RAWIO"),
}
_PLAIN_TYPES: Final = {"bool", "email", "url", "port", "str", "int", "float", "password"}


def read_yaml(path: Path) -> Any:
    """Return what a YAML file says."""
    return yaml.safe_load(path.read_text())


def config() -> dict[str, Any]:
    """Return the app's `config.yaml`."""
    declared: dict[str, Any] = read_yaml(APP / "config.yaml")
    return declared


def security_rating(config: Mapping[str, Any], *, profile: bool) -> int:
    """Return the rating from 1 to 8 that Supervisor shows in its store."""

    def value(key: str) -> Any:
        return config.get(key, DEFAULTS.get(key))

    if value("docker_api") or value("full_access"):
        return 1
    privileges = set(config.get("privileged", ()))
    rating = 5
    if not value("apparmor"):
        rating -= 1
    elif profile:
        rating += 1
    if value("ingress"):
        rating += 2
    elif value("auth_api"):
        rating += 1
    if privileges & _PRIVILEGES_THAT_COST or value("kernel_modules"):
        rating -= 1
    rating -= {"manager": 1, "admin": 2}.get(value("hassio_role"), 0)
    rating -= 1 if value("host_network") else 0
    rating -= 2 if value("host_pid") else 0
    rating -= 1 if value("host_uts") and "SYS_ADMIN" in privileges else 0
    return max(1, min(rating, BEST_RATING))


class Element(Struct, frozen=True, kw_only=True):
    """One type of the schema: what a value must be, and whether it may be left out."""

    text: str

    @property
    def optional(self) -> bool:
        return self.text.endswith("?")

    @property
    def known(self) -> bool:
        """Whether Supervisor knows the type."""
        kind, _, inside = self._bare.partition("(")
        if kind in {"match", "list"}:
            return inside.endswith(")") and len(inside) > 1
        return kind in _PLAIN_TYPES and not inside

    def takes(self, value: object) -> bool:
        """Whether Supervisor lets a user save this value."""
        kind, _, inside = self._bare.partition("(")
        if kind == "bool":
            return isinstance(value, bool)
        if not isinstance(value, str):
            return False
        if kind == "list":
            return value in inside[:-1].split("|")
        if kind == "match":
            # The pattern is looked for at the start alone.
            return re.match(inside[:-1], value) is not None
        return kind in {"str", "password"}

    @property
    def _bare(self) -> str:
        return self.text.removesuffix("?")


def schema() -> dict[str, Element]:
    """Return the type of each option; of a list, that of its entries."""
    declared = config()["schema"]
    return {
        name: Element(text=kind[0] if isinstance(kind, list) else kind)
        for name, kind in declared.items()
    }


def is_list(option: str) -> bool:
    """Whether an option is a list."""
    return isinstance(config()["schema"][option], list)
