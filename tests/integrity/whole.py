"""The trust tests at full size, each a function that says what it tried and what deviated. `run.py` runs them."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from xml.etree import ElementTree

import config
from award_app import clock
from tests.integrity import (
    answers,
    assignment,
    browsing,
    canaries,
    enumeration,
    failures,
    hostile,
    markers,
    mutants,
    nothing_there,
    parameters,
    passive,
    races,
    races_of_files,
    safe,
    spoofing,
    two_roles,
    walk,
    year_of_steps,
)
from tests.integrity import ledger_tampering as tampering
from tests.integrity.forms import forms
from tests.integrity.races import course
from tests.integrity.stage import Stage, staged
from tests.integrity.twins import whole as twins
from tests.servers import fresh_database, running_postgres, running_redis

SEED = 1
ROUNDS = 200
MANY_CELLS = 10_000  # TRUST asks for at least so many


@dataclass(frozen=True)
class Outcome:
    n: int
    cases: int
    deviations: list[str]
    enough: bool = True  # a test that met nothing has shown nothing


def rules() -> Outcome:
    """T1, the policy against the table written by hand, on both databases; the test itself asserts its 12,000 cells."""
    passed, failed = _counted("tests/integrity/test_policy_matrix.py")
    return Outcome(12_000 * passed, 12_000 * passed, failed, passed > 0)


def routes() -> Outcome:
    """T1, every cell on every route; what is not there; what is hidden answers like nothing."""
    report = walk.Report()
    with _stage() as stage:
        cells = walk.cells(stage)
        for cell in [*cells, *walk.nothing_there(stage)]:
            walk.ask(stage, cell, report)
        hidden = [cell for cell in cells if cell.expected == "404"]
        walk.hidden_like_nothing(stage, walk.sample(hidden, 0.25, SEED), report)
    return Outcome(report.cells, report.seen + report.refused, report.deviations, report.cells > MANY_CELLS)


def mutants_of_the_rules() -> Outcome:
    """T1m: `cases` are the mutants that were killed."""
    with _stage() as stage:
        court = mutants.court(stage.world, clock.now())
        found = list(mutants.mutants())
        alive = [mutant.name for mutant in found if court.first_kill(mutant) is None]
    return Outcome(len(found), len(found) - len(alive), alive, len(found) > 2_500)


def two_roles_at_once() -> Outcome:
    """T1, everybody who holds two roles, in every cell."""
    found = two_roles.Found()
    with _stage() as stage:
        for pair in two_roles.pairs():
            two_roles.examine(stage.world, pair, clock.now(), found)
    return Outcome(found.cells, found.allowed + found.closed, found.deviations, found.closed > 0)


def query_parameters() -> Outcome:
    """T1, every parameter of every page with what exists and is hidden."""
    found = parameters.Found()
    with _stage() as stage:
        for question in parameters.questions(stage, 1, SEED):
            parameters.ask(stage, question, found)
    return Outcome(found.questions, found.listed, found.deviations, found.listed > 0)


def mass_assignment() -> Outcome:
    """T1f: `cases` are the forms that were carried out."""
    with _stage() as stage:
        found = assignment.compare(stage, forms(stage))
    return Outcome(found.forms * found.columns, found.carried_out, found.deviations, found.carried_out > 0)


def safe_methods() -> Outcome:
    """T17: all tables but session and ledger stay equal over GET, HEAD and OPTIONS of every cell of everybody."""
    with _stage() as stage:
        report = safe.ask(stage, walk.cells(stage))
    return Outcome(report.asked, report.seen, report.deviations, report.seen > 1_000)


def bad_input() -> Outcome:
    """Every form and every address with what nobody should send."""
    answers = hostile.Answers()
    with _stage() as stage:
        cases = chain(hostile.cases(forms(stage), hostile.references(stage)), [*hostile.addresses(stage)])
        for case in hostile.some(cases, 0.25, SEED):
            hostile.send(stage, case, answers)
    looked_at = answers.statuses[422] + answers.statuses[400]
    return Outcome(answers.cases, looked_at, answers.deviations, looked_at > 0)


def headers() -> Outcome:
    """T7h: the score of every answer over https, and what a passive scanner says to it."""
    report = answers.Report()
    with _stage(BASE_URL=answers.HTTPS) as stage:
        for seen in answers.everything(stage, share=0.3, seed=SEED):
            answers.judge(seen, report)
    print(f"  lowest score {report.lowest}, {dict(report.statuses)}, {len(passive.RULES)} rules", flush=True)
    return Outcome(report.answers, report.files, report.found, report.lowest >= answers.LOWEST)


def spoofing_and_nothing() -> Outcome:
    """T6, hosts and addresses that are not ours; T11, what is not there; both also through gunicorn and Chromium."""
    files = ("tests/integrity/test_spoofing.py", "tests/integrity/test_nothing_there.py")
    counts = [_counted(path) for path in files]
    n = (len(spoofing.HOSTS) + len(spoofing.CLAIMS)) * 5 + len(spoofing.ONWARD) * 2 + len(nothing_there.PATHS) * 4
    failed = [name for _, some in counts for name in some]
    return Outcome(n, n - len(failed), failed, all(passed for passed, _ in counts))


def outgoing() -> Outcome:
    """T15: nothing can open a line but what is named, and nothing does while every page and form is asked."""
    passed, failed = _counted("tests/integrity/test_outgoing.py")
    return Outcome(passed + len(failed), passed, failed, passed > 0)


def broken_checks() -> Outcome:
    """T21: every check broken before every route and public page that asks it, and the database gone at three of its statements."""
    with _stage(LOG_LEVEL="CRITICAL") as stage:
        asked = [*failures.ask_all(stage, failures.routes(stage)), *failures.ask_public(stage)]
        report = failures.break_all(stage, asked, share=1, seed=SEED)
    return Outcome(report.tried, report.refused, report.deviations, report.refused > 1_000)


def rights_lost() -> Outcome:
    """T1r, every kind of right that can be lost, lost in mid-session: the next request is denied."""
    passed, failed = _counted("tests/accounts/test_rights_lost.py")
    return Outcome(passed + len(failed), passed, failed, passed > 12)


def replayed() -> Outcome:
    """T12, the cookie of before after every event that ends a session; links once, for one address, in their time."""
    files = ("tests/accounts/test_ending.py", "tests/accounts/test_resetting.py", "tests/accounts/test_proving.py")
    passed, failed = _counted(*files)
    return Outcome(passed + len(failed), passed, failed, passed > 30)


def limits() -> Outcome:
    """T6, how often a door may be tried, and that nobody locks somebody else out: with the broker and without it."""
    passed, failed = _counted("tests/accounts/test_limits.py")
    return Outcome(passed + len(failed), passed, failed, passed > 10)


def doors() -> Outcome:
    """T3u, 200 pairs at every door, of somebody and of nobody."""
    with tempfile.TemporaryDirectory(prefix="laurel-doors-") as folder:
        found = enumeration.run(Path(folder))
    for door, difference in found.medians.items():
        print(f"  {door}: {difference:.2f} ms", flush=True)
    return Outcome(found.pairs, found.pairs, found.deviations)


def walks(database: str) -> Outcome:
    """T16: twenty thousand steps of award years walked at random on SQLite, a tenth of them on PostgreSQL."""
    wanted = 20_000 if database == "sqlite" else 2_000
    temporary, failed = tempfile.TemporaryDirectory(prefix="laurel-walks-"), list[str]()
    with (
        temporary as folder,
        _database(database) as url,
        staged(Path(folder), **({"DATABASE_URL": url} if url else {})),
    ):
        try:
            tally = year_of_steps.walk(wanted // 40, 120)
        except AssertionError as found:
            tally, failed = year_of_steps.tally, [str(found)]
    print(f"  done {dict(tally.done)}, refused {dict(tally.refused)}", flush=True)
    return Outcome(tally.steps, tally.done.total(), failed, tally.steps >= wanted and tally.done["release"] > 0)


def typed_markers() -> Outcome:
    """T4: sixty payloads in every text, every page and file of everybody; and in Chromium."""
    with markers.typed_everywhere(), _stage(LOG_LEVEL="CRITICAL") as stage:
        report = markers.crawl(stage)
        ran, looked_at = browsing.browse(stage, most=100)
    print(f"  {report.pages} pages, {looked_at} in Chromium, {report.files} files, {dict(report.kinds)}", flush=True)
    return Outcome(report.pages + looked_at + report.files, report.shown, report.deviations + ran, report.shown > 1_000)


def planted_canaries() -> Outcome:
    """T19: every form by its people and by others, with a real broker; and through gunicorn."""
    report, settings = canaries.Report(), {"LOG_LEVEL": "INFO", "METRICS_TOKEN": "scrape me"}
    with running_redis() as broker, canaries.listening(), _stage(**settings, REDIS_URL=broker) as stage:
        with canaries.listening() as log:
            canaries.plant(stage, slice(None), report)
            canaries.look_everywhere(stage, log.getvalue(), report)
        canaries.look("the broker", canaries.of_the_broker(broker), report)
    with tempfile.TemporaryDirectory(prefix="laurel-served-") as folder:
        canaries.served(Path(folder), report)
    print(f"  {report.sent} requests, {report.broken} broken, {dict(report.searched)}", flush=True)
    return Outcome(report.planted, report.sent, report.found, report.planted >= 200 and report.broken > 20)


def two_worlds() -> Outcome:
    """T2: worlds that differ in one secret, for everybody who is not cleared; `cases` are answers to those who are."""
    return Outcome(*twins.two_worlds())


def embargo_twins() -> Outcome:
    """T2-E: two laureates, until the release, at its instant, and taken back; `cases` are pages that the release changed."""
    return Outcome(*twins.embargo_twins())


def hidden_predicates() -> Outcome:
    """T3: 400 pairs of each predicate that must not show in the time an answer takes."""
    return Outcome(*twins.hidden_predicates())


def mail_headers() -> Outcome:
    """T4m, twelve vectors in every text that reaches a header, to a real SMTP sink, on both databases."""
    passed, failed = _counted("tests/integrity/test_mail_headers.py")
    return Outcome(passed + len(failed), passed, failed, passed > 0)


def races_on(database: str) -> Outcome:
    """T10, 20 clients × 200 rounds of every race."""
    n, won, violations = 0, 0, list[str]()
    temporary = tempfile.TemporaryDirectory(prefix="laurel-races-")
    with temporary as folder, _database(database) as url, course(Path(folder), url) as on:
        for kind in (*races.RACES, *races_of_files.RACES):
            tally = races.run(kind, on, ROUNDS)
            n, won = n + tally.answers.total(), won + tally.answers[302]
            violations += tally.violations
            print(f"  {kind.__name__} on {database}: {tally.rounds} rounds, {dict(tally.answers)}", flush=True)
    return Outcome(n, won, violations, won > 0)


def ledger() -> Outcome:
    """T20: every row of 200, 10,000 random ones of 50,000, and every column of every row in a database."""
    found = tampering.every_row(200, whole=True)
    found.add(tampering.random_rows(50_000, 10_000, SEED))
    with _stage() as stage:
        person_id = next(iter(stage.world.people.values())).id
        cycle_id = next(iter(stage.world.cycles.values())).id
        tampering.fill(stage.app, 200, person_id, cycle_id)
        found.add(tampering.every_column())
        tampering.fill(stage.app, 50_000, person_id, cycle_id)
        rows, seconds, work = tampering.seconds_to_walk()
    print(f"  walking {rows} rows of the database took {seconds:.1f} s, {work:.1f} s of them work", flush=True)
    return Outcome(found.tried, found.seen, found.unseen, found.seen > MANY_CELLS)


@contextmanager
def _stage(**settings: str) -> Iterator[Stage]:
    with tempfile.TemporaryDirectory(prefix="laurel-stage-") as folder, staged(Path(folder), **settings) as stage:
        yield stage


@contextmanager
def _database(kind: str) -> Iterator[str]:
    if kind == "sqlite":
        yield ""
    else:
        with running_postgres() as admin_url, fresh_database(admin_url) as url:
            yield url


def _counted(*paths: str) -> tuple[int, list[str]]:
    """How many cases of test files passed, and which did not."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        argv = [sys.executable, "-m", "pytest", "-q", "--no-header", f"--junit-xml={report}", *paths]
        subprocess.run(argv, cwd=config.ROOT, check=False)
        cases = list(ElementTree.parse(report).iter("testcase"))
    failed = [
        str(case.get("name")) for case in cases if case.find("failure") is not None or case.find("error") is not None
    ]
    return len(cases) - len(failed), failed


TESTS: dict[str, Callable[[], Outcome]] = {
    "T1 rules": rules,
    "T1 routes": routes,
    "T1 two roles": two_roles_at_once,
    "T1 parameters": query_parameters,
    "T1m": mutants_of_the_rules,
    "T1f": mass_assignment,
    "T1r": rights_lost,
    "T2 worlds": two_worlds,
    "T2-E": embargo_twins,
    "T3 timing": hidden_predicates,
    "T3u": doors,
    "T6 limits": limits,
    "T12": replayed,
    "T17": safe_methods,
    "T7h": headers,
    "T6 host, T11": spoofing_and_nothing,
    "T15": outgoing,
    "T21": broken_checks,
    "T4": typed_markers,
    "T19": planted_canaries,
    "T16 SQLite": lambda: walks("sqlite"),
    "T16 PostgreSQL": lambda: walks("postgresql"),
    "Bad input": bad_input,
    "T4m": mail_headers,
    "T20": ledger,
    "T10 SQLite": lambda: races_on("sqlite"),
    "T10 PostgreSQL": lambda: races_on("postgresql"),
}
