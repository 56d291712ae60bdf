"""Servers of other programs that tests and benchmark start themselves."""
