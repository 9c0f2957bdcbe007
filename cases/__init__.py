"""What a case of forced return is, and its memory. Knows no framework and no network."""
