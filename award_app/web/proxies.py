"""Whose word about a request's origin counts: that of TRUST_PROXY proxies in front, and of nobody else."""

from __future__ import annotations

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix


def init_app(app: Flask) -> None:
    """Address and scheme only. A proxy hands on the host as it was asked for, and TRUSTED_HOSTS decides about it."""
    count = int(app.config["TRUST_PROXY"])
    if count:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count)  # type: ignore[method-assign]
