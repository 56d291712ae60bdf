"""Each module has the test file that mirrors it (tests/proxy/x/test_y.py tests x/y.py)."""

from pathlib import Path

PACKAGE = Path("oye-proxy/src/oye_proxy")
TESTS = Path("tests/proxy")

# Files without a decision of their own, and why.
EXEMPT_NAMES = {
    "__init__.py": "describes or exports, decides nothing",
    "__main__.py": "calls cli.main(); tests/e2e starts it as a process",
}
EXEMPT_FOLDERS = {
    PACKAGE / "storage/migrations": "tests/proxy/storage/test_migrations.py runs all of them",
}


def test_every_module_has_its_test_file(tracked: list[Path]) -> None:
    modules = [path for path in tracked if path.is_relative_to(PACKAGE) and path.suffix == ".py"]
    missing = [path for path in modules if _needs_tests(path) and _mirror(path) not in tracked]

    assert [] == [str(path) for path in missing]


def _needs_tests(module: Path) -> bool:
    in_exempt_folder = any(module.is_relative_to(folder) for folder in EXEMPT_FOLDERS)
    return module.name not in EXEMPT_NAMES and not in_exempt_folder


def _mirror(module: Path) -> Path:
    inside = module.relative_to(PACKAGE)
    return TESTS / inside.with_name(f"test_{inside.name}")
