"""The C library's heap, set for training, and for a server of many threads. Both do nothing where the C library is not glibc."""

import ctypes

_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENA_MAX = -1, -3, -8  # glibc's names for these, in <malloc.h>


def keep_freed_memory() -> None:
    """Freed memory is kept for the next step instead of being given back to the system and fetched anew, page by page.

    An activation of a few megabytes is allocated and freed hundreds of times a second; its pages cost more than its arithmetic.
    """
    _set(_MMAP_THRESHOLD, 32 << 20)  # the largest that glibc takes
    _set(_TRIM_THRESHOLD, 1 << 30)


def share_freed_memory() -> None:
    """Threads share two arenas instead of having one each, whose freed pages the others could not use.

    Every rerun of a page is a thread of its own, so a server with many visitors would grow for as long as they stay (benchmarks/load.py).
    """
    _set(_ARENA_MAX, 2)


def _set(what: int, value: int) -> None:
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError, TypeError):  # another C library; Windows, where there is none to be had without a name
        return
    mallopt(what, value)
