"""request → answer: how the network is reached. Guarded, polite, bounded, and kept before anybody uses it."""
