"""Cases become a digest, and reach people. The only room that knows mail."""
