"""The words of the house: states, phases, windows, roles, actions, refusals. Words for people stand with the pages."""

from __future__ import annotations

from enum import StrEnum


class NominationState(StrEnum):
    DRAFT = "draft"
    ENDORSED = "endorsed"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    INELIGIBLE = "ineligible"
    WITHDRAWN = "withdrawn"


class Phase(StrEnum):
    """Where a cycle stands. Up to RESULT the phases follow instants; the rest follow acts."""

    PREPARING = "preparing"
    OPEN = "open"
    SCREENING = "screening"
    REVIEW = "review"
    RESULT = "result"
    DECIDED = "decided"
    TOLD = "told"
    ANNOUNCED = "announced"
    ARCHIVED = "archived"


class Window(StrEnum):
    """A stretch of time in which a rule holds."""

    PREPARING = "preparing"  # before the cycle is opened
    NOMINATING = "nominating"  # the cycle's nomination window
    ENTRY = "entry"  # the nomination window, or this file's own return deadline
    SCREENING = "screening"  # from the opening until the review ends: a late accept must stay possible
    CALLING = "calling"  # from the opening act until nominations close: the call may precede the window
    RUNNING = "running"  # from the opening act until the round closes
    REVIEW = "review"  # from the end of screening until the round closes
    CLOSING = "closing"  # from the end of screening until the round is closed by an act, however late
    BEFORE_CLOSE = "before close"  # until the round closes: an instant everybody knows
    AFTER_REVIEW = "after review"  # the complement of BEFORE_CLOSE
    BEFORE_RELEASE = "before release"  # not "before decision": its end would tell that there is one
    AFTER_CLOSE = "after close"  # the round is closed and its result stored
    RESULT = "result"  # after the close, before the decision
    DECIDING = "deciding"  # the shortlist is confirmed, nothing is decided
    AFTER_DECISION = "after decision"
    EMBARGO = "embargo"  # decided, not yet released
    RELEASED = "released"


class Timing(StrEnum):
    BEFORE = "before"
    OPEN = "open"
    AFTER = "after"


class AppointmentRole(StrEnum):
    """What a person is appointed to. Secretariat and observer hold for every cycle, the others for one."""

    SECRETARIAT = "secretariat"
    OBSERVER = "observer"
    NOMINATOR = "nominator"
    AUTHORITY = "authority"
    MEMBER = "member"


class Seat(StrEnum):
    MEMBER = "member"
    CHAIR = "chair"
    DEPUTY = "deputy"


class Role(StrEnum):
    """A relation of a person to the thing at hand, worked out in `access.py` and nowhere else."""

    PERSON = "signed-in person"
    SECRETARIAT = "secretariat"
    SECRETARIAT_CLEAR = "secretariat without a conflict"
    SECRETARIAT_CONFLICTED = "secretariat with a conflict"
    OBSERVER = "observer"
    NOMINATOR = "nominator of the mission"
    AUTHORITY = "nominating authority of the mission"
    MEMBER = "panel member"
    MEMBER_UNDECLARED = "panel member who has not declared"
    MEMBER_CLEAR = "panel member without a conflict"
    MEMBER_RECUSED = "panel member with a conflict"
    CHAIR = "chair"
    DEPUTY = "deputy chair"
    DECIDER = "chair, or deputy chair where the chair is recused"
    PRESENT = "member present at the decision"
    PRESENT_CLEAR = "member present at the decision, without a conflict in an accepted file of the cycle"
    TOLD = "nominating authority who was told under embargo"
    KEPT_FROM = "chair, deputy chair or secretariat with a conflict in an accepted file of the cycle"


class Action(StrEnum):
    # the service
    SEE_HOME = "see one's start page"
    SEE_ACCOUNT = "see one's own account"
    LIST_CYCLES = "list the cycles"
    CREATE_CYCLE = "create a cycle"
    SEE_PEOPLE = "see people and their appointments"
    INVITE = "invite a person"
    APPOINT = "appoint a person"
    SEE_LEDGER = "read the ledger"
    SEE_LETTERS = "see the letters"
    MANAGE_LETTER = "hold, release, send again or skip a letter"
    MEND_ADDRESS = "mend somebody's address"
    ASK_FACTOR_RESET = "ask that somebody's lost second factor be removed"
    CONFIRM_FACTOR_RESET = "confirm that somebody's second factor is removed"
    CANCEL_FACTOR_RESET = "take back that a second factor be removed"
    # a cycle
    SEE_CYCLE = "see that a cycle exists and where it stands"
    MANAGE_CYCLE = "see a cycle's settings"
    EDIT_CYCLE = "change a cycle's settings"
    OPEN_CYCLE = "open a cycle"
    SEE_COCKPIT = "see what a cycle waits for"
    SEND_CALL = "send the call to the missions"
    MOVE_DATE = "move a date of an opened cycle"
    EXTEND = "give a mission more time"
    HAND_OVER = "hand a nominator's open drafts to another"
    REMIND = "remind those with open work"
    ANSWER_CALL = "answer that a mission has no nominee"
    LIST_MISSION_FILES = "list one's mission's files"
    CREATE = "begin a nomination"
    LIST_SCREENING = "list the files to screen"
    LIST_PANEL = "list the files to score"
    FINISH = "finish scoring"
    CANNOT_FINISH = "say that one cannot finish scoring"
    ANSWER_MEMBER = "answer a member who cannot finish"
    CLOSE_ROUND = "close the round"
    SEE_PROGRESS = "see who has finished"
    SEE_RESULT = "see the result"
    SEE_SHORTLIST = "see the shortlist"
    PROPOSE_SHORTLIST = "propose the shortlist"
    CONFIRM_SHORTLIST = "confirm the shortlist"
    DECIDE = "record the decision"
    SEE_DECISION = "see the decision"
    PROPOSE_CHANGE = "propose that a file leaves the outcome"
    CONFIRM_CHANGE = "confirm that a file leaves the outcome"
    SEE_ANNOUNCEMENT = "see the announcement before its release"
    PREPARE_ANNOUNCEMENT = "write the announcement"
    APPROVE_RELEASE = "approve the release"
    TELL = "tell the laureate's mission under embargo"
    TAKE_BACK = "take the announcement back"
    # a nomination
    SEE = "see that a file exists"
    READ = "open a file"
    SEE_CONTACT = "read how to reach a nominee, and who wrote for her"
    SEE_PHOTO = "see a nominee's photo"
    SEE_STATEMENTS = "read the statements and the endorsement"
    SEE_CONDUCT = "read what the conduct database said, and its reference"
    EDIT = "edit a file"
    SEND_TO_NOMINATOR = "send a file back to its nominator"
    TRANSLATE = "write a translation beside the original"
    ENDORSE = "endorse a file"
    HAND_IN = "hand a file in"
    WITHDRAW = "withdraw a file"
    REQUEST_WITHDRAWAL = "ask that a file be withdrawn"
    SEE_OUTCOME = "see the outcome under embargo"
    DECLARE_AS_SECRETARIAT = "declare before screening"
    ACCEPT = "accept a file"
    RETURN = "return a file"
    PROPOSE_INELIGIBLE = "propose that a file is ineligible"
    CONFIRM_INELIGIBLE = "confirm that a file is ineligible"
    EXTEND_FILE = "give a returned file more time"
    CLEAR_CONDUCT = "record the conduct clearance"
    RECORD_CONSENT = "record the nominee's consent"
    DECLARE = "declare before opening a file"
    RECUSE = "step out of a file"
    SCORE = "score a file"


