"""From bytes to lines: bounded, escaped, without secrets, and with places that two readings agree on."""

from __future__ import annotations

import pytest

from api.logs.models import LogLine, LogSource, Position
from api.logs.parsing import MOST_LINE_BYTES, LineSplitter, Numbering
from tests.api.logs.log_server import SECOND, START, stamp

SOURCE = LogSource("shop", "web-1", "uid-1", "app")


def line_of(text: bytes, at: int = START) -> LogLine:
    line = Numbering(SOURCE).line(stamp(at).encode() + b" " + text)
    assert line is not None
    return line


def places(numbering: Numbering, *moments: int) -> list[Position]:
    lines = (numbering.line(stamp(at).encode() + b" x") for at in moments)
    return [line.position for line in lines if line is not None]


def test_control_characters_are_escaped() -> None:
    assert "\\x1b[31mred\\x1b[0m \\u202e" == line_of("\x1b[31mred\x1b[0m \u202e".encode()).message


def test_secrets_are_taken_out() -> None:
    assert "password=[redacted] ok" == line_of(b"password=hunter2 ok").message


def test_bytes_that_are_no_text_are_shown_as_such() -> None:
    assert "\ufffd" == line_of(b"\xff").message


def test_a_line_is_cut_where_it_is_too_long_and_says_so() -> None:
    whole, longer = line_of(b"x" * MOST_LINE_BYTES), line_of(b"x" * (MOST_LINE_BYTES + 1))

    assert (MOST_LINE_BYTES, False) == (len(whole.message), whole.is_cut)
    assert (MOST_LINE_BYTES, True) == (len(longer.message), longer.is_cut)


def test_no_more_than_a_line_is_kept_of_one_that_does_not_end() -> None:
    splitter = LineSplitter()

    for _ in range(100):
        assert [] == list(splitter.feed(b"x" * 64 * 1024))
    [(line, is_cut)] = splitter.feed(b"\n")

    assert is_cut
    assert len(line) < MOST_LINE_BYTES + 100


@pytest.mark.parametrize("size", [1, 7, 10_000])
def test_lines_are_the_same_however_they_come_in_pieces(size: int) -> None:
    content, splitter = b"one\ntwo\n\nthree\nfour", LineSplitter()

    pieces = [content[begin : begin + size] for begin in range(0, len(content), size)]
    lines = [line for piece in pieces for line, _ in splitter.feed(piece)]

    assert [b"one", b"two", b"", b"three"] == lines
    assert [(b"four", False)] == list(splitter.flush())


def test_a_moment_is_read_to_the_nanosecond_in_any_zone() -> None:
    line = Numbering(SOURCE).line(b"2026-11-29T17:00:00.123456789+02:00 x")

    assert line is not None
    assert (123_456_789, "2026-11-29T15:00:00.123456+00:00") == (line.at % SECOND, line.moment.isoformat())


def test_what_bears_no_timestamp_is_no_line() -> None:
    assert None is Numbering(SOURCE).line(b"unable to retrieve container logs for containerd://1")


def test_places_grow_also_where_moments_do_not() -> None:
    found = places(Numbering(SOURCE), START, START, START - 5, START + 1, START)

    assert [
        Position(START, 0),
        Position(START, 1),
        Position(START, 2),
        Position(START + 1, 0),
        Position(START + 1, 1),
    ] == found


def test_what_was_read_is_left_out_and_its_end_found() -> None:
    numbering = Numbering(SOURCE, Position(START, 1))

    found = places(numbering, START, START, START, START + 1)

    assert [Position(START, 2), Position(START + 1, 0)] == found
    assert numbering.has_found


def test_a_place_that_is_not_there_is_not_found() -> None:
    numbering = Numbering(SOURCE, Position(START, 1))

    places(numbering, START + 1)

    assert not numbering.has_found
