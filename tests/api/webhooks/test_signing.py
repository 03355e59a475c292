"""Signatures of deliveries, by the Standard Webhooks specification."""

from __future__ import annotations

import base64

from api.webhooks.signing import new_secret, signed_headers

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
MESSAGE_ID = "msg_p5jXN8AQM9LWM0D4loKWxJek"
TIMESTAMP = 1614265330
BODY = b'{"test": 2432232314}'
SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
"""What the reference implementations make of these."""


def test_a_delivery_is_signed_as_the_reference_implementations_sign_it() -> None:
    headers = signed_headers([SECRET], message_id=MESSAGE_ID, timestamp=TIMESTAMP, body=BODY)

    expected = {"webhook-id": MESSAGE_ID, "webhook-timestamp": str(TIMESTAMP), "webhook-signature": SIGNATURE}
    assert expected == headers


def test_each_secret_that_is_good_signs() -> None:
    other = new_secret()

    headers = signed_headers([other, SECRET], message_id=MESSAGE_ID, timestamp=TIMESTAMP, body=BODY)

    first, second = headers["webhook-signature"].split(" ")
    assert SIGNATURE == second
    assert first.startswith("v1,")
    assert first != second


def test_a_new_secret_has_256_bits_and_the_prefix_of_the_specification() -> None:
    secrets = {new_secret() for _ in range(10)}

    assert 10 == len(secrets)
    assert {32} == {len(base64.b64decode(secret.removeprefix("whsec_"))) for secret in secrets}
