"""HTTP whose answers have an end: so many bytes and so many seconds at most, whatever the server sends."""

from __future__ import annotations

import time
from collections.abc import Iterator
from io import BytesIO

from requests import Response, Session
from requests.exceptions import RequestException
from urllib3.exceptions import HTTPError

_CHUNK = 64 * 1024


class AnswerUnread(RequestException):
    """The body is too large, takes too long, or broke off."""


class BoundedSession(Session):
    """Reads every body whole before anybody is given the response; raises AnswerUnread."""

    def __init__(self, *, most_bytes: int, seconds: float) -> None:
        super().__init__()
        self.stream = True  # nothing is read before the hook does
        self._most_bytes = most_bytes
        self._seconds = seconds
        self.hooks["response"] = [self._read]

    def _read(self, response: Response, **_: object) -> None:
        try:
            content = b"".join(self._bounded(response))
        except (HTTPError, AnswerUnread) as error:
            response.close()
            raise AnswerUnread(str(error)) from error
        response.raw = BytesIO(content)

    def _bounded(self, response: Response) -> Iterator[bytes]:
        ends, read = time.monotonic() + self._seconds, 0
        for chunk in response.raw.stream(_CHUNK, decode_content=True):
            read += len(chunk)
            if read > self._most_bytes or time.monotonic() > ends:
                raise AnswerUnread(f"more than {self._most_bytes} bytes, or {self._seconds:g} s")
            yield chunk
