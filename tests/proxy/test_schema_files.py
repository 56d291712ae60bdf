"""The texts of the official schemas."""

import json
import subprocess
import sys
from collections import Counter

from oye_proxy.schema_files import load_schema_texts


def test_every_schema_of_the_three_versions_is_read() -> None:
    texts = load_schema_texts()

    assert {"1.6": 78, "2.0.1": 128, "2.1": 181} == Counter(version for version, _ in texts)
    assert all(json.loads(text)["type"] == "object" for text in texts.values())


def test_reading_them_does_not_import_the_package_that_holds_them() -> None:
    """The `ocpp` package makes hundreds of dataclasses; the start need not wait for them."""
    code = (
        "import sys; from oye_proxy.schema_files import load_schema_texts; load_schema_texts(); "
        "print([name for name in sys.modules if name.startswith('ocpp.')])"
    )

    assert (
        "[]\n"
        == subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True
        ).stdout
    )
