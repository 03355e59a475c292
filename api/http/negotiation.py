"""What a client takes, by its Accept header: https://www.rfc-editor.org/rfc/rfc9110#section-12.5.1."""

from __future__ import annotations

from collections.abc import Iterator


def accepts(accept: str, media_type: str) -> bool:
    """Whether a client with this header takes `media_type`: the most specific range that has it decides. Without a
    header anything is taken; what cannot be read of one says nothing."""
    if not accept.strip():
        return True
    kind, _, _ = media_type.partition("/")
    ranges = dict(_ranges(accept))
    quality = next((ranges[each] for each in (media_type, f"{kind}/*", "*/*") if each in ranges), 0.0)
    return quality > 0


def _ranges(accept: str) -> Iterator[tuple[str, float]]:
    """Each range with its quality. Parameters of a media type are none of ours, and pass it by."""
    for each in accept.split(","):
        media_range, *parameters = (part.strip().lower() for part in each.split(";"))
        qualities = [part[2:] for part in parameters if part.startswith("q=")]
        try:
            yield media_range, float(qualities[0]) if qualities else 1.0
        except ValueError:
            continue
