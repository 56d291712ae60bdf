"""Packages of the voice assistant, which would have to be compiled."""
