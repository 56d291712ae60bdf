"""Tell which modules of the integration its tests do not reach as far as promised."""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

FOLDER: Final = Path("custom_components/oye")
LEAST: Final = 95.0
# What asks for credentials, reads what others sent, and guards the meter.
WHOLE: Final = frozenset({"access.py", "config_flow.py", "energy.py", "models.py"})
WHOLE_PREFIX: Final = "parsing_"


def short_of(report: Mapping[str, Any], modules: frozenset[str]) -> list[str]:
    """Return a sentence for each module whose lines were not run as far as promised."""
    reached = {
        Path(name).name: float(file["summary"]["percent_covered"])
        for name, file in report["files"].items()
        if Path(name).parent == FOLDER
    }
    wanted = {module: _least(module) for module in modules}
    return [
        f"{module}: tests run {reached.get(module, 0.0):.1f} % of it, {least:.0f} % are promised"
        for module, least in sorted(wanted.items())
        if reached.get(module, 0.0) < least
    ]


def _least(module: str) -> float:
    return 100.0 if module in WHOLE or module.startswith(WHOLE_PREFIX) else LEAST


if __name__ == "__main__":
    said = short_of(
        json.loads(Path(sys.argv[1]).read_text()),
        frozenset(path.name for path in FOLDER.glob("*.py")),
    )
    for sentence in said:
        print(sentence)
    sys.exit(1 if said else 0)
