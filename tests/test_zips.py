"""Archives: the same bytes twice, no name that leaves them, what is stored is stored."""

import io
import zipfile

import pytest

from press import zips


def test_an_archive_has_one_day_one_mode_and_the_order_given():
    held = {"b/two.txt": b"2" * 99, "mimetype": b"x" * 99, "a/": b""}
    made = io.BytesIO()
    zips.write(made, held.items(), stored=("mimetype",))
    again = io.BytesIO()
    zips.write(again, held.items(), stored=("mimetype",))
    assert made.getvalue() == again.getvalue()
    with zipfile.ZipFile(made) as archive:
        entries = archive.infolist()
    assert [entry.filename for entry in entries] == list(held)
    assert {entry.date_time for entry in entries} == {zips.DAY}
    assert {entry.create_system for entry in entries} == {3}
    modes = [entry.external_attr >> 16 for entry in entries]
    assert modes == [zips.PLAIN, zips.PLAIN, zips.FOLDER]
    assert [entry.compress_type for entry in entries] == [
        *(zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
    ]
    assert zips.unpacked(made.getvalue()) == held


@pytest.mark.parametrize(
    "name", ["../x", "/x", "a\\b", "a//b", "", "a/../b", "./a", ".."]
)
def test_no_name_leaves_its_archive(name):
    with pytest.raises(ValueError, match="plain path"):
        zips.packed({name: b""})


@pytest.mark.parametrize("name", ["a b.html", "é/ü.html", ".nojekyll", "a.b/c..d"])
def test_odd_names_may_stay(name):
    assert zips.unpacked(zips.packed({name: b"1"})) == {name: b"1"}
