"""What runs and when, by the clock or now; the command line."""
