"""A whole award year in the browser, at phone width, as all its people; the first nomination is written without scripts.

Pictures of the pages lie in var/pictures/ afterwards, in the order of the year.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import pytest
from playwright.sync_api import Browser

from tests.journeys import files
from tests.journeys.people import Authority, Chair, Member, Nominator, Observer, Public, Secretariat, Somebody
from tests.journeys.rig import Complaints
from tests.service import Service, within

pytestmark = [pytest.mark.browser, pytest.mark.processes]

YEAR = datetime.now(UTC).year
NADIA = files.nominee("Nadia", "Okoro", country="NG", rank="Inspector", service="Nigeria Police Force", number="148")
MEI = files.nominee("Mei", "Tan", country="SG", rank="Superintendent", service="Singapore Police Force", number="61")
CREDIT = "Police component, UNMISS"
REMARKS = "Page “Her service”: please say in which year she began to teach."

P = TypeVar("P", bound=Somebody)


class Cast:
    """Each person in a browser of her own, on one service."""

    def __init__(self, browser: Browser, url: str, complaints: Complaints) -> None:
        self.browser = browser

        def person(kind: type[P], name: str, email: str, *, scripts: bool = True) -> P:
            return kind(browser, url, complaints, name, email, scripts=scripts)

        self.ingrid = person(Secretariat, "Ingrid Solheim", "ingrid@secretariat.test")
        self.tomas = person(Secretariat, "Tomás Ferreira", "tomas@secretariat.test")
        self.amara = person(Nominator, "Amara Diallo", "amara@unmiss.test", scripts=False)
        self.henrik = person(Authority, "Henrik Lund", "henrik@unmiss.test")
        self.grace = person(Chair, "Grace Mwangi", "grace@panel.test")
        self.luca = person(Member, "Luca Moretti", "luca@panel.test")
        self.sofia = person(Member, "Sofia Petrova", "sofia@panel.test")
        self.jean = person(Observer, "Jean Dupont", "jean@observer.test")
        self.public = person(Public, "", "")
        self.panel = (self.grace, self.luca, self.sofia)

    def with_scripts(self, person: P) -> P:
        """The same person in another browser."""
        other = type(person)(self.browser, person.url, person.complaints, person.name, person.email)
        other.sign_in()
        return other


def test_an_award_year(
    browser: Browser, service: Service, first_link: str, tmp_path: Path, complaints: Complaints
) -> None:
    cast = Cast(browser, service.url, complaints)
    papers = files.papers_in(tmp_path)
    the_secretariat_prepares(cast, first_link)
    people_come_in(cast)
    cast.ingrid.open_award_year(YEAR)
    the_mission_nominates_without_scripts(cast, papers)
    the_mission_nominates_a_second_officer(cast, papers)
    the_secretariat_screens(cast)
    what_was_returned_comes_back(cast)
    the_review_begins(cast)
    the_panel_declares_and_scores(cast)
    the_round_closes(cast)
    the_panel_keeps_a_shortlist(cast)
    the_chair_decides(cast)
    two_people_release(cast)
    everybody_reads(cast)
    assert complaints.found == []


def the_secretariat_prepares(cast: Cast, first_link: str) -> None:
    ingrid = cast.ingrid
    ingrid.accept_invitation(first_link)
    ingrid.create_award_year(YEAR)
    ingrid.check_criteria(YEAR)
    ingrid.call_missions(YEAR, {"UNMISS": 4})
    ingrid.invite(cast.tomas, "secretariat")
    ingrid.invite(cast.amara, "nominator", year=YEAR, mission="UNMISS")
    ingrid.invite(cast.henrik, "authority", year=YEAR, mission="UNMISS")
    ingrid.invite(cast.grace, "chair", year=YEAR)
    ingrid.invite(cast.luca, "deputy", year=YEAR)
    ingrid.invite(cast.sofia, "member", year=YEAR)
    ingrid.invite(cast.jean, "observer")
    ingrid.go("/people")
    ingrid.picture("07-people")


def people_come_in(cast: Cast) -> None:
    for somebody in (cast.tomas, cast.amara, cast.henrik, *cast.panel, cast.jean):
        somebody.accept_invitation()
    cast.grace.picture("30-member-start-early")


def the_mission_nominates_without_scripts(cast: Cast, papers: dict[str, Path]) -> None:
    """She leaves in the middle and comes back; what she wrote is there."""
    amara = cast.amara
    amara.begin()
    amara.write_page("nominee", NADIA["nominee"])
    amara.write_page("service", NADIA["service"], then="Save and leave")
    amara.picture("13-nomination-left")
    amara.press("Sign out", within=amara.page.locator("header"))
    amara.sign_in()
    amara.open_file("Nadia Okoro")
    amara.follow("Her service")
    assert amara.field("career").input_value() == NADIA["service"]["career"]
    amara.press("Save and continue")
    amara.picture("14-nomination-contact-empty")
    rest = {step: answers for step, answers in NADIA.items() if step not in ("nominee", "service")}
    amara.write_file(rest, papers, CREDIT)
    amara.reads("Everything is there.")
    amara.picture("15-check-answers", wide=True)
    henrik = cast.henrik
    henrik.endorse("Nadia Okoro")
    henrik.hand_in()
    henrik.picture("22-receipt", wide=True)
    for person in (amara, henrik):
        person.letter("Handed in: the nomination of Nadia Okoro (UNMISS)")
    henrik.picture("23-letter-handed-in")


def the_mission_nominates_a_second_officer(cast: Cast, papers: dict[str, Path]) -> None:
    """With scripts this time. A page sent with mistakes says so beside each field and keeps what was typed."""
    amara = cast.with_scripts(cast.amara)
    amara.begin()
    wrong = {**MEI["nominee"], "given_names": ""}
    amara.write_page("nominee", wrong)
    amara.go(amara.page.url.replace("/service", "/contact"))
    amara.write(contact_email="not an address")
    amara.press("Save and continue")
    amara.reads("Write an e-mail address, for example name@example.org.")
    amara.picture("16-nomination-problem", wide=True)
    assert amara.field("contact_email").input_value() == "not an address"
    amara.go(amara.page.url.replace("/edit/contact", "/check"))
    amara.picture("17-check-missing")
    amara.go(amara.page.url.replace("/check", "/edit/nominee"))
    amara.write_file(MEI, papers, CREDIT)
    amara.reads("Everything is there.")
    amara.leave()
    cast.henrik.endorse("Mei Tan")
    cast.henrik.hand_in()


def the_secretariat_screens(cast: Cast) -> None:
    ingrid = cast.ingrid
    ingrid.move_clock(weeks=1)
    ingrid.sign_in()
    ingrid.picture("25-secretariat-start", wide=True)
    ingrid.go(f"/screening/{YEAR}")
    ingrid.picture("26-screening-list", wide=True)
    ingrid.open_to_screen(YEAR, "Nadia Okoro")
    ingrid.picture("27-screening-declare")
    ingrid.declare_none()
    ingrid.picture("28-screening-file", wide=True)
    ingrid.accept()
    ingrid.open_to_screen(YEAR, "Mei Tan")
    ingrid.declare_none()
    ingrid.send_back(REMARKS)
    cast.henrik.letter("Please change: the nomination of Mei Tan (UNMISS)")
    cast.henrik.picture("29-letter-returned")
    cast.amara.letter("With the panel: the nomination of Nadia Okoro (UNMISS)")


def what_was_returned_comes_back(cast: Cast) -> None:
    amara = cast.amara
    amara.sign_in()
    amara.picture("29-nominator-start-returned")
    amara.open_file("Mei Tan")
    amara.picture("29-nomination-returned")
    amara.reads(REMARKS)
    amara.follow("Her service")
    amara.write(career="She taught at the police academy from 2019 to 2022, and led a station of sixty before.")
    amara.press("Save and leave")
    cast.henrik.sign_in()
    cast.henrik.endorse("Mei Tan")
    cast.henrik.hand_in()
    cast.ingrid.open_to_screen(YEAR, "Mei Tan")
    cast.ingrid.reads("from 2019 to 2022")
    cast.ingrid.accept()


def the_review_begins(cast: Cast) -> None:
    """The worker opens the round by itself."""
    cast.ingrid.move_clock(weeks=2)
    for member in cast.panel:
        member.letter("Scoring is open")


def the_panel_declares_and_scores(cast: Cast) -> None:
    """Sofia steps out of one file before she reads it: from then on it is closed to her."""
    given = {cast.grace: [5, 4, 4, 5, 3], cast.luca: [4, 4, 3, 3, 4]}
    for member in cast.panel:
        member.sign_in()
        member.picture_once("30-member-start")
        member.go(f"/panel/{YEAR}")
        member.picture_once("30-panel-list")
    for member, values in given.items():
        for nominee, less in (("Nadia Okoro", 0), ("Mei Tan", 1)):
            member.open_from_list(YEAR, nominee)
            member.declare_none()
            member.picture_once("33-desk")
            member.score([value - less for value in values], "The register of the desk bears this out.")
        member.finish(YEAR)
    cast.grace.go(f"/panel/{YEAR}/progress")
    cast.grace.picture("37-progress", wide=True)
    sofia = cast.sofia
    sofia.open_from_list(YEAR, "Nadia Okoro")
    sofia.step_out_before_reading("We trained together and are close friends.")
    sofia.go(f"/panel/{YEAR}")
    sofia.open_from_list_closed(YEAR, "Nadia Okoro")
    sofia.open_from_list(YEAR, "Mei Tan")
    sofia.declare_none()
    sofia.score([3, 3, 4, 2, 3], "Solid work; the effect is not shown with numbers.")
    sofia.go(f"/panel/{YEAR}")
    sofia.picture("35-panel-list-done", wide=True)
    sofia.finish(YEAR)


def the_round_closes(cast: Cast) -> None:
    """The worker closes it a minute after its instant, and computes."""
    cast.ingrid.move_clock(weeks=2)
    for person in (cast.grace, cast.sofia, cast.ingrid):
        person.letter("Scoring is closed")
    cast.grace.sign_in()
    cast.grace.picture("39-chair-start")

    assert within(45, lambda: cast.grace.sees_result(YEAR), pause=0.5), "the result was not computed in time"


def the_panel_keeps_a_shortlist(cast: Cast) -> None:
    """It waits for what the secretariat has to record; then the chair confirms it."""
    grace, ingrid = cast.grace, cast.ingrid
    grace.propose_shortlist(YEAR, ["Nadia Okoro", "Mei Tan"], "Both stand out; the evidence can be followed.")
    ingrid.sign_in()
    for nominee in ("Nadia Okoro", "Mei Tan"):
        ingrid.clear(YEAR, nominee)
    grace.confirm_shortlist(YEAR)


def the_chair_decides(cast: Cast) -> None:
    """Sofia is recused from the laureate's file, so she is not among those present."""
    grace = cast.grace
    grace.go(f"/results/{YEAR}")
    grace.picture("40-result", wide=True)
    grace.reads("By weighted mean: Nadia Okoro")
    grace.decide(YEAR, "Nadia Okoro", "Mei Tan", "Both orders agree; her desk goes on without her.", ["Luca Moretti"])
    grace.reads("Nadia Okoro", "Both orders agree; her desk goes on without her.")
    grace.picture("43-decision")


