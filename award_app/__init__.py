"""create_app(): settings, extensions, features, errors, commands - on one page.

Nothing heavy is imported before create_app() is called: the supervisor and the mail sink live in this package too.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import config

if TYPE_CHECKING:
    from flask import Flask


def create_app(settings: Mapping[str, object] | None = None) -> Flask:
    from flask import Flask

    app = Flask(__name__)
    app.config.update(config.load() if settings is None else settings)
    _add_foundations(app)
    _add_web(app)
    _add_features(app)
    return app


def _add_foundations(app: Flask) -> None:
    from award_app import db, migrating, schema

    assert schema  # every table is declared before the first query
    db.init_app(app)
    migrating.init_app(app)


def _add_web(app: Flask) -> None:
    from flask_wtf import CSRFProtect

    from award_app import errors, logs
    from award_app.web import (
        addresses,
        arrival,
        assets,
        guard,
        headers,
        i18n,
        journal,
        kept,
        metrics,
        proxies,
        recording,
        templating,
        writing,
    )

    app.jinja_environment = writing.Templates
    CSRFProtect(app)
    for part in (
        logs,
        journal,
        proxies,
        addresses,
        arrival,
        kept,
        guard,
        recording,
        i18n,
        templating,
        headers,
        assets,
        errors,
        metrics,
    ):
        part.init_app(app)


def _add_features(app: Flask) -> None:
    from award_app import cli
    from award_app.accounts import views as accounts
    from award_app.announcement.embargo import views as announcements
    from award_app.announcement.terms import views as public
    from award_app.cycles import views as cycles
    from award_app.demo import commands as demo
    from award_app.demo import pages as mailbox
    from award_app.nominations import views as nominations
    from award_app.notifications import views as letters
    from award_app.panel import views as panel
    from award_app.records import views as records
    from award_app.reports import views as reports
    from award_app.reviews import views as reviews
    from award_app.screening import views as screening
    from award_app.selection import views as results
    from award_app.web import health, well_known

    demo.init_app(app)
    for blueprint in (health.bp, public.bp, well_known.bp):
        app.register_blueprint(blueprint)
    accounts.init_app(app)
    reports.init_app(app)
    cycles.init_app(app)
    nominations.init_app(app)
    screening.init_app(app)
    panel.init_app(app)
    reviews.init_app(app)
    results.init_app(app)
    announcements.init_app(app)
    letters.init_app(app)
    records.init_app(app)
    mailbox.init_app(app)
    cli.init_app(app)
