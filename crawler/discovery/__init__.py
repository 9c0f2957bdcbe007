"""address of a site → source file: what a site offers, tried for a person; and sources tried again."""
