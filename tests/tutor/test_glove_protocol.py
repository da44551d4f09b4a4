"""The wire format of HGP/1: golden frames, round trips, and no bad frame ever let in."""

import binascii

import pytest
from cobs import cobs
from hypothesis import given
from hypothesis import strategies as st

from tutor.glove.counting import actuators_of, later_by, mask_of
from tutor.glove.messages import (
    Ack,
    Arm,
    Cancel,
    ChordAt,
    Done,
    Hello,
    Ping,
    Pulse,
    PulseAt,
    RhythmAt,
    Status,
    StopAll,
    Unreadable,
)
from tutor.glove.protocol import MAX_BODY, FrameReader, ProtocolError, decode, encode

GOLDEN = [
    (Ping(0), 1, "04 10 02 01 01 01 01 03 a4 e7 00"),
    (Ping(1_000_000), 2, "07 10 02 02 40 42 0f 03 19 04 00"),
    (Arm(1000, 200, 1500), 3, "0b 10 03 03 e8 03 c8 dc 05 ac 37 00"),
    (StopAll(), 4, "06 10 04 04 bf 03 00"),
    (Pulse(6, 0, 180, 80), 5, "05 10 10 05 06 03 b4 50 03 f5 99 00"),
    (ChordAt(2_500_000, 0x02A0, 160, 100, 0), 6, "07 10 12 06 a0 25 26 05 a0 02 a0 64 01 02 2a 01 00"),
    (Cancel(2_000_000), 7, "07 10 14 07 80 84 1e 03 9a a7 00"),
]
HELLO = Hello(1, (1, 0, 0), 1, 3, 0b111, 48, 100, 10, 1500, (60,) * 10, 0x0123456789ABCDEF, 7, 1, 99)

u8, u16, u32 = st.integers(0, 0xFF), st.integers(0, 0xFFFF), st.integers(0, 0xFFFFFFFF)
anything = st.one_of(
    st.builds(Ping, u32),
    st.builds(Arm, u16, u8, u16),
    st.builds(PulseAt, u32, u8, u8, u8, u16),
    st.builds(ChordAt, u32, u16, u8, u16, u8),
    st.builds(RhythmAt, u32, u16, u8, st.lists(u16, max_size=20).map(tuple)),
    st.builds(Ack, u8, u8, st.none() | u32),
    st.builds(Status, u8, u8, u16, u8, u16, u16, u16, st.integers(-128, 127), u8, u16),
    st.builds(Done, u8, u32, u32),
    st.just(HELLO),
)


@pytest.mark.parametrize(("message", "sequence", "frame"), GOLDEN)
def test_a_golden_frame_is_written_byte_for_byte(message, sequence, frame):
    assert encode(message, sequence) == bytes.fromhex(frame)


@pytest.mark.parametrize(("message", "sequence", "frame"), GOLDEN)
def test_a_golden_frame_is_read_as_what_it_says(message, sequence, frame):
    (read,) = FrameReader().feed(bytes.fromhex(frame))
    assert (read.message, read.sequence, read.version, read.ack_wanted) == (message, sequence, 1, False)


def test_the_check_value_of_the_crc_is_that_of_the_standard():
    assert binascii.crc_hqx(b"123456789", 0xFFFF) == 0x29B1


@given(anything, u8, st.booleans(), st.booleans())
def test_what_is_written_is_read_back(message, sequence, ack_wanted, retry):
    (read,) = FrameReader().feed(encode(message, sequence, ack_wanted=ack_wanted, retry=retry))
    assert (read.message, read.sequence, read.ack_wanted, read.retry) == (message, sequence, ack_wanted, retry)


@given(st.lists(st.tuples(anything, u8), max_size=6), st.lists(st.integers(1, 40), min_size=1))
def test_a_stream_cut_anywhere_gives_the_same_frames(sent, cuts):
    stream = b"".join(encode(message, sequence) for message, sequence in sent)
    reader, read, place = FrameReader(), [], 0
    while place < len(stream):
        size = cuts[place % len(cuts)]
        read += reader.feed(stream[place : place + size])
        place += size
    assert [(frame.message, frame.sequence) for frame in read] == sent


@given(st.binary(max_size=400))
def test_after_any_noise_and_a_zero_the_next_frame_is_read(noise):
    reader = FrameReader()
    reader.feed(noise + b"\0")
    assert [frame.message for frame in reader.feed(encode(Ping(5), 9))] == [Ping(5)]


@given(st.integers(0, 17 * 8 - 1))
def test_no_chord_with_one_flipped_bit_is_ever_read(bit):
    frame = bytearray(encode(ChordAt(2_500_000, 0x02A0, 160, 100, 0), 6))
    frame[bit // 8] ^= 1 << bit % 8
    assert not FrameReader().feed(bytes(frame))


def test_a_chord_with_any_two_flipped_bits_is_never_read():
    golden = encode(ChordAt(2_500_000, 0x02A0, 160, 100, 0), 6)
    for first in range(len(golden) * 8):
        for second in range(first):
            frame = bytearray(golden)
            frame[first // 8] ^= 1 << first % 8
            frame[second // 8] ^= 1 << second % 8
            assert not any(isinstance(read.message, ChordAt) for read in FrameReader().feed(bytes(frame)))


def test_noise_without_an_end_fills_no_memory_and_counts_once():
    reader = FrameReader()
    for _ in range(1000):
        reader.feed(b"\x55" * 1000)
    assert len(reader._gathered) <= MAX_BODY + 3
    assert [frame.message for frame in reader.feed(b"\0" + encode(Ping(5), 9))] == [Ping(5)]
    assert reader.bad == 1


def test_two_zeros_in_a_row_are_no_fault():
    reader = FrameReader()
    assert len(reader.feed(b"\0\0" + encode(StopAll(), 1) + b"\0\0")) == 1
    assert reader.bad == 0


def test_an_unknown_type_and_a_wrong_size_are_told_apart():
    def framed(body):
        return cobs.encode(body + binascii.crc_hqx(body, 0xFFFF).to_bytes(2, "little"))

    assert decode(framed(b"\x10\x70\x01abc")).message == Unreadable(0x70, b"abc", known=False)
    assert decode(framed(b"\x10\x02\x01ab")).message == Unreadable(0x02, b"ab", known=True)


def test_a_value_that_does_not_fit_is_refused_with_its_message():
    with pytest.raises(ProtocolError, match="Pulse"):
        encode(Pulse(6, 0, 300, 80), 1)


@given(u32, st.integers(-(2**31), 2**31 - 1))
def test_times_are_compared_across_the_wrap(time, step):
    assert later_by((time + step) % 2**32, time) == step


@given(st.sets(st.integers(0, 15)))
def test_a_mask_holds_its_actuators(actuators):
    assert set(actuators_of(mask_of(actuators))) == actuators
