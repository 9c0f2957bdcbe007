"""A bundled magazine, served on loopback, so that the whole line can be shown without the network.

The outlets, the people and the events in it are invented. Nothing here is used by a live crawl.
"""
