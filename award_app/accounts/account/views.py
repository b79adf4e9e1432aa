"""One's own account.

GET  /account                   name, language, time zone, address, password, profile; POST saves the first three
POST /account/address           asks for a new e-mail address; POST /account/address/cancel: keeps the old one
POST /account/password          a new password; ends every other session
POST /account/profile           what conflict rules need to know of a panel member
GET  /address/<token>           the link to a new address; POST the same: confirms it
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _

from award_app import access, clock
from award_app.accounts import addresses, links, own, queries, web, words, zones
from award_app.accounts.forms import AccountForm, AddressForm, ConfirmForm, PasswordForm, ProfileForm
from award_app.accounts.models import AddressChange, Person
from award_app.accounts.profile import fill_profile, keep_profile
from award_app.accounts.views import Answer, bp
from award_app.db import transaction
from award_app.domain.vocabulary import Action, AppointmentRole, Refused
from award_app.web import i18n
from award_app.web.forms import Form
from award_app.web.guard import guarded, viewer
from award_app.web.refusals import complain


@bp.get("/account")
@guarded(Action.SEE_ACCOUNT)
def account() -> str:
    access.require(viewer(), Action.SEE_ACCOUNT, now=clock.now())
    return _account_page()


@bp.post("/account")
@guarded(Action.SEE_ACCOUNT)
def change_account() -> Answer:
    form = AccountForm()

    def save() -> None:
        wanted = own.Preferences(form.name.data, form.locale.data, form.timezone.data)
        own.change_preferences(viewer(), wanted, now=clock.now())

    refused = _refused("account", form, save)
    if refused:
        return refused
    with i18n.speaking(form.locale.data):  # the next page speaks it too
        flash(_("Your account is saved."))
    return redirect(url_for(".account"))


@bp.post("/account/address")
@guarded(Action.SEE_ACCOUNT)
def ask_address() -> Answer:
    form = AddressForm()
    asked = _refused("address", form, lambda: _ask(form), slow=True)
    if asked:
        return asked
    web.the_password_was_right(viewer().email)
    flash(_("A letter is on its way to the new address. Open the link in it: until then the old address holds."))
    return redirect(url_for(".account", _anchor="address"))


@bp.post("/account/address/cancel")
@guarded(Action.SEE_ACCOUNT)
def cancel_address() -> Answer:
    now = clock.now()
    access.require(viewer(), Action.SEE_ACCOUNT, now=now)
    form = Form()
    if not form.validate():
        return _account_page(), 422
    with transaction():
        for change in addresses.open_changes(viewer(), now):
            addresses.cancel(change, by=viewer(), now=now)
    flash(_("Your address stays as it is. The link in the letter no longer works."))
    return redirect(url_for(".account", _anchor="address"))


@bp.post("/account/password")
@guarded(Action.SEE_ACCOUNT)
def change_password() -> Answer:
    form, person, given = PasswordForm(), viewer(), []

    def change() -> None:
        given.append(own.change_password(person, current=form.current.data, new=form.password.data, now=clock.now()))

    refused = _refused("password", form, change, slow=True)
    if refused:
        return refused
    web.the_password_was_right(person.email)
    web.remember(person, given[0])
    flash(_("Your password is changed. Other browsers are signed out."))
    return redirect(url_for(".account"))


@bp.post("/account/profile")
@guarded(Action.SEE_ACCOUNT)
def change_profile() -> Answer:
    form = fill_profile(ProfileForm())
    refused = _refused("profile", form, lambda: keep_profile(form, viewer(), by=viewer(), now=clock.now()))
    if refused:
        return refused
    flash(_("Your profile is saved. It helps to find conflicts of interest."))
    return redirect(url_for(".account"))


@bp.get("/address/<token>")
def address(token: str) -> Answer:
    change = links.address_change(token)
    addresses.require_open(change, now=clock.now())
    return _address_page(change, ConfirmForm())


@bp.post("/address/<token>")
def confirm_address(token: str) -> Answer:
    change = links.address_change(token)
    addresses.require_open(change, now=clock.now())
    form, account = ConfirmForm(), change.before
    if not form.validate():
        return _address_page(change, form), 422
    web.slow_down(account)
    try:
        with transaction():
            addresses.confirm(change, password=form.current.data, now=clock.now())
    except Refused as refused:
        if not refused.problems:
            raise
        status = complain(form, refused, words.PROBLEMS)
        return _address_page(links.address_change(token), form), status
    web.the_password_was_right(account)
    flash(_("Your new address is %(email)s. You sign in with it from now on.", email=change.email))
    return redirect(url_for(".start"))


def is_on_a_panel(person: Person) -> bool:
    return any(a.role is AppointmentRole.MEMBER for a in access.appointments(person))


def _ask(form: AddressForm) -> None:
    own.ask_address(viewer(), form.email.data, password=form.current.data, now=clock.now())


def _refused(name: str, form: Any, work: Callable[[], Any], *, slow: bool = False) -> Answer | None:
    """Do the work of one of the page's forms; where that is not to be, the page again with what was typed."""
    access.require(viewer(), Action.SEE_ACCOUNT, now=clock.now())
    if not form.validate():
        return _account_page(**{name: form}), 422
    if slow:
        web.slow_down(viewer().email)
    try:
        with transaction():
            work()
    except Refused as refused:
        status = complain(form, refused, words.PROBLEMS)
        return _account_page(**{name: form}), status
    return None


def _account_page(**given: Any) -> str:
    """The forms side by side; the one just sent keeps what was typed, the others show what is kept."""
    person, now = viewer(), clock.now()
    missions = queries.missions()
    forms: dict[str, Any] = {
        "account": given.get("account") or AccountForm(formdata=None, obj=person),
        "address": given.get("address") or AddressForm(formdata=None),
        "password": given.get("password") or PasswordForm(formdata=None),
    }
    if is_on_a_panel(person):
        forms["profile"] = given.get("profile") or fill_profile(ProfileForm(formdata=None), person)
    return render_template(
        "accounts/account.html",
        forms=forms,
        form=next(iter(given.values()), None),
        zones=[zones.shown(zone) for zone in zones.offered(person, missions)],
        places=[words.place(one) for one in access.appointments(person)],
        waiting=addresses.open_changes(person, now),
        cancel=Form(formdata=None),
        local=now,
    )


def _address_page(change: AddressChange, form: ConfirmForm) -> str:
    return render_template("accounts/address.html", change=change, form=form)
