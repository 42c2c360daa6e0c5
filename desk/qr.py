"""A link as a QR code (ISO/IEC 18004): bytes, error correction M, versions 1 to 10, which is 213 bytes at most."""
from collections.abc import Iterator
from itertools import product

from clinic.errors import ClinicError

# For versions 1 to 10 at level M: error-correcting bytes in a block, and how many blocks there are.
CHECKS = (10, 16, 26, 18, 24, 16, 18, 22, 22, 26)
BLOCKS = (1, 1, 1, 2, 2, 4, 4, 4, 5, 5)
WHOLE = (26, 44, 70, 100, 134, 172, 196, 242, 292, 346)
"""Bytes of a version in all."""
CENTRES = ((), (6, 18), (6, 22), (6, 26), (6, 30), (6, 34), (6, 22, 38), (6, 24, 42), (6, 26, 46), (6, 28, 50))
"""Where the small squares of a version stand."""
QUIET = 4
"""White modules around it."""
Module = tuple[int, int]
"""Row and column, from the top left."""


class TooLongForQr(ClinicError):
    """The link does not fit."""


def as_svg(text: str) -> str:
    """*text* as a picture. Raises TooLongForQr."""
    dark = modules(text)
    size = max(row for row, _ in dark) + 1 + 2 * QUIET
    path = "".join(f"M{column + QUIET} {row + QUIET}h1v1h-1z" for row, column in sorted(dark))
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" shape-rendering="crispEdges">'
            f'<rect width="{size}" height="{size}" fill="#fff"/><path d="{path}"/></svg>\n')


def modules(text: str) -> set[Module]:
    """The dark modules of *text*. Raises TooLongForQr."""
    data = text.encode()
    version = next((number for number in range(1, 11) if len(data) <= _room(number)), None)
    if version is None:
        raise TooLongForQr(f"A QR code of ours holds {_room(10)} bytes, and this has {len(data)}.")
    fixed, dark = _patterns(version)
    bits = [byte >> place & 1 for byte in _interleaved(data, version) for place in range(7, -1, -1)]
    free = [place for place in _path(version) if place not in fixed]
    filled = {place for place, bit in zip(free, bits, strict=False) if bit}
    masked = (_with_format(dark | (filled ^ {place for place in free if rule(*place)}), version, number)
              for number, rule in enumerate(MASKS))
    return min(masked, key=lambda found: _penalty(found, _size(version)))


def _size(version: int) -> int:
    return 17 + 4 * version


def _room(version: int) -> int:
    """Bytes of text, after four bits of mode and the length in one byte or, from version 10 on, two."""
    data = WHOLE[version - 1] - CHECKS[version - 1] * BLOCKS[version - 1]
    return data - (3 if version > 9 else 2)


# -- the bytes ---------------------------------------------------------------------------------------------

def _interleaved(data: bytes, version: int) -> bytes:
    """The blocks of *data* byte by byte in turn, then their error-correcting bytes in the same way."""
    check, count = CHECKS[version - 1], BLOCKS[version - 1]
    whole = _padded(data, version)
    short, longer = divmod(len(whole), count)
    lengths = [short] * (count - longer) + [short + 1] * longer
    begins = [sum(lengths[:place]) for place in range(count)]
    blocks = [whole[begin:begin + length] for begin, length in zip(begins, lengths, strict=True)]
    checks = [_corrections(block, check) for block in blocks]
    return bytes([*(block[n] for n in range(short + 1) for block in blocks if n < len(block)),
                  *(block[n] for n in range(check) for block in checks)])


