"""page → article: what a fetched page, or the part of a feed that stands for one, says. Pure; bytes in, values out."""
