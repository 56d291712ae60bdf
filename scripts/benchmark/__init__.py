"""How fast the proxy is, beside a bare relay and beside nginx, in one run."""
