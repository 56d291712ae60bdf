"""`oye-proxy`, and `python -m oye_proxy`: the one way in."""

import sys

from oye_proxy import cli


def main() -> None:
    """Run the command line and end with its exit code."""
    sys.exit(cli.main(sys.argv[1:]))


if __name__ == "__main__":
    main()
