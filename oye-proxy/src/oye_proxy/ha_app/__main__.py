"""`oye-app`: what the services of the Home Assistant app call."""

import sys

from oye_proxy.ha_app import command


def main() -> None:
    """Run the command line and end with its exit code."""
    sys.exit(command.main(sys.argv[1:]))


if __name__ == "__main__":
    main()
