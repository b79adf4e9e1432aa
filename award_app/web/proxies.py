"""Whose word about a request's origin counts: that of TRUST_PROXY proxies in front, and of nobody else."""

from __future__ import annotations

from flask import Flask, request
from werkzeug.exceptions import SecurityError
from werkzeug.middleware.proxy_fix import ProxyFix


def _refuse_another_host() -> None:
    """Before anybody asks who is there: no address can be written for a host that we do not answer to. The answer does
    not name it either."""
    if isinstance(request.routing_exception, SecurityError):
        raise SecurityError


def init_app(app: Flask) -> None:
    """Address and scheme only. A proxy hands on the host as it was asked for, and TRUSTED_HOSTS decides about it."""
    count = int(app.config["TRUST_PROXY"])
    if count:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count)  # type: ignore[method-assign]
    app.before_request(_refuse_another_host)