def two_people_release(cast: Cast) -> None:
    """Two people, each typing the name; before that the public sees nothing."""
    cast.tomas.sign_in()
    cast.ingrid.write_announcement(YEAR, {"citation_fr": "Nadia Okoro est honorée pour un bureau qui tient."})
    cast.ingrid.approve_release(YEAR, "Nadia Okora", status=409)
    cast.ingrid.picture("52-announcement-name-differs")
    cast.ingrid.approve_release(YEAR, "nadia OKORO")
    cast.ingrid.picture("53-announcement-one-approval", wide=True)
    cast.public.go("/en/laureates")
    assert "Okoro" not in cast.public.page.content()
    cast.public.go(f"/en/laureates/{YEAR}", status=404)
    cast.tomas.approve_release(YEAR, "Nadia Okoro")
    cast.tomas.reads("Released")
    cast.tomas.picture("54-announcement-released")


def everybody_reads(cast: Cast) -> None:
    public, jean = cast.public, cast.jean
    public.go("/en/laureates")
    public.follow("Nadia Okoro")
    public.reads("built to stay when the mission leaves", "United Nations Mission in South Sudan")
    public.picture("60-laureate", wide=True)
    for person in (cast.henrik, *cast.panel):
        person.letter("Announced:")
    jean.sign_in()
    jean.picture("62-observer-start")
    jean.read_ledger()
    jean.go(f"/results/{YEAR}")
    jean.reads("By weighted mean: Nadia Okoro")
    jean.picture("64-observer-result")
    cast.public.go("/mailbox")
    cast.public.picture("65-mailbox", wide=True)
    cast.public.portrait("mailbox", wide=True)
