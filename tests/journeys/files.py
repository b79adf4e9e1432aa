"""Two nominations, invented: what a nominator writes on each page of the form."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from award_app.demo import papers

Pages = dict[str, dict[str, str]]

ANSWERS = {
    "answer.mandate": "She opened the desk in Sector East and trained the officers who run it today.",
    "answer.community": "Women of four districts now report to the host-State police; 148 did so in nine months.",
    "answer.gender": "Every patrol of the sector takes a woman officer along, by a plan that she wrote.",
    "answer.leadership": "She asked for the room, the radio and the night shift herself, and led the first month alone.",
    "answer.evidence": "The register of the desk, the monthly report of the sector and two visits of the gender unit.",
}


def nominee(given: str, family: str, *, country: str, rank: str, service: str, number: str) -> Pages:
    """Page → field → answer. A choice has = after its name, a box to tick has !."""
    today = datetime.now(UTC)
    return {
        "nominee": {
            "family_name": family,
            "given_names": given,
            "publish_name": f"{given} {family}",
            "rank_original": rank,
            "rank_english": rank,
            "country=": country,
            "home_service": service,
            "kind=": "IPO",
        },
        "service": {
            "un_function": "Team leader, community policing",
            "unit": "Community policing unit, Sector East",
            "duty_place": "Team site Arua Road",
            "mission_start": f"{today - timedelta(days=400):%Y-%m-%d}",
            "tour_end": f"{today + timedelta(days=200):%Y-%m-%d}",
            "years_of_service": "14",
            "career": "She began as a patrol officer, led a station of forty, and taught at the police academy.",
        },
        "contact": {
            "contact_email": f"{given.lower()}@field.test",
            "contact_phone": "+211 920 000 000",
            "working_language=": "en",
        },
        "case": {
            "reason": "She opened the first desk where women report violence, and it is still open.",
            "achievements.0.before": "No woman had reported violence to the police of the sector in the year before.",
            "achievements.0.action": "She found a room, trained twelve officers and wrote the rules for night calls.",
            "achievements.0.result": "The desk is open every day, and its officers are from the host-State police.",
            "achievements.0.dates": "March to December of last year",
            "achievements.0.place": "Two police stations in Sector East",
            "achievements.0.number": number,
            "achievements.0.number_unit": "reports in nine months",
            "achievements.0.source": "The register of the desk",
            "citation": f"{given} {family} is honoured for a desk that women trust, built to stay when the mission leaves.",
        },
        "criteria": ANSWERS,
        "statements": {"true_and_complete!": "", "identifies_survivor=": "no", "consent=": "given"},
    }


def papers_in(folder: Path) -> dict[str, Path]:
    """Small real files to attach."""
    made = {
        "endorsement_letter": ("endorsement.pdf", papers.letter("Endorsement", "Invented for a test.")),
        "cv": ("cv.pdf", papers.letter("Curriculum vitae", "Invented for a test.")),
        "supporting_letter": ("letter of a colleague.pdf", papers.letter("To whom it may concern", "Invented.")),
        "photo": ("portrait.png", papers.portrait(1)),
    }
    paths = {}
    for kind, (name, content) in made.items():
        paths[kind] = folder / name
        paths[kind].write_bytes(content)
    return paths
