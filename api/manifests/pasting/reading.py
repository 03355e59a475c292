"""The front door: whatever a developer has of an app, as values of the form."""

from __future__ import annotations

from api.errors import InvalidInput
from api.manifests.pasting import compose, docker_run, kubernetes
from api.manifests.pasting.documents import documents
from api.manifests.pasting.models import Pasted

MOST_BYTES = 64 * 1024
_EXAMPLE = "docker run -p 8080:80 nginx:1.29"


def read(text: str) -> Pasted:
    """What `text` says of one app: a `docker run` line, a compose file, or objects of Kubernetes.

    Nothing is checked against the rules of the form. Raises InvalidInput on path `text` where it is none of these, is
    longer than MOST_BYTES, or cannot be read.
    """
    if len(text.encode(errors="surrogatepass")) > MOST_BYTES:
        raise InvalidInput(f"This is longer than {MOST_BYTES // 1024} KiB. Paste the part of the app.", path=("text",))
    if docker_run.is_docker_run(text):
        return docker_run.read(text)
    found = documents(text)
    if any(kubernetes.is_kubernetes(each) for each in found):
        return kubernetes.read([each for each in found if kubernetes.is_kubernetes(each)])
    for document in found:
        if compose.is_compose(document):
            return compose.read(document)
    message = "This is no `docker run` line, no compose file with `services`, and no object of Kubernetes."
    raise InvalidInput(message, path=("text",), example=_EXAMPLE)
