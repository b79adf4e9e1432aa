"""What every template may use: filters, navigation, the facts of this installation."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app, has_request_context, request, url_for
from flask.sansio.app import App
from flask_babel import gettext as _
from markupsafe import Markup

from award_app import clock
from award_app.domain.words import count_words
from award_app.web import i18n, moments, words
from award_app.web.guard import lacks_second

SIGN_IN, SIGN_OUT, START, MAILBOX = "accounts.sign_in", "accounts.sign_out", "accounts.start", "demo.mailbox"
ACCOUNT, TERMS = "accounts.account", "public.terms"


@dataclass(frozen=True)
class NavItem:
    href: str
    label: str
    current: bool = False


@dataclass(frozen=True)
class LanguageLink:
    code: str
    href: str
    label: str
    current: bool


Provider = Callable[[], Iterable[NavItem]]


def add_navigation(app: App, provider: Provider) -> None:
    """Let a feature offer entries of the main navigation; it is asked once per page and yields what fits the viewer."""
    app.extensions.setdefault("navigation", []).append(provider)


def navigation() -> list[NavItem]:
    person = i18n.signed_in_person()
    if person is not None and lacks_second(person):
        return []  # it would lead nowhere
    providers: list[Provider] = current_app.extensions.get("navigation", [])
    return [item for provider in providers for item in provider()]


def language_links() -> list[LanguageLink]:
    """Links to the same public page in the other languages; none while there is one language only."""
    if not i18n.on_public_page() or len(i18n.LANGUAGES) < 2 or not request.endpoint:
        return []
    now = i18n.language()
    others = {**(request.view_args or {})}
    return [
        LanguageLink(code, url_for(request.endpoint, **{**others, "lang": code}), label, code == now)
        for code, label in i18n.LANGUAGES.items()
    ]


def errors_of(form: Any) -> list[tuple[str, str]]:
    """Every error of a form, nested rows included, with the id of the input it stands beside."""
    found = [("", str(message)) for message in getattr(form, "form_errors", ())]
    for field in form:
        found.extend(_errors_of_field(field))
    return found


def _errors_of_field(field: Any) -> Iterator[tuple[str, str]]:
    if field.type == "FormField":
        yield from errors_of(field.form)
    elif field.type == "FieldList":
        yield from ((field.id, message) for message in field.errors if isinstance(message, str))
        for entry in field.entries:
            yield from _errors_of_field(entry)
    else:
        yield from ((field.id, _with_label(field, str(message))) for message in field.errors)


def _with_label(field: Any, message: str) -> str:
    """A summary stands far from its fields, so each sentence there says what it is about."""
    label = str(field.label.text).strip() if getattr(field, "label", None) else ""
    if not label or label.casefold() in message.casefold():
        return message
    return f"{label} {message}" if label[-1] in ".?!:…" else _("%(what)s: %(which)s", what=label, which=message)


def _described(ids: str) -> dict[str, str]:
    """Attributes that tie an input to its hint, its limit and its error."""
    if not ids:
        return {}
    described = {"aria-describedby": ids.strip()}
    if ids.endswith("-error"):
        described["aria-invalid"] = "true"
    return described


def _address(endpoint: str, otherwise: str) -> str:
    """The address of a page another feature owns, or where to go while it is not part of this application."""
    return url_for(endpoint) if endpoint in current_app.view_functions else otherwise


def _sign_in_url() -> str:
    return _address(SIGN_IN, "")


def _sign_out_url() -> str:
    return _address(SIGN_OUT, "")


def _mailbox_url() -> str:
    return _address(MAILBOX, "")


def _home_url() -> str:
    public = url_for("public.award", lang=i18n.public_language())
    return _address(START, public) if i18n.signed_in_person() else public


def _about_url() -> str:
    return url_for("public.about", lang=i18n.public_language())


def _account_url() -> str:
    return _address(ACCOUNT, "")


def _terms_url() -> str:
    return url_for(TERMS, lang=i18n.public_language())


def contacts() -> list[tuple[str, str, str]]:
    """Whom to ask: a sentence, a name or an address, and the e-mail address where it is one."""
    award, service = (str(current_app.config.get(name) or "") for name in ("SECRETARIAT_CONTACT", "HELP_CONTACT"))
    if award and service and award != service:
        lines = [(_("Questions about the award:"), award), (_("Trouble with this service:"), service)]
    else:
        lines = [(_("Questions? Ask:"), award or service)] if award or service else []
    return [(sentence, contact, _mailbox(contact)) for sentence, contact in lines]


def _mailbox(contact: str) -> str:
    """`contact` where it is nothing but an e-mail address."""
    return contact if contact.count("@") == 1 and not any(sign.isspace() for sign in contact) else ""


def bdi(text: object) -> Markup:
    """A name among other words, in whichever direction its script runs."""
    return Markup("<bdi>{}</bdi>").format(text)


def each_in(keys: Iterable[Any], words: Iterable[Mapping[Any, Markup]]) -> Markup:
    """What each key stands for in the words at its place: the cells of a row, made once for all rows of a table."""
    return Markup("").join(known[key] for key, known in zip(keys, words, strict=True))


def _may_flash() -> bool:
    """Public pages never touch the session: they are the same for everybody."""
    return has_request_context() and not i18n.on_public_page()


def _site(app: Flask) -> dict[str, Any]:
    return {
        "organisation": app.config.get("ORGANISATION_NAME", ""),
        "help_contact": app.config.get("HELP_CONTACT", ""),
        "demo": bool(app.config.get("LAUREL_DEMO")),
    }


def init_app(app: Flask) -> None:
    env = app.jinja_env
    env.trim_blocks = env.lstrip_blocks = True
    env.filters.update(
        instant=moments.moment_html,
        day=moments.day,
        partial_date=moments.partial_date,
        number=moments.number,
        share=moments.share,
        tenth=moments.tenth,
        country_name=moments.country_name,
        state_words=words.state_words,
        count_words=count_words,
        bdi=bdi,
        each_in=each_in,
    )
    env.globals.update(
        site=_site(app),
        navigation=navigation,
        language_links=language_links,
        page_language=i18n.language,
        public_language=i18n.public_language,
        page_direction=i18n.direction,
        moment_html=moments.moment_html,
        moment_words=moments.moment_words,
        stamp_html=moments.stamp_html,
        now=clock.now,
        state_words=words.state_words,
        tag_kind=words.tag_kind,
        errors_of=errors_of,
        _described=_described,
        home_url=_home_url,
        about_url=_about_url,
        terms_url=_terms_url,
        account_url=_account_url,
        contacts=contacts,
        sign_in_url=_sign_in_url,
        sign_out_url=_sign_out_url,
        mailbox_url=_mailbox_url,
        may_flash=_may_flash,
        public_page=i18n.on_public_page,
    )
    app.context_processor(lambda: {"person": i18n.signed_in_person()})
