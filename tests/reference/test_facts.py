"""The facts that ship with Laurel, written again by hand from the source document and compared."""

from __future__ import annotations

import re

from award_app.reference import laureates as facts

OF_THE_SOURCE = {
    2017: ("Assistant Inspector of Police", "Annah Chota", "Zimbabwe", "UNISFA", "Abyei"),
    2016: ("Police Superintendent", "Yvette Boni Zombre", "Burkina Faso", "MINUSCA", "Central African Republic"),
    2015: ("Chief Superintendent", "Raluca Domuta", "Romania", "MINUSTAH", "Haiti"),
    2014: ("Police Inspector", "Shakti Devi", "India", "UNAMA", "Afghanistan"),
    2013: ("Commissioner", "Codou Camara", "Senegal", "MINUSTAH", "Haiti"),
    2012: ("Constable", "Rezi Danismend", "Turkey", "UNMIL", "Liberia"),
    2011: ("Deputy Superintendent", "Shahzadi Gulfam", "Pakistan", "UNMIT", "Timor-Leste"),
}
MISSIONS_OF_THE_SOURCE = (
    "MCOLOMBIA MINURSO MINUSCA MINUJUSTH MINUSMA MONUSCO UNAMA UNAMID UNFICYP UNISFA UNMIK UNIOGBIS UNMISS UNSMIL UNSOM"
)


def test_the_laureates_of_2011_to_2017_are_those_of_the_source_document() -> None:
    told = {
        one.year: (one.rank, one.name, one.country, one.mission, one.mission_area)
        for one in facts.laureates()
        if one.source == "source document"
    }
    assert told == OF_THE_SOURCE


def test_there_is_one_laureate_a_year_newest_first() -> None:
    assert [one.year for one in facts.laureates()] == list(range(2024, 2010, -1))


def test_the_award_bore_three_names() -> None:
    assert {one.year: one.award_title for one in facts.laureates()} == {
        **dict.fromkeys(range(2011, 2018), "International Female Police Peacekeeper Award"),
        **dict.fromkeys(range(2018, 2020), "United Nations Female Police Officer of the Year"),
        **dict.fromkeys(range(2020, 2025), "United Nations Woman Police Officer of the Year"),
    }


def test_the_fifteen_missions_of_the_source_document_had_police_in_2018() -> None:
    told = {mission.acronym for mission in facts.missions().values() if mission.police_in_2018}
    assert told == set(MISSIONS_OF_THE_SOURCE.split())


def test_twelve_missions_had_police_at_the_end_of_2025() -> None:
    assert sum(mission.police_end_2025 for mission in facts.missions().values()) == 12


def test_areas_that_are_no_countries_have_no_country_code() -> None:
    areas = {mission.area for mission in facts.missions().values() if not mission.country_code}
    assert areas == {"Western Sahara", "Abyei", "Kosovo", "West Africa and the Sahel"}


def test_every_mission_of_a_laureate_or_runner_up_is_known() -> None:
    named = {one.mission for one in facts.laureates()} | {one.mission for one in facts.runners_up()}
    assert named - facts.missions().keys() == set()


def test_the_french_acronym_is_the_same_where_none_is_given() -> None:
    given = {acronym: mission.acronym_fr for acronym, mission in facts.missions().items()}
    assert (given["UNISFA"], given["UNMIK"], given["MINUSCA"]) == ("FISNUA", "MINUK", "MINUSCA")


def test_the_runners_up_of_2020_are_the_only_ones_in_public() -> None:
    assert [(one.year, one.name) for one in facts.runners_up()] == [
        (2020, "Catherine Ugorji"),
        (2020, "Rebecca Nnanga"),
    ]


def test_the_figures_are_those_of_the_source_document() -> None:
    told = {
        (figure.group, figure.measure, figure.date): (figure.percent, figure.count, figure.of)
        for figure in facts.figures()
        if figure.source == "source document"
    }
    assert told == {
        ("formed police units", "value", "about 2018"): (7, 518, None),
        ("individual police officers", "value", "about 2018"): (21, 643, None),
        ("all police", "value", "about 2018"): (11, None, None),
        ("heads of police components", "value", "about 2018"): (29, 4, 14),
        ("seconded contracted posts headquarters", "value", "about 2018"): (21, None, None),
        ("seconded contracted posts field", "value", "about 2018"): (16, None, None),
        ("seconded contracted posts field and headquarters", "target", "2025"): (25, None, None),
        ("seconded contracted posts field", "target", "2028"): (30, None, None),
        ("seconded contracted posts headquarters", "target", "2028"): (35, None, None),
        ("formed police units", "target", "2025"): (15, None, None),
        ("formed police units", "target", "2028"): (20, None, None),
        ("individual police officers", "target", "2025"): (25, None, None),
        ("individual police officers", "target", "2028"): (30, None, None),
    }


def test_every_date_stands_at_the_precision_known() -> None:
    dates = [mission.started for mission in facts.missions().values()]
    dates += [mission.ended for mission in facts.missions().values() if mission.ended]
    assert [date for date in dates if not re.fullmatch(r"\d{4}(-\d{2}(-\d{2})?)?", date)] == []
