"""People, what they are appointed to, how they came in, and their sessions."""

from __future__ import annotations

from datetime import date, datetime

from flask_login import UserMixin
from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from award_app.cycles.models import Cycle, Mission
from award_app.db import Base, one_of
from award_app.domain.vocabulary import AppointmentRole, Seat


class Person(UserMixin, Base):  # type: ignore[misc]  # flask-login carries no types
    """Somebody with an account. `email` is kept in lower case; one person per address."""

    __tablename__ = "person"
    __table_args__ = (CheckConstraint("email = lower(email)", name="email_lower"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(unique=True)
    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    password_hash: Mapped[str | None]
    locale: Mapped[str] = mapped_column(default="en")
    timezone: Mapped[str] = mapped_column(default="UTC")
    nationality: Mapped[str | None]  # ISO alpha-2 of the member's nationality, for conflict rule 1
    home_service: Mapped[str | None]  # for conflict rule 2
    created_at: Mapped[datetime]
    deactivated_at: Mapped[datetime | None]

    appointments: Mapped[list[Appointment]] = relationship(
        back_populates="person", foreign_keys="Appointment.person_id", order_by="Appointment.id"
    )
    stints: Mapped[list[Stint]] = relationship(back_populates="person", order_by="Stint.started")

    session_token = ""  # of the session this person came with, for Flask-Login; not a column
    session_id = 0  # likewise, of its row
    second_shown = False  # likewise: in this session she has shown a second factor too

    # Flask-Login's own comparison asks get_id(), which is the same for everybody who did not come with a session.
    __eq__, __hash__ = object.__eq__, object.__hash__

    @property
    def is_active(self) -> bool:
        return self.deactivated_at is None

    def get_id(self) -> str:
        return self.session_token


class Stint(Base):
    """A time a person served in a mission, for conflict rule 3. `ended` is empty while she serves."""

    __tablename__ = "stint"
    __table_args__ = (CheckConstraint("ended IS NULL OR ended >= started", name="order"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    mission_id: Mapped[int] = mapped_column(ForeignKey("mission.id"))
    started: Mapped[date]
    ended: Mapped[date | None]

    person: Mapped[Person] = relationship(back_populates="stints")
    mission: Mapped[Mission] = relationship()


class Appointment(Base):
    """What makes someone hold a role. Ended, never deleted."""

    __tablename__ = "appointment"
    __table_args__ = (
        CheckConstraint(
            "(role IN ('secretariat', 'observer') AND cycle_id IS NULL AND mission_id IS NULL)"
            " OR (role = 'member' AND cycle_id IS NOT NULL AND mission_id IS NULL)"
            " OR (role IN ('nominator', 'authority') AND cycle_id IS NOT NULL AND mission_id IS NOT NULL)",
            name="scope",
        ),
        CheckConstraint("(role = 'member') = (seat IS NOT NULL)", name="seat"),
        Index(
            "uq_appointment_active",
            "person_id",
            "role",
            text("coalesce(cycle_id, 0)"),
            text("coalesce(mission_id, 0)"),
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index(
            "uq_appointment_one_chair_one_deputy",
            "cycle_id",
            "seat",
            unique=True,
            sqlite_where=text("ended_at IS NULL AND seat IN ('chair', 'deputy')"),
            postgresql_where=text("ended_at IS NULL AND seat IN ('chair', 'deputy')"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    role: Mapped[AppointmentRole] = mapped_column(one_of(AppointmentRole, "role"))
    seat: Mapped[Seat | None] = mapped_column(one_of(Seat, "seat_word"))
    cycle_id: Mapped[int | None] = mapped_column(ForeignKey("cycle.id"), index=True)
    mission_id: Mapped[int | None] = mapped_column(ForeignKey("mission.id"))
    appointed_at: Mapped[datetime]
    appointed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    ended_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship(back_populates="appointments", foreign_keys=[person_id])
    cycle: Mapped[Cycle | None] = relationship()
    mission: Mapped[Mission | None] = relationship()


class Invitation(Base):
    """A link that works once, within its time, for one address.

    The link's token is derived from `nonce` with the service's key, so that the letter can be written again from ids
    and the database alone opens nothing. What the person is appointed to on accepting stands here.
    """

    __tablename__ = "invitation"
    __table_args__ = (
        CheckConstraint("email = lower(email)", name="email_lower"),
        CheckConstraint("accepted_at IS NULL OR cancelled_at IS NULL", name="accepted_or_cancelled"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(unique=True)
    nonce: Mapped[str]
    email: Mapped[str] = mapped_column(index=True)
    name: Mapped[str]
    locale: Mapped[str] = mapped_column(default="en")
    role: Mapped[AppointmentRole] = mapped_column(one_of(AppointmentRole, "role"))
    seat: Mapped[Seat | None] = mapped_column(one_of(Seat, "seat_word"))
    cycle_id: Mapped[int | None] = mapped_column(ForeignKey("cycle.id"))
    mission_id: Mapped[int | None] = mapped_column(ForeignKey("mission.id"))
    invited_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]

    cycle: Mapped[Cycle | None] = relationship()
    mission: Mapped[Mission | None] = relationship()


class AddressChange(Base):
    """A new address that somebody asked for. It holds from the moment its link is confirmed, once and within its time;
    until then the old one does. The link's token is derived from `nonce` as an invitation's is."""

    __tablename__ = "address_change"
    __table_args__ = (
        CheckConstraint("email = lower(email)", name="email_lower"),
        CheckConstraint("confirmed_at IS NULL OR cancelled_at IS NULL", name="confirmed_or_cancelled"),
        Index("ix_address_change_before", "before"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(unique=True)
    nonce: Mapped[str]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    email: Mapped[str]
    before: Mapped[str]
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    expires_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship(foreign_keys=[person_id])


class SignIn(Base):
    """A server-side session: the cookie holds a token, this row its digest. Ended rows open nothing.

    `second_at`: a second factor was shown; without it nobody is secretariat, panel or observer. `proved_at`: when she
    last proved who she is, for steps that ask for it anew.
    """

    __tablename__ = "sign_in"
    __table_args__ = (Index("uq_sign_in_ref", "ref", unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True)
    token_digest: Mapped[str] = mapped_column(unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_why: Mapped[str | None]  # a word of sessions.Why; empty: signed out, or of before
    ref: Mapped[str | None]  # names it on the page of one's own devices; sessions of before have none
    second_at: Mapped[datetime | None]
    proved_at: Mapped[datetime | None]
    browser: Mapped[str | None]  # as she would call it: "Firefox on Android"
    challenge: Mapped[str | None]  # what a new passkey is asked to sign, once

    person: Mapped[Person] = relationship()


class OnceKey(Base):
    """The idempotency key of a form that creates something: one effect, and the same answer to whoever sends it again."""

    __tablename__ = "once_key"
    __table_args__ = (UniqueConstraint("person_id", "key", name="uq_once_key_person_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    key: Mapped[str]
    location: Mapped[str]
    at: Mapped[datetime]
