"""The gate for how much of the integration its tests run, module by module."""

from typing import Any

import pytest

from covered import short_of


def report(**percents: float) -> dict[str, Any]:
    return {
        "files": {
            f"custom_components/oye/{module}.py": {"summary": {"percent_covered": percent}}
            for module, percent in percents.items()
        }
    }


@pytest.mark.parametrize(
    ("module", "least"), [("api", 95.0), ("energy", 100.0), ("parsing_charger", 100.0)]
)
def test_each_module_has_its_promise(module: str, least: float) -> None:
    modules = frozenset({f"{module}.py"})

    assert [] == short_of(report(**{module: least}), modules)
    assert [
        f"{module}.py: tests run {least - 0.1} % of it, {least:.0f} % are promised"
    ] == short_of(report(**{module: least - 0.1}), modules)


def test_a_module_that_no_test_loads_is_named() -> None:
    assert ["api.py: tests run 0.0 % of it, 95 % are promised"] == short_of(
        report(energy=100.0), frozenset({"api.py", "energy.py"})
    )
