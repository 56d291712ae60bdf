"""
A real Home Assistant for tests and for development, without the internet.

`network` is where it runs (a network of its own on loopback, or this machine's), `program` starts
and ends programs there, `instance` is Home Assistant itself, `client` speaks to it as its user
does.
"""
