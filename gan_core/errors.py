"""The one exception whose text is meant for people."""


class AtelierError(Exception):
    """Something the user can mend. Its text is one sentence: what was wrong, what was expected, what to do."""
