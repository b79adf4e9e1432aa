"""Portraits and videos: what is kept of a photo, and which links are shown."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image

from award_app.announcement import portrait, queries, video
from award_app.announcement.embargo import queries as standing
from award_app.announcement.operations import Shown
from award_app.domain.vocabulary import Refused
from tests.announcement.scene import EVERYTHING, SHOWN, noise, released, with_photo
from tests.announcement.test_operations import decided, prepare

pytestmark = pytest.mark.usefixtures("app", "clock")


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_a_portrait_is_small_and_says_nothing_but_the_picture() -> None:
    scene = with_photo(decided())
    kept = prepare(scene, **EVERYTHING).portrait
    found = queries.Portrait.read(kept)
    assert found is not None
    content = portrait.content(found)
    assert len(content) <= 40 * 1024
    with Image.open(BytesIO(content)) as picture:
        assert (picture.format, picture.size) == ("JPEG", (found.width, found.height))
        assert (dict(picture.getexif()), picture.info.get("comment")) == ({}, None)
    assert b"secret" not in content
    assert abs(found.width / found.height - 4 / 3) < 0.02
    assert (found.credit, found.alts) == (SHOWN.credit, SHOWN.alts)


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_a_small_photo_stays_as_large_as_it_is() -> None:
    scene = with_photo(decided(), content=noise(120, 160))
    found = queries.Portrait.read(prepare(scene, **EVERYTHING).portrait)
    assert found is not None
    assert (found.width, found.height) == (120, 160)


NEEDS = [
    # Neither credit nor a description.
    (Shown("", {}), ("credit", "alt_en", "alt_fr")),
    (Shown(" ", {"en": "She stands.", "fr": " "}), ("credit", "alt_fr")),
]


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("shown", "problems"), NEEDS)
def test_a_portrait_needs_its_credit_and_a_description_in_each_language(
    shown: Shown, problems: tuple[str, ...]
) -> None:
    scene = with_photo(decided())
    with pytest.raises(Refused, match="invalid") as refused:
        prepare(scene, shown=shown)
    assert refused.value.problems == problems


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_without_a_photo_there_is_no_portrait() -> None:
    with pytest.raises(Refused, match="invalid") as refused:
        prepare(decided(), shown=SHOWN)
    assert refused.value.problems == ("portrait",)


def test_what_was_prepared_is_what_the_public_reads() -> None:
    released()
    (one,) = queries.released_laureates()
    assert (one.video_url, one.results, one.careers) == (
        "https://video.example/awa",
        {"en": "40 reports a month\n12 officers trained", "fr": "40 plaintes par mois"},
        {"en": "A police officer since 2014.", "fr": ""},
    )
    assert one.portrait is not None


def test_for_no_award_there_is_neither_portrait_nor_video() -> None:
    scene = decided(award=False)
    prepare(scene, name="", **EVERYTHING)
    found = standing.announcement_of(scene.cycle)
    assert found is not None
    assert (found.portrait, found.video_url, found.results, found.careers) == (None, None, None, None)


LINKS = [
    ("https://video.example/awa?t=1", "video.example"),
    ("https://vidéo.example/awa", "xn--vido-dpa.example"),
    ("https://video.example:443/awa", "video.example"),
    # Not safe on the way, or not a page.
    ("http://video.example/awa", ""),
    ("javascript:alert(1)", ""),
    ("//video.example", ""),
    ("https://localhost/awa", ""),
    ("https://video.example:8443/awa", ""),
    # Another host than it seems.
    ("https://video.example@evil.example/", ""),
    ("https://video.example\\@evil.example/", ""),
    ("https://video.exa mple/", ""),
    ("https://video.example/\u202eawa", ""),
    ("https://[::1/", ""),
    ("https://video.example/" + "a" * 500, ""),
]


@pytest.mark.parametrize(("url", "host"), LINKS)
def test_a_video_is_a_plain_https_link_whose_host_is_named(url: str, host: str) -> None:
    assert video.host(url) == host


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_another_link_is_refused() -> None:
    with pytest.raises(Refused, match="invalid") as refused:
        prepare(decided(), video_url="http://video.example")
    assert refused.value.problems == ("video_url",)
