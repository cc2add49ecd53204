"""The connector's icon: a bridge between two nodes, white on the brand's colour, drawn and written without a library.

The picture is stored in the PNG uncompressed: implementations of zlib differ in the bytes that they compress to, and a
build must give the same bytes on every machine. Sixteen shades from the ground to the glyph keep it small all the same.
"""

from __future__ import annotations

import math
import struct
import zlib
from functools import cache

SIZE = 230
_SHADES = 16
_GLYPH = (255, 255, 255)
# The glyph, in pixels, inside of the 160 pixels in the middle: nodes on a deck, an arch over it, hangers between them.
_DECK = 146.0
_NODES = ((47.0, _DECK), (183.0, _DECK))
_NODE_RADIUS, _HOLE_RADIUS = 18.0, 8.5
_ARCH_CENTRE, _ARCH_RADIUS = (115.0, _DECK), 68.0
_STROKE, _THIN = 5.5, 2.75
_HANGERS = (81.0, 115.0, 149.0)
_LEFT, _TOP, _BOTTOM = 28, 71, 165


@cache
def icon(color: str) -> bytes:
    """A PNG of 230 by 230 pixels, without transparency; `color` is `#rrggbb`."""
    ground = tuple(int(color[at : at + 2], 16) for at in (1, 3, 5))
    palette = b"".join(
        bytes(round(low + (high - low) * shade / (_SHADES - 1)) for low, high in zip(ground, _GLYPH, strict=True))
        for shade in range(_SHADES)
    )
    rows = b"".join(b"\0" + _packed(_row(y)) for y in range(SIZE))
    header = struct.pack(">IIBBBBB", SIZE, SIZE, 4, 3, 0, 0, 0)
    chunks = (_chunk(b"IHDR", header), _chunk(b"PLTE", palette), _chunk(b"IDAT", _stored(rows)), _chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def _row(y: int) -> list[int]:
    """The shades of one row; the glyph is its own mirror image, and most rows have none of it."""
    if not _TOP <= y <= _BOTTOM:
        return [0] * SIZE
    left = [0] * _LEFT + [_shade(x + 0.5, y + 0.5) for x in range(_LEFT, SIZE // 2)]
    return left + left[::-1]


def _shade(x: float, y: float) -> int:
    """How much of the pixel around a point the glyph covers, in shades."""
    nodes = min(_distance(x, y, node) for node in _NODES)
    holes = nodes - _HOLE_RADIUS
    arch = abs(_distance(x, y, _ARCH_CENTRE) - _ARCH_RADIUS) - _STROKE
    strokes = min(
        max(arch, y - _DECK),
        _box(x, y, (_NODES[0][0], _DECK - _STROKE), (_NODES[1][0], _DECK + _STROKE)),
        *(_box(x, y, (at - _THIN, _DECK - _rise(at)), (at + _THIN, _DECK)) for at in _HANGERS),
        nodes - _NODE_RADIUS,
    )
    covered = max(strokes, -holes)
    return round(min(1.0, max(0.0, 0.5 - covered)) * (_SHADES - 1))


def _rise(x: float) -> float:
    """How high the arch stands over the deck."""
    return math.sqrt(_ARCH_RADIUS**2 - (x - _ARCH_CENTRE[0]) ** 2)


def _distance(x: float, y: float, point: tuple[float, float]) -> float:
    return math.sqrt((x - point[0]) ** 2 + (y - point[1]) ** 2)


def _box(x: float, y: float, low: tuple[float, float], high: tuple[float, float]) -> float:
    """The distance from a rectangle's edge, negative inside."""
    return max(low[0] - x, x - high[0], low[1] - y, y - high[1])


def _packed(shades: list[int]) -> bytes:
    """Two pixels a byte."""
    return bytes(shades[at] << 4 | shades[at + 1] for at in range(0, len(shades), 2))


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def _stored(content: bytes) -> bytes:
    """The content as a zlib stream of one uncompressed block, which holds at most 65,535 bytes."""
    block = struct.pack("<BHH", 1, len(content), len(content) ^ 0xFFFF) + content
    return b"\x78\x01" + block + struct.pack(">I", zlib.adler32(content))
