"""Packed bytes → the body, a little at a time: gzip, deflate, brotli and zstd, one in the other.

What ends before its own end mark is a piece of a body and no body. Bounds nothing:
who reads stops where it is too much.
"""

from __future__ import annotations

import sys
import zlib
from collections.abc import Callable, Iterable, Iterator
from itertools import chain

import brotli

from pipeline import errors

if sys.version_info >= (3, 14):
    from compression.zstd import DecompressionParameter, ZstdDecompressor, ZstdError
else:
    from backports.zstd import DecompressionParameter, ZstdDecompressor, ZstdError

AT_ONCE = 1 << 19
"""Bytes that are handed out at once, or twice as many: some codecs allocate ahead."""
DEEP = 5
BROKEN = (zlib.error, brotli.error, ZstdError)
_GZIP = zlib.MAX_WBITS | 16
_WINDOW = {int(DecompressionParameter.window_log_max): 23}
"""Eight mebibytes, all that a server may ask of its clients (RFC 9659)."""


def unpacked(pieces: Iterable[bytes], codings: Iterable[str]) -> Iterator[bytes]:
    """Yield a body's bytes, packed in these codings from first to last;
    a coding that nobody knows is taken for none.

    Raise EgressError for what cannot be unpacked, transient where it ends too early.
    """
    names = [name for coding in codings if (name := coding.strip().lower()) in _CODECS]
    if len(names) > DEEP:
        raise errors.EgressError(f"the body is packed {len(names)} times over; {DEEP} are allowed")
    for name in reversed(names):
        pieces = _CODECS[name](pieces)
    try:
        yield from pieces
    except BROKEN as error:
        raise errors.EgressError(f"the body cannot be decompressed: {error}") from error


def _whole(ended: bool) -> None:
    if not ended:
        raise errors.EgressError(
            "the connection broke off: the packed body ends before its end", transient=True
        )


def _gzip(pieces: Iterable[bytes]) -> Iterator[bytes]:
    return _inflated(pieces, _GZIP)


def _deflate(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Unpack deflate, with its zlib header or, from some servers, without."""
    rest = iter(pieces)
    start = b""
    while len(start) < 2 and (piece := next(rest, b"")):
        start += piece
    headed = len(start) > 1 and start[0] & 15 == 8 and int.from_bytes(start[:2], "big") % 31 == 0
    return _inflated(chain([start], rest), zlib.MAX_WBITS if headed else -zlib.MAX_WBITS)


def _inflated(pieces: Iterable[bytes], bits: int) -> Iterator[bytes]:
    codec, begun = zlib.decompressobj(bits), False
    for piece in pieces:
        while piece:
            begun = True
            if codec.eof:
                if bits != _GZIP or piece[:1] != b"\x1f":
                    # What follows the end is no part of the body; another member of a gzip is.
                    break
                codec = zlib.decompressobj(bits)
            made = codec.decompress(piece, AT_ONCE)
            while made:
                yield made
                made = codec.decompress(codec.unconsumed_tail, AT_ONCE)
            piece = codec.unused_data
    _whole(codec.eof or not begun)


def _brotli(pieces: Iterable[bytes]) -> Iterator[bytes]:
    codec, begun = brotli.Decompressor(), False
    for piece in pieces:
        begun = begun or bool(piece)
        made = codec.process(piece, output_buffer_limit=AT_ONCE)
        while made:
            yield made
            made = codec.process(b"", output_buffer_limit=AT_ONCE)
    _whole(codec.is_finished() or not begun)


def _zstd(pieces: Iterable[bytes]) -> Iterator[bytes]:
    codec, begun = ZstdDecompressor(options=_WINDOW), False
    for piece in pieces:
        while piece:
            begun = True
            if codec.eof:
                codec = ZstdDecompressor(options=_WINDOW)
            made = codec.decompress(piece, AT_ONCE)
            while made:
                yield made
                made = b"" if codec.eof or codec.needs_input else codec.decompress(b"", AT_ONCE)
            piece = codec.unused_data if codec.eof else b""
    _whole(codec.eof or not begun)


_CODECS: dict[str, Callable[[Iterable[bytes]], Iterator[bytes]]] = {
    "gzip": _gzip,
    "x-gzip": _gzip,
    "deflate": _deflate,
    "br": _brotli,
    "zstd": _zstd,
}
