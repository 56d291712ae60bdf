"""`docs/SETTINGS.md`, made from the settings themselves."""

import sys

from oye_proxy.settings.aliases import ALIASES
from oye_proxy.settings.loading import EffectiveSetting, effective
from oye_proxy.settings.tree import Settings

_HEAD = """\
# Settings

Made from the code by `scripts/sync`; do not edit.

Settings are read once at start. A later source wins: the default, a JSON file given with
`--settings` (`{"csms": {"dial_timeout": 5}}`), the variable, the option of the command line.

What changes while the proxy runs (the CSMS address, forwarding, automatic charging, the default id
tag) is no setting but state: `/api/config` and `oye-proxy config`. `csms.url` only seeds it.

How mail is sent is state as well: `/api/mail`. The group `mail` seeds it whenever that has other
values than those taken over last; the password is then kept in `secrets.json`. The Home Assistant
app has no mail.
"""
_ALIASES = """
## Variables of other programs

These names of the Node.js oye-proxy and of ocpp-gateway mean the same; our own names win.

| Variable | Setting |
|---|---|
"""
_DATABASE = """
`DB_HOST`, `DB_PORT`, `DB_USER`, `DB_PASSWORD` and `DB_NAME` together make `storage.database_url`;
`DB_SSL=true` verifies the server's certificate. In the URL that is `?sslmode=verify-full`, with an
own CA `&sslrootcert=FILE`; the other modes are `disable` (the default) and `require`.
"""


def render_settings() -> str:
    """Return the text of `docs/SETTINGS.md`."""
    parts = [_HEAD]
    group = ""
    for setting in effective(Settings()):
        of, _, _ = setting.name.partition(".")
        if of != group:
            group = of
            parts.append(f"\n## {group}\n\n| Variable | Default | |\n|---|---|---|\n")
        parts.append(_row(setting))
    parts.append(_ALIASES)
    parts += [f"| `{alias.name}` | `{alias.setting}` |\n" for alias in ALIASES]
    parts.append(_DATABASE)
    return "".join(parts)


def _row(setting: EffectiveSetting) -> str:
    default = f"`{setting.default}`" if setting.default else ""
    return f"| `{setting.variable}` | {default} | {setting.description} |\n"


if __name__ == "__main__":
    sys.stdout.write(render_settings())
