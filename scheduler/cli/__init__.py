"""The command line: ``returnwatch COMMAND``.

Each module holds a family of commands and imports what a command needs only when it runs, so that ``--help`` answers at
once. Exit status: 0 done, 1 failed, 2 wrong use.
"""