class Refusal(StrEnum):
    """Why not. The words for people stand in `errors.py`."""

    NOT_FOUND = "not_found"
    NOT_YOURS = "not_yours"
    DECLARE_FIRST = "declare_first"
    CONFLICT = "conflict"
    SAME_PERSON = "same_person"
    WRONG_STATE = "wrong_state"
    TOO_EARLY = "too_early"
    TOO_LATE = "too_late"
    CHANGED_MEANWHILE = "changed_meanwhile"
    ALREADY_DONE = "already_done"
    QUOTA_FULL = "quota_full"
    SURVIVOR = "survivor"
    UNFINISHED = "unfinished"
    NO_CONSENT = "no_consent"
    NO_CLEARANCE = "no_clearance"
    UNDER_QUORUM = "under_quorum"
    NAME_DIFFERS = "name_differs"
    INCOMPLETE = "incomplete"
    INVALID = "invalid"
    SPENT = "spent"


class Refused(Exception):
    """A "no" with its reason; `problems` names fields where there are some."""

    def __init__(self, refusal: Refusal, *, problems: tuple[object, ...] = ()) -> None:
        super().__init__(refusal.value)
        self.refusal = refusal
        self.problems = problems


class LetterState(StrEnum):
    WAITING = "waiting"
    HELD = "held"
    SENDING = "sending"
    SENT = "sent"
    REFUSED = "refused"
    UNCERTAIN = "uncertain"
    SKIPPED = "skipped"
    CANCELLED = "cancelled"


END_STATES = frozenset(
    {LetterState.SENT, LetterState.REFUSED, LetterState.UNCERTAIN, LetterState.SKIPPED, LetterState.CANCELLED}
)


class Handled(StrEnum):
    """What a person may do with a letter."""

    HELD = "held"
    RELEASED = "released"
    SENT_AGAIN = "sent_again"
    SKIPPED = "skipped"


class AttachmentKind(StrEnum):
    ENDORSEMENT_LETTER = "endorsement_letter"
    CV = "cv"
    SUPPORTING_LETTER = "supporting_letter"
    PHOTO = "photo"


class Consent(StrEnum):
    GIVEN = "given"
    NOT_TOLD = "not_told"
    REFUSED = "refused"


class IneligibleReason(StrEnum):
    NOT_SERVING = "not_serving"
    OUTSIDE_WINDOW = "outside_window"
    NOT_POLICE = "not_police"
    NOT_A_WOMAN = "not_a_woman"
    SANCTION = "sanction"


class CriterionKind(StrEnum):
    SCALE = "scale"  # 1 to 5, weighted
    CONCERN = "concern"  # 1 concern, 2 pass; never weighted

    @property
    def values(self) -> range:
        """What may be given, the worst first."""
        return range(1, 6) if self is CriterionKind.SCALE else range(1, 3)


RAISED = 1  # the value by which a member raises a concern


class Outcome(StrEnum):
    LAUREATE = "laureate"
    RUNNER_UP = "runner_up"
    RESERVE = "reserve"


class ChangeKind(StrEnum):
    """Why a file that was shortlisted or placed leaves the outcome."""

    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    DISQUALIFIED = "disqualified"


class RenderingState(StrEnum):
    """Whether an attachment can be read in the page."""

    WAITING = "waiting"
    MADE = "made"
    REFUSED = "refused"


class ConflictKind(StrEnum):
    """What a recusal rests on: one of the five rules, or what the member declares herself."""

    SAME_COUNTRY = "same_country"
    SAME_SERVICE = "same_service"
    MISSION = "mission_24_months"
    SUPERVISOR = "supervisor_36_months"
    WROTE = "nominated_endorsed_or_wrote"
    CLOSE_TIE = "close_tie"
    OTHER = "other"
