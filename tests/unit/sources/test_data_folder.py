"""Where a data folder may lie."""

import pytest

from sources.folder.data_folder import ENVIRONMENT_VARIABLE, DataFolder, DataFolderError


@pytest.mark.parametrize("name", [*"'\"\\#?*%${}[]", "a%41b", "{x}", "a\nb", "a\x1bb", "\udc80", "\u202e"])
def test_a_path_that_sql_a_glob_a_url_or_a_template_would_read_otherwise_is_refused(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(ENVIRONMENT_VARIABLE, f"/srv/a {name} b/data")
    with pytest.raises(DataFolderError, match=r"the path of the data folder, .* move it to one without") as raised:
        DataFolder.from_environment()
    assert str(raised.value).isprintable()


@pytest.mark.parametrize("name", ["with blanks", "Ünïcode 名", "a-b_c.d,e;f:g=h&i+j@k(l)~m!n"])
def test_other_paths_are_fine(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(ENVIRONMENT_VARIABLE, f"/srv/{name}/data")
    assert DataFolder.from_environment().root.parts[-2:] == (name, "data")
