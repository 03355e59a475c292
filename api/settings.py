"""Every setting, in one frozen model; read by `api.app` and `api.cli` only.

Ambient variables that other tools use (KUBECONFIG, DATABASE_URL) are never read: a trial must not write to
somebody's production.
"""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, SecretStr
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict


def _networks(text: object) -> object:
    """Networks as the environment has them, with commas in between; an address stands for itself alone."""
    if not isinstance(text, str):
        return text
    return tuple(ip_network(part.strip()) for part in text.split(",") if part.strip())


def _labels(text: object) -> object:
    """Labels as a selector has them, `key=value,key=value`."""
    if not isinstance(text, str):
        return text
    pairs = [part.strip().partition("=") for part in text.split(",") if part.strip()]
    if not all(key and equals for key, equals, _ in pairs):
        raise ValueError("labels are written key=value, with commas in between")
    return {key: value for key, _, value in pairs}


def _numbers(text: object) -> object:
    """Numbers as the environment has them, with commas in between."""
    return tuple(part.strip() for part in text.split(",") if part.strip()) if isinstance(text, str) else text


Labels = Annotated[dict[str, str], NoDecode, BeforeValidator(_labels)]
Ports = Annotated[tuple[Annotated[int, Field(ge=1, le=65535)], ...], NoDecode, BeforeValidator(_numbers)]
Headers = Annotated[dict[str, SecretStr], NoDecode, BeforeValidator(_labels)]
Networks = Annotated[tuple[IPv4Network | IPv6Network, ...], NoDecode, BeforeValidator(_networks)]


class Settings(BaseSettings):
    """Settings by environment, each named `MOORAGE_` and the field's name in capitals."""

    model_config = SettingsConfigDict(env_prefix="MOORAGE_", frozen=True, extra="forbid")

    host: str = Field("127.0.0.1", description="Address to listen on. Off loopback, plain HTTP is refused.")
    port: int = Field(8080, ge=0, le=65535, description="Port to listen on; 0 takes a free one.")
    public_url: str | None = Field(
        None, description="The https:// address that browsers use, where a proxy ends TLS in front of Moorage."
    )
    trusted_proxies: Networks = Field(
        (), description="Networks of proxies whose X-Forwarded-For is believed, as in 10.0.0.0/8,fd00::/8; unset: none."
    )
    data_dir: Path = Field(
        Path(".moorage/data"), description="Where the embedded database and the embedded cluster keep their data."
    )
    web_dir: Path = Field(Path("web/dist"), description="The built web app.")
    database_url: SecretStr | None = Field(
        None, description="postgresql://… of a PostgreSQL 15 or newer; unset: the embedded PostgreSQL."
    )
    kubeconfig: Path | None = Field(
        None, description="Kubeconfig of the cluster to run on; unset: in-cluster account, else the embedded cluster."
    )
    cluster: Literal["auto", "embedded"] = Field(
        "auto", description="`embedded` forces the embedded cluster even inside a pod."
    )
    system_namespace: str = Field(
        "moorage-system", description="Namespace of the cluster in which replicas agree on which of them leads."
    )
    prometheus_url: str | None = Field(None, description="Prometheus to read metrics from; unset: metrics.k8s.io.")
    encryption_key: SecretStr | None = Field(
        None,
        description="32 bytes in base64 that encrypt secrets at rest; unset: a key file in the data directory.",
    )
    registration: Literal["open", "closed"] = Field("open", description="Whether strangers may register.")
    environment: Literal["development", "production"] = Field(
        "development",
        description="`production` closes introspection and GraphiQL to anonymous callers.",
    )
    metrics_token: SecretStr | None = Field(
        None,
        min_length=16,
        description="Bearer token with which Prometheus reads /metrics; unset: there is no /metrics.",
    )
    otlp_endpoint: str | None = Field(
        None,
        pattern=r"^https?://\S+$",
        description="Base URL of the OTLP/HTTP collector that takes traces, as http://collector:4318; unset: none.",
    )
    otlp_headers: Headers = Field({}, description="Headers that the collector wants, key=value,…; for its tokens.")
    trace_ratio: float = Field(0.1, ge=0, le=1, description="Share of requests that are traced.")
    trace_context: Literal["ignore", "link", "parent"] = Field(
        "link", description="What becomes of a caller's traceparent: `parent` lets callers decide what is traced."
    )
    trusted_documents: Literal["off", "only"] = Field(
        "off", description="`only` executes the documents of the web app, and no other; GraphiQL is off then."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="Least level logged.")
    namespace_cpu: str = Field("4", description="CPU limit of a new namespace, as a Kubernetes quantity.")
    namespace_memory: str = Field("8Gi", description="Memory limit of a new namespace, as a Kubernetes quantity.")
    namespace_pods: int = Field(30, ge=1, description="Pods that a new namespace may hold.")
    namespace_storage: str = Field("20Gi", description="Disk of a new namespace's volumes, as a Kubernetes quantity.")
    namespaces_per_user: int = Field(10, ge=1, description="Namespaces that one user may own.")

    webhook_networks: Networks = Field(
        (), description="Networks that webhooks may reach beside the public internet, as in 10.2.0.0/16; unset: none."
    )
    webhook_ports: Ports = Field((443,), description="Ports that webhooks may be delivered to, as in 443,8443.")
    webhook_certificates: Path | None = Field(
        None, description="File of certificate authorities that receivers of webhooks may use beside the usual ones."
    )
    webhook_timeout_seconds: float = Field(5, gt=0, le=10, description="How long a receiver may take to answer.")
    webhook_disabled_after_days: int = Field(
        5, ge=1, description="Days after which a webhook is switched off to which nothing could be delivered."
    )
    cost_per_minute: int = Field(600, ge=50, description="Points that an API token may spend in a minute.")
    cost_per_hour: int = Field(5_000, ge=50, description="Points that an API token may spend in an hour.")
    session_cost_per_minute: int = Field(3_000, ge=50, description="Points that a browser's session may, in a minute.")
    session_cost_per_hour: int = Field(30_000, ge=50, description="Points that a browser's session may, in an hour.")

    exposure_private: Literal["none", "tailscale", "tailscale-ingress", "netbird", "loadbalancer", "ingress"] | None = (
        Field(None, description="What gives apps private addresses; unset: nothing does, and a demo plays it.")
    )
    exposure_private_class: str | None = Field(
        None, description="Class of its load balancers or ingresses; unset: the operator's usual one."
    )
    exposure_private_domain: str | None = Field(
        None, description="Domain of private addresses; unset: what the operator reports."
    )
    exposure_private_annotations: dict[str, str] = Field(
        {}, description='More annotations for the operator, as JSON; {"…": "{host}"} is the generated name.'
    )
    exposure_private_sources: Labels | None = Field(
        None, description="Labels of the namespaces of its proxies, key=value,…; unset: the operator's usual one."
    )
    exposure_public: Literal["none", "ingress", "gateway"] | None = Field(
        None, description="What gives apps public addresses; unset: nothing does, and a demo plays it."
    )
    exposure_public_class: str | None = Field(None, description="Ingress class, or the Gateway as namespace/name.")
    exposure_public_domain: str | None = Field(None, description="Domain below which apps are served.")
    exposure_public_issuer: str | None = Field(
        None, description="cert-manager ClusterIssuer of Ingresses; unset: the controller's own certificate."
    )
    exposure_public_sources: Labels | None = Field(
        None, description="Labels of the namespaces that public requests come from, key=value,…"
    )

    @property
    def log_style(self) -> Literal["json", "console"]:
        """How logs are written: for machines in production, else for people."""
        return "json" if self.environment == "production" else "console"
