"""The history of the store's schema: one for SQLite and PostgreSQL, run by the program itself."""
