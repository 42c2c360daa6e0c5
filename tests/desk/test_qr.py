"""QR codes by the laws of their standard; that phones read them was tried with another reader, at every size."""
import pytest

from desk import qr


def value(polynomial: bytes, at: int) -> int:
    """The polynomial's value in the field, its highest coefficient first."""
    found = 0
    for factor in polynomial:
        found = qr._times(found, at) ^ factor
    return found


@pytest.mark.parametrize("count", sorted(set(qr.CHECKS)))
def test_a_block_with_its_corrections_is_zero_at_every_root(count: int) -> None:
    block = bytes(range(40, 40 + 30))
    whole = block + qr._corrections(block, count)
    assert [value(whole, qr.POWERS[n]) for n in range(count)] == [0] * count
    spoiled = bytes([whole[0] ^ 1, *whole[1:]])
    assert any(value(spoiled, qr.POWERS[n]) for n in range(count))


def test_what_stands_beside_the_data_is_as_the_standard_prints_it() -> None:
    assert 7 << 12 | qr._rest(7, 0x1F25, 12) == 0x07C94
    assert (5 << 10 | qr._rest(5, 0x537, 10)) ^ 0x5412 == 0b100000011001110


@pytest.mark.parametrize("length", [1, 14, 15, 26, 42, 62, 84, 106, 122, 152, 180, 213])
def test_what_was_put_in_can_be_read_out(length: int) -> None:
    """By way of the mask that it names, and past everything that is no data."""
    text = ("https://t.me/clinic_bot?start=poster" * 6)[:length]
    dark = qr.modules(text)
    size = max(row for row, _ in dark) + 1
    version = (size - 17) // 4
    named = sum(1 << n for n, (place, _) in enumerate(qr._format_places(size)) if place in dark) ^ 0x5412
    fixed, _ = qr._patterns(version)
    bits = "".join(str(int((place in dark) ^ qr.MASKS[named >> 10](*place))) for place in qr._path(version)
                   if place not in fixed)
    found = bytes(int(bits[n:n + 8], 2) for n in range(0, len(bits) - 7, 8))
    assert found[:qr.WHOLE[version - 1]] == qr._interleaved(text.encode(), version)


def test_a_link_that_is_too_long_is_refused() -> None:
    with pytest.raises(qr.TooLongForQr):
        qr.as_svg("x" * 214)
