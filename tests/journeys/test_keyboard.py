"""The main path of each person with the keyboard alone: Tab, arrows, Space and Enter, past the skip link, in view."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from award_app import clock
from tests import codes
from tests.journeys import crowd, rig
from tests.service import within

pytestmark = [pytest.mark.browser, pytest.mark.processes]

FINALISTS = (f"{crowd.NAMES[4]} 12", f"{crowd.NAMES[4]} 20")
FURTHEST = 200  # tabs: no list has more stops
_NAME = """() => {
  const e = document.activeElement;
  if (!e || e === document.body) return '';
  const labels = e.labels ? [...e.labels].map(l => l.innerText).join(' ') : '';
  return (e.getAttribute('aria-label') || labels || e.innerText || e.value || '').replace(/\\s+/g, ' ').trim();
}"""
# On a phone a choice of the scale is drawn by its number: the mark stands there.
_SHOWN = """() => {
  const e = document.activeElement;
  const at = getComputedStyle(e).opacity === '0' ? e.labels[0].querySelector('b') : e;
  const box = at.getBoundingClientRect(), s = getComputedStyle(at);
  const inside = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
  return inside && (s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) > 0 || s.boxShadow !== 'none');
}"""


class Keys(rig.Visitor):
    """`to` goes past the header by the skip link, as people do; `menu` stays in it."""

    fresh = True  # nothing on the page has had the focus yet

    def look(self, status: int = 200) -> None:
        super().look(status)
        self.fresh = "#" not in self.page.url  # an address with a place in the page starts there

    def menu(self, words: str) -> None:
        self.fresh = False
        self.to(words)
        self._follow()

    def to(self, words: str, *, begins: bool = False) -> None:
        """On with Tab until the thing of this name has the focus, where everybody can see it."""
        if self.fresh:
            self._skip_to_the_page()
        met = []
        for _step in range(FURTHEST):
            self.page.keyboard.press("Tab")
            met.append(str(self.page.evaluate(_NAME)))
            if met[-1] == words or (begins and met[-1].startswith(words)):
                return self._is_seen(words)
        raise AssertionError(f"{self.path}: no way to “{words}” by Tab; met {met[:80]}")

    def enter(self, words: str, *, begins: bool = False) -> None:
        """A link or a button."""
        self.to(words, begins=begins)
        self._follow()

    def type(self, label: str, text: str) -> None:
        self.to(label, begins=True)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(text)

    def space(self, words: str, *, begins: bool = False) -> None:
        self.to(words, begins=begins)
        self.page.keyboard.press("Space")

    def down(self, label: str, steps: int) -> None:
        self.to(label, begins=True)
        for _step in range(steps):
            self.page.keyboard.press("ArrowDown")

    def sign_in(self, email: str) -> None:
        self.go("/sign-in")
        self.type("E-mail address", f"{email}@laurel.example")
        self.type("Password", crowd.PASSWORD)
        self._follow()
        if self.path == "/sign-in/second":
            self.type("Code from your authenticator app", codes.fresh_code(email))
            self._follow()

    def _follow(self) -> None:
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        self.look()

    def _is_seen(self, words: str) -> None:
        """Once the page has scrolled to it."""
        seen = within(3, lambda: bool(self.page.evaluate(_SHOWN)))
        assert seen, f"{self.path}: nobody sees that “{words}” has the focus"

    def _skip_to_the_page(self) -> None:
        self.fresh = False
        self.page.keyboard.press("Tab")
        assert self.page.evaluate(_NAME) == "Skip to the main content"
        self._is_seen("Skip to the main content")
        self.page.keyboard.press("Enter")


def test_every_main_path_by_keyboard(browser: Browser, crowded: str, complaints: rig.Complaints) -> None:
    def as_(email: str) -> Keys:
        person = Keys(browser, crowded, complaints)
        person.sign_in(email)
        return person

    a_nominator_writes_and_checks(as_("nominator0"))
    an_authority_endorses_and_hands_in(as_("authority0"))
    the_secretariat_returns_one_file_and_accepts_another(as_("desk"))
    a_member_scores(as_("member3.2034"))
    the_chair_proposes_a_shortlist(chair := as_("member0.2033"))
    the_secretariat_notes_that_both_are_cleared(as_("desk"))
    the_chair_confirms_it_and_records_the_decision(chair)
    an_observer_reads_and_filters_the_ledger(as_("observer0"))
    assert complaints.found == []


def a_nominator_writes_and_checks(person: Keys) -> None:
    person.menu("Nominations")
    person.enter("李 6")
    person.enter("What she achieved")
    person.type("Why she deserves the award", "Her desk goes on without her.")
    person.enter("Save and continue")
    person.reads("were saved at")
    person.menu("李 6")
    person.enter("Check the answers")
    person.reads("Her desk goes on without her.", "Everything is there.")


def an_authority_endorses_and_hands_in(person: Keys) -> None:
    person.menu("Nominations")
    person.enter("李 6")
    person.enter("Read and endorse")
    for statement in ("She is in active", "She has received no", "No such case"):
        person.space(statement, begins=True)
    person.enter("Endorse this file")
    person.enter("Hand in this file")
    person.reads("The file is handed in.")


def the_secretariat_returns_one_file_and_accepts_another(person: Keys) -> None:
    person.menu("Screening")
    person.enter(str(crowd.SCREENING))
    person.enter("李 6")
    person.to("Return for changes")
    person.page.keyboard.press("Enter")
    person.type("What must be changed?", "Please say in which year she began to teach.")
    person.enter("Return the file")
    person.reads("Returned")
    person.menu("Screening")
    person.enter(str(crowd.SCREENING))
    person.enter(f"{crowd.NAMES[4]} 4")
    person.enter("Accept for the panel")
    person.reads("Accepted")


def a_member_scores(person: Keys) -> None:
    """The declaration, then a value for each criterion: Space takes the first of a scale, arrows go on."""
    person.menu("Panel 2034")
    person.enter("Next open file", begins=True)
    person.space("No", begins=True)
    person.enter("Save my answer")
    for _criterion in range(5):
        person.space("1", begins=True)
        for _step in range(3):
            person.page.keyboard.press("ArrowRight")
    person.enter("Save")
    person.reads("Saved ")
    assert person.page.locator("#sheet input[value='4']:checked").count() == 5


def the_chair_proposes_a_shortlist(person: Keys) -> None:
    person.menu("Results")
    person.enter(str(crowd.RESULT))
    person.enter("To the shortlist")
    person.enter("Propose the shortlist")
    for name in FINALISTS:
        person.space(name, begins=True)
    person.type("Reasons", "Both stand out; the evidence can be followed.")
    person.enter("Keep this shortlist")
    person.reads("each file needs its conduct clearance")


def the_secretariat_notes_that_both_are_cleared(person: Keys) -> None:
    for name in FINALISTS:
        person.menu("Screening")
        person.enter(str(crowd.RESULT))
        person.enter(name)
        person.space("Cleared")
        person.to("On which day?")
        person.page.keyboard.type(f"0101{clock.now():%Y}")  # the same whether day or month comes first
        person.type("Reference", "CDT 2033-7")
        person.enter("Note this answer")
        person.reads("What the conduct database says is noted.")


def the_chair_confirms_it_and_records_the_decision(person: Keys) -> None:
    """In a list, arrows choose; the page of everything once more stands before the record."""
    person.menu("Results")
    person.enter(str(crowd.RESULT))
    person.enter("To the shortlist")
    person.enter("Confirm the shortlist")
    person.reads("The decision is taken among these files.")
    person.enter("Record the decision")
    person.down("Laureate", 2)
    person.down("First runner-up", 2)
    person.type("Reasons", "The widest effect, shown by the strongest evidence.")
    person.space(f"{crowd.NAMES[1]} M1", begins=True)
    person.enter("Continue")
    person.reads("You are about to record this decision", *FINALISTS, f"{crowd.NAMES[1]} M1")
    person.enter("Record the decision")
    person.reads("The widest effect, shown by the strongest evidence.", *FINALISTS)


def an_observer_reads_and_filters_the_ledger(person: Keys) -> None:
    person.menu("Ledger")
    person.reads("The chain has not been walked yet.")  # here no worker walks
    person.to("Act", begins=True)
    person.page.keyboard.type("Signed")
    person.enter("Show")
    assert "act=sign_in&" in person.page.url
    acts = person.page.locator('td[data-label="Act"]').all_inner_texts()
    assert set(acts) == {"Signed in"}
