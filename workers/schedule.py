"""What runs when. The database says what is due; these only look, so a beat missed or sent twice does no harm."""

from __future__ import annotations

SCHEDULE = {
    "letters that are due": {"task": "outbox.sweep", "schedule": 5.0, "options": {"expires": 5}},
    "passwords forgotten": {"task": "accounts.answer_forgotten", "schedule": 5.0, "options": {"expires": 30}},
    "kept forms that are old": {"task": "accounts.purge_kept", "schedule": 3600.0, "options": {"expires": 3600}},
    "rounds that begin": {"task": "cycles.open_due_rounds", "schedule": 10.0, "options": {"expires": 10}},
    "rounds that have ended": {"task": "cycles.close_due_rounds", "schedule": 10.0, "options": {"expires": 10}},
    "attachments to draw": {"task": "files.draw_waiting", "schedule": 10.0, "options": {"expires": 10}},
    "results to compute": {"task": "results.compute_due", "schedule": 5.0, "options": {"expires": 5}},
    "people to remind": {"task": "letters.remind_due", "schedule": 60.0, "options": {"expires": 60}},
    "releases to write down": {"task": "announcements.release_due", "schedule": 5.0, "options": {"expires": 5}},
    "heads of the ledger to store": {"task": "ledger.anchor", "schedule": 10.0, "options": {"expires": 10}},
    "the ledger to walk": {"task": "ledger.check", "schedule": 60.0, "options": {"expires": 60}},
}
