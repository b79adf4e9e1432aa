"""An award year played with the operations the pages use, stage by stage."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from textwrap import wrap

from award_app import chance
from award_app.accounts.models import Person
from award_app.announcement import operations as announcing
from award_app.cycles import calling
from award_app.cycles import operations as cycles
from award_app.cycles.models import Cycle, Mission
from award_app.db import db
from award_app.demo import papers
from award_app.demo.cast import Cast
from award_app.demo.content import Entry, comment, entries, read, wanted_value
from award_app.domain.conflicts import Rule
from award_app.domain.vocabulary import AttachmentKind, ConflictKind, Consent, IneligibleReason, NominationState
from award_app.nominations import files, operations, queries, screening
from award_app.nominations.clearance import clear_conduct
from award_app.nominations.models import Nomination
from award_app.panel import operations as panel
from award_app.panel.findings import findings
from award_app.panel.models import Recusal
from award_app.reviews import operations as reviews
from award_app.selection import operations as selection
from award_app.selection.models import Decision, Place, Result, ResultRow
from award_app.selection.shortlist import operations as shortlists
from award_app.web import moments

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
FINALISTS = 6


@dataclass(frozen=True)
class Timetable:
    """Instants of a demonstration year, and the day to which its texts are dated."""

    opens: datetime
    closes: datetime
    screening_ends: datetime
    review_ends: datetime
    texts: date
    service: tuple[int, int]  # the service window, in days before `texts`


class Year:
    """One cycle, with the files of one content file ("last", "this" or "next")."""

    def __init__(self, name: str, award_year: int, timetable: Timetable, cast: Cast) -> None:
        self.name, self.award_year, self.times, self.cast = name, award_year, timetable, cast
        self.files: dict[int, Nomination] = {}
        self.cycle: Cycle

    def entries(self, *screenings: str) -> list[Entry]:
        """All of them, or those with such a fate at screening."""
        found = entries(self.name, self.times.texts)
        return [entry for entry in found if entry.screening in screenings] if screenings else found

    def prepare(self) -> None:
        """The cycle as the secretariat sets it up, and the invitations that go out for it."""
        times, by, now = self.times, self.cast.secretariat[0], self.times.opens - 5 * DAY
        first, last = (times.texts - timedelta(days=days) for days in times.service)
        self.cycle = cycles.create(
            self.award_year,
            read("cycle")["title"],
            opens_at=times.opens,
            closes_at=times.closes,
            screening_ends_at=times.screening_ends,
            review_ends_at=times.review_ends,
            service_from=first,
            service_to=last,
            quorum=4,
            demonstration=True,
            by=by,
            now=now,
        )
        for data in read("people")["missions"]:
            mission = db.session.query(Mission).filter_by(acronym=data["acronym"]).one()
            cycles.call_mission(self.cycle, mission, data["quota"], by=by, now=now)
        self.cast.invite_to(self.cycle, now)

    def open(self) -> None:
        now = self.times.opens - 4 * DAY
        self.cast.take_up(now)
        self.cast.describe_panel(now, self.times.texts)
        cycles.open_cycle(self.cycle, by=self.cast.secretariat[0], now=now)
        calling.send(self.cycle, by=self.cast.secretariat[0], now=now)

    # --- missions -----------------------------------------------------------------------------------------------------

    def write(self, entry: Entry, at: datetime | None = None) -> Nomination:
        by, now = self.cast.nominator(entry.mission, entry.nominator), at or self._while_open(entry, 0)
        mission = next(called.mission for called in self.cycle.missions if called.mission.acronym == entry.mission)
        nomination = operations.begin(self.cycle, mission, by=by, now=now)
        self.files[entry.number] = nomination
        self._save(nomination, dict(entry.answers), by, now + HOUR)
        if entry.complete:
            self._attach(nomination, entry, by, now + 2 * HOUR)
        return nomination

    def hand_in(self, entry: Entry, now: datetime | None = None) -> None:
        nomination, by = self.files[entry.number], self.cast.authority(entry.mission)
        at = now or self._while_open(entry, 24)
        operations.endorse(
            nomination, in_active_service=True, no_serious_sanction=True, none_pending=True, by=by, now=at
        )
        operations.hand_in(nomination, by=by, now=at + HOUR)

    def _while_open(self, entry: Entry, hours: int) -> datetime:
        """Spread over the nomination window, so that a list looks like a list."""
        share = (entry.number * 37 % 23 + 1) / 26
        return (self.times.opens + (self.times.closes - self.times.opens) * share).replace(microsecond=0) + hours * HOUR

    def _save(self, nomination: Nomination, answers: dict[str, str], by: Person, now: datetime) -> None:
        operations.save(nomination, answers, seen={}, operation_id=chance.token(), by=by, now=now)

    def _attach(self, nomination: Nomination, entry: Entry, by: Person, now: datetime) -> None:
        name, invented = nomination.nominee_name, "Invented, for demonstration."
        for kind, title, written in (
            (AttachmentKind.ENDORSEMENT_LETTER, "Letter of endorsement", ("reason", "citation")),
            (AttachmentKind.CV, "Curriculum vitae", ("rank_original", "home_service", "un_function", "unit", "career")),
        ):
            texts = [text for key in written for text in (*wrap(entry.answers.get(key, ""), 84), "")]
            content = papers.letter(title, name, "", *texts, invented)
            files.attach(nomination, kind, f"{title}.pdf", content, by=by, now=now)
        for author, email in entry.letters:
            files.attach(
                nomination,
                AttachmentKind.SUPPORTING_LETTER,
                "Letter of support.pdf",
                papers.letter("Letter of support", f"For {name}, by {author}", invented),
                author_name=author,
                author_email=email,
                by=by,
                now=now,
            )
        if entry.photo:
            files.attach(
                nomination, AttachmentKind.PHOTO, "portrait.png", papers.portrait(entry.number), by=by, now=now
            )

    # --- screening ----------------------------------------------------------------------------------------------------

    def screen(self, entry: Entry) -> None:
        nomination, (first, second, *_) = self.files[entry.number], self.cast.secretariat
        now = max(self.times.closes, self._while_open(entry, 48)) + entry.number * HOUR
        screening.declare_as_secretariat(nomination, conflict=False, reason=None, by=first, now=now)
        if entry.screening == "ineligible":
            screening.declare_as_secretariat(nomination, conflict=False, reason=None, by=second, now=now)
            screening.propose_ineligible(nomination, IneligibleReason(entry.reason_code), by=first, now=now + HOUR)
            screening.confirm_ineligible(nomination, by=second, now=now + 2 * HOUR)
            return
        if entry.screening == "returned":
            screening.send_back(nomination, entry.remarks, None, by=first, now=now + HOUR)
        else:
            screening.accept(nomination, by=first, now=now + HOUR)

    def mend(self, entry: Entry) -> None:
        """A returned file comes back with its remarks answered, and is accepted."""
        now = max(self.times.closes, self._while_open(entry, 48)) + (entry.number + 48) * HOUR
        self._answer_remarks(entry, now)
        screening.accept(self.files[entry.number], by=self.cast.secretariat[0], now=now + 2 * DAY)

    def _answer_remarks(self, entry: Entry, now: datetime) -> None:
        nomination, by = self.files[entry.number], self.cast.nominator(entry.mission, entry.nominator)
        first_source = entry.answers["achievements.0.source"] + " (copy seen by the mission)"
        operations.save(
            nomination,
            {"achievements.0.source": first_source},
            seen={"achievements.0.source": 1},
            operation_id=chance.token(),
            by=by,
            now=now,
        )
        self.hand_in(entry, now + HOUR)

    # --- panel --------------------------------------------------------------------------------------------------------

    def accepted(self) -> list[tuple[int, Nomination]]:
        return [(n, file) for n, file in sorted(self.files.items()) if file.state is NominationState.ACCEPTED]

    def declare(self, member: Person, nomination: Nomination, now: datetime) -> bool:
        """True where she may read on. Every conflict that a rule finds is confirmed."""
        found = findings(nomination, member, on=now.date())
        if any(one.bar for one in found):
            return False  # the database keeps her out; there is nothing for her to do
        if found:
            kind = ConflictKind(found[0].rule.value)
            panel.recuse(nomination, kind, _WHY[found[0].rule], by=member, now=now)
            return False
        panel.declare(nomination, reasons={}, by=member, now=now)
        return True

    def review(self, member: Person, now: datetime, *, leave: Collection[int] = ()) -> None:
        """Declare for every file and score it, but for those to `leave`, by number."""
        place = self.cast.panel.index(member)
        for number, nomination in self.accepted():
            if number not in leave and self.declare(member, nomination, now):
                self._score(number, nomination, place, member, now + HOUR)

    def _score(self, number: int, nomination: Nomination, place: int, member: Person, now: datetime) -> None:
        values = {}
        for index, criterion in enumerate(self.cycle.criteria):
            if criterion.weight == 0:
                values[criterion.id] = (2, "")
                continue
            value = wanted_value(self.name, number, place, member.email, index, criterion.code)
            text = comment(number, place, value) if (number + place + index) % 3 == 0 else ""
            values[criterion.id] = (value, text)
        reviews.score(nomination, values, operation_id=chance.token(), by=member, now=now)

    def finish(self, member: Person, now: datetime) -> None:
        reviews.finish(self.cycle, by=member, now=now)

    # --- the outcome --------------------------------------------------------------------------------------------------

    def shortlist(self, now: datetime) -> None:
        """The best six by the adjusted order; the secretariat records clearance and consent; the chair confirms."""
        kept = self._in_order()[:FINALISTS]
        proposed = shortlists.propose(
            self.cycle,
            kept,
            "The best placed in both orders, whose evidence the panel could follow.",
            by=self.cast.chair,
            now=now,
        )
        for file in kept:
            self._consent(file, self.cast.secretariat[0], now + HOUR)
            clear_conduct(
                file,
                cleared=True,
                on=now.date(),
                reference=f"CDT {self.cycle.award_year}-{file.id}",
                by=self.cast.secretariat[0],
                now=now + HOUR,
            )
        shortlists.confirm(proposed, self.cycle, by=self.cast.chair, now=now + 2 * HOUR)

    def _in_order(self) -> list[Nomination]:
        result = db.session.query(Result).filter_by(cycle_id=self.cycle.id, without="").one()
        ranked = sorted((row for row in result.rows if row.adjusted_mean is not None), key=_adjusted)
        return [row.nomination for row in ranked]

    def decide(self, now: datetime) -> Nomination:
        """The chair follows the severity-adjusted order here, having both orders in view."""
        order = self._in_order()
        laureate, runners_up, reserve = order[0], order[1:3], order[3:5]
        named = {file.id for file in (laureate, *runners_up, *reserve)}
        selection.decide(
            self.cycle,
            laureate=laureate,
            runners_up=runners_up,
            reserve=reserve,
            reasons="The panel weighed both orders. The widest effect on the mandate, shown by the strongest evidence.",
            present=[member for member in self.cast.panel if not _out_of(member, named)],
            by=self.cast.chair,
            now=now,
        )
        return laureate

    def announce(self, laureate: Nomination, now: datetime) -> None:
        first, second, *_ = self.cast.secretariat
        for place in db.session.query(Place).join(Decision).filter(Decision.cycle_id == self.cycle.id):
            self._consent(place.nomination, first, now)
        texts = self._texts(laureate)
        announcement = announcing.prepare(
            self.cycle,
            citations=texts["citations"],
            stories=texts["stories"],
            name=laureate.nominee_name,
            rank=laureate.nominee_rank,
            country=moments.country_name(laureate.nominee_country),
            duty=queries.answers(laureate)["un_function"],
            release_at=now + 2 * HOUR,
            by=first,
            now=now + HOUR,
        )
        for person in (first, second):
            announcing.approve(announcement, laureate.nominee_name, by=person, now=now + 2 * HOUR)

    def _consent(self, file: Nomination, by: Person, now: datetime) -> None:
        if file.consent is not Consent.GIVEN:
            screening.record_consent(file, Consent.GIVEN, by=by, now=now)

    def _texts(self, laureate: Nomination) -> dict[str, dict[str, str]]:
        """Last year's laureate has texts of her own; any other is announced with the citation of her file."""
        written = read("cycle")["announcement"]
        if self.files.get(written["laureate"]["index"]) is laureate and self.name == "last":
            return {"citations": written["citation"], "stories": written["story"]}
        citation = queries.answers(laureate)["citation"]
        return {"citations": {"en": citation, "fr": citation}, "stories": {"en": "", "fr": ""}}


def _adjusted(row: ResultRow) -> tuple[int, int]:
    return row.adjusted_position or 0, row.position or 0


def _out_of(member: Person, named: set[int]) -> bool:
    here = db.session.query(Recusal).filter(Recusal.person_id == member.id, Recusal.nomination_id.in_(named))
    return here.first() is not None


_WHY = {
    Rule.SAME_COUNTRY: "We serve the same country.",
    Rule.SAME_SERVICE: "We come from the same home service.",
    Rule.MISSION_24_MONTHS: "I served in this mission not long ago.",
    Rule.SUPERVISOR_36_MONTHS: "I was her supervisor.",
    Rule.NOMINATED_ENDORSED_OR_WROTE: "I wrote a letter for this officer.",
}