def _padded(data: bytes, version: int) -> bytes:
    length_bits = 16 if version > 9 else 8
    bits = f"0100{len(data):0{length_bits}b}" + "".join(f"{byte:08b}" for byte in data)
    bits += "0000"  # the end, which makes whole bytes of it
    found = int(bits, 2).to_bytes(len(bits) // 8, "big")
    missing = WHOLE[version - 1] - CHECKS[version - 1] * BLOCKS[version - 1] - len(found)
    return found + bytes([0xEC, 0x11] * missing)[:missing]


def _tables() -> tuple[list[int], list[int]]:
    """Powers of 2 in the field of 256 elements, and their logarithms."""
    powers, logs, value = [0] * 255, [0] * 256, 1
    for place in range(255):
        powers[place], logs[value] = value, place
        value = value << 1 ^ (0x11D if value & 0x80 else 0)
    return powers, logs


POWERS, LOGS = _tables()


def _times(one: int, other: int) -> int:
    return POWERS[(LOGS[one] + LOGS[other]) % 255] if one and other else 0


def _corrections(block: bytes, count: int) -> bytes:
    """Reed and Solomon's: the rest of *block* divided by the polynomial with the first *count* powers as its roots."""
    divisor = [1]
    for place in range(count):
        raised = [*divisor, 0]
        divisor = [high ^ _times(low, POWERS[place]) for high, low in zip(raised, [0, *divisor], strict=True)]
    rest = [*block, *[0] * count]
    for place in range(len(block)):
        for offset, factor in enumerate(divisor):
            rest[place + offset] ^= _times(factor, rest[place]) if offset else 0
    return bytes(rest[len(block):])


# -- the square ------------------------------------------------------------------------------------------

def _patterns(version: int) -> tuple[set[Module], set[Module]]:
    """The modules that hold no data, and those of them that are dark (save for the format)."""
    size = _size(version)
    fixed: set[Module] = set()
    dark: set[Module] = set()
    for top, left in ((0, 0), (0, size - 7), (size - 7, 0)):
        for row, column in product(range(-1, 8), repeat=2):
            place, ring = (top + row, left + column), max(abs(row - 3), abs(column - 3))
            if 0 <= place[0] < size and 0 <= place[1] < size:
                fixed.add(place)
                dark |= {place} if ring in (0, 1, 3) else set()
    for top, left in product(CENTRES[version - 1], repeat=2):
        if (top, left) not in fixed:
            for row, column in product(range(-2, 3), repeat=2):
                fixed.add((top + row, left + column))
                dark |= {(top + row, left + column)} if max(abs(row), abs(column)) != 1 else set()
    for n in range(8, size - 8):
        fixed |= {(6, n), (n, 6)}
        dark |= {(6, n), (n, 6)} if n % 2 == 0 else set()
    for first, second in _format_places(size):
        fixed |= {first, second}
    fixed.add((size - 8, 8))
    dark.add((size - 8, 8))
    if version > 6:
        bits = version << 12 | _rest(version, 0x1F25, 12)
        for n in range(18):
            places = {(n // 3, size - 11 + n % 3), (size - 11 + n % 3, n // 3)}
            fixed |= places
            dark |= places if bits >> n & 1 else set()
    return fixed, dark


def _format_places(size: int) -> list[tuple[Module, Module]]:
    """Where each bit of the format stands, the lowest first: around the first corner, and at the other two."""
    around = [(n + (n > 5), 8) for n in range(8)] + [(8, 7)] + [(8, 14 - n) for n in range(9, 15)]
    apart = [(8, size - 1 - n) for n in range(8)] + [(size - 15 + n, 8) for n in range(8, 15)]
    return list(zip(around, apart, strict=True))


def _with_format(dark: set[Module], version: int, mask: int) -> set[Module]:
    """Level M is 00, then the mask, then what corrects both."""
    bits = (mask << 10 | _rest(mask, 0x537, 10)) ^ 0x5412
    return dark | {place for n, places in enumerate(_format_places(_size(version))) for place in places
                   if bits >> n & 1}


def _rest(value: int, divisor: int, length: int) -> int:
    """*value* followed by *length* zeros, divided by *divisor* without carrying: what is left."""
    value <<= length
    while value.bit_length() > length:
        value ^= divisor << value.bit_length() - divisor.bit_length()
    return value


def _path(version: int) -> Iterator[Module]:
    """Up and down in pairs of columns from the right, the timing column left out."""
    size, up = _size(version), True
    for right in (*range(size - 1, 6, -2), 5, 3, 1):
        for row in range(size - 1, -1, -1) if up else range(size):
            yield from ((row, right), (row, right - 1))
        up = not up


MASKS = (
    lambda row, column: (row + column) % 2 == 0, lambda row, column: row % 2 == 0,
    lambda row, column: column % 3 == 0, lambda row, column: (row + column) % 3 == 0,
    lambda row, column: (row // 2 + column // 3) % 2 == 0,
    lambda row, column: row * column % 2 + row * column % 3 == 0,
    lambda row, column: (row * column % 2 + row * column % 3) % 2 == 0,
    lambda row, column: ((row + column) % 2 + row * column % 3) % 2 == 0,
)


def _penalty(dark: set[Module], size: int) -> int:
    """How hard it is to read: long runs, squares of one colour, what looks like a corner, too much of one colour."""
    rows = ["".join("1" if (row, column) in dark else "0" for column in range(size)) for row in range(size)]
    lines = [*rows, *("".join(line) for line in zip(*rows, strict=True))]
    runs = sum(len(run) - 2 for line in lines for run in line.replace("01", "0 1").replace("10", "1 0").split()
               if len(run) >= 5)
    squares = sum(len({(row + a, column + b) in dark for a in (0, 1) for b in (0, 1)}) == 1
                  for row in range(size - 1) for column in range(size - 1))
    corners = sum(line.startswith(shape, n) for line in lines for n in range(size)
                  for shape in ("00001011101", "10111010000"))
    return runs + 3 * squares + 40 * corners + 10 * (abs(len(dark) * 20 - size * size * 10) // (size * size))
