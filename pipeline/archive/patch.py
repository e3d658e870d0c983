"""Body, base ↔ a zstd frame that says what of the base makes the body:
what `zstd --patch-from=BASE` writes and reads.

Knows no file. A base is named by who keeps the frame: nothing in it says which one it was.
"""

from __future__ import annotations

import sys

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

from pipeline.errors import ArchiveError

LEVEL = 9
"""Of the sizes that `bench/storage.py` prints, 19 saves a hundredth more than 9
and takes three times as long.
"""
_SHORTEST = 8
"""Bytes that zstd asks of a base."""
_WIDEST = 27
"""The window, as a power of two, that zstd reads without being asked to:
base and body are to lie in one.
"""


def fits(base: bytes, body: bytes) -> bool:
    """Say whether a body can be patched from a base at all."""
    return len(base) >= _SHORTEST and len(base) + len(body) < 1 << _WIDEST


def made(base: bytes, body: bytes) -> bytes:
    """Return the frame that makes the body of the base."""
    window = max(10, (len(base) + len(body)).bit_length())
    options = {
        int(zstd.CompressionParameter.compression_level): LEVEL,
        int(zstd.CompressionParameter.window_log): window,
    }
    prefix = zstd.ZstdDict(base, is_raw=True).as_prefix
    return zstd.compress(body, options=options, zstd_dict=prefix)


def applied(base: bytes, frame: bytes) -> bytes:
    """Return the body that a frame makes of a base.

    Raise ArchiveError for what is no such frame.
    """
    codec = zstd.ZstdDecompressor(zstd_dict=zstd.ZstdDict(base, is_raw=True).as_prefix)
    try:
        body = codec.decompress(frame)
    except zstd.ZstdError as error:
        raise ArchiveError(f"cannot be unpacked ({error})") from error
    if not codec.eof:
        raise ArchiveError("cannot be unpacked (it ends before its end)")
    return body
