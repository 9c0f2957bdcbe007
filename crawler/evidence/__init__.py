"""answer → evidence: what was fetched, kept byte for byte, proved, and read again where it could not be read."""
