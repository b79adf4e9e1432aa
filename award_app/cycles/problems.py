"""Why a cycle's settings are refused, as codes. The words stand in `cycles/words.py`."""

from __future__ import annotations

from enum import StrEnum


class Problem(StrEnum):
    YEAR_TAKEN = "year_taken"
    YEAR_RANGE = "year_range"
    TITLE_MISSING = "title_missing"
    DATES_ORDER = "dates_order"
    DATES_RANGE = "dates_range"  # so far away that no time zone could say it
    SERVICE_ORDER = "service_order"
    QUOTA = "quota"
    QUORUM = "quorum"
    CODE_TWICE = "code_twice"
    CRITERION_TITLE = "criterion_title"
    LEVEL_MISSING = "level_missing"
    WEIGHT_RANGE = "weight_range"
    MISSION_IN_USE = "mission_in_use"
    NOT_OF_THE_YEAR = "not_of_the_year"
    # of dates that are moved, extensions and drafts that change hands
    NOTHING_MOVED = "nothing_moved"
    PASSED = "passed"
    PAST = "past"
    EXTENSION_LATER = "extension_later"
    LESS_TIME = "less_time"
    REASON = "reason"
    MISSION_UNKNOWN = "mission_unknown"
    NOT_LATER = "not_later"
    AFTER_SCREENING = "after_screening"
    NOT_NOMINATOR = "not_nominator"
    # what keeps a cycle from being opened
    TITLE_FRENCH = "title_french"
    WEIGHTS = "weights"
    NO_MISSION = "no_mission"
    WINDOW_OVER = "window_over"
    NO_AUTHORITY = "no_authority"
    SECRETARIAT_OF_TWO = "secretariat_of_two"
    NO_CHAIR = "no_chair"
    PANEL_SMALL = "panel_small"
    # what is said before it is opened
    WINDOW_OPEN = "window_open"
    LEVEL_FRENCH = "level_french"
    MISSION_ENDS = "mission_ends"
    NO_NOMINATOR = "no_nominator"
    NO_SPARE = "no_spare"
    NO_DEPUTY = "no_deputy"
    UNDESCRIBED = "undescribed"
