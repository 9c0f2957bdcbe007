"""People confirm, correct, merge and withhold. Its pages are still to come."""
