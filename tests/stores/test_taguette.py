"""A Taguette project comes in with its words, its tags and who highlighted what; a database that is none ends in a line."""

import json
import sqlite3
from html.parser import HTMLParser

import pytest

from tests.shell import run
from tests.stores.projects import CODEBOOK, everything_in, needs_samples
from tests.stores.test_hostile_projects import refused
from tests.stores.test_qdpx import each_in, reported
from weness.coding.own_codes import own_codes_in
from weness.reading.gathering import read_study

# The document and the highlights that Taguette 1.5.2 itself made, with its own offsets and snippets.
HTML = """<h1>Entrevista 1</h1>
<p><strong>Lucía:</strong> Nosotros decidimos <em>juntos</em> 🌱 la fecha.<br>Y después… nada.</p>
<ul>
  <li>primero: el agua</li>
  <li>segundo: niñ@s 👩‍🌾 &amp; más</li>
</ul>
<p>Fin.</p>"""
MADE = [
    ("Nosotros", 21, 29, "<p>Nosotros</p>", 2, "ana"),
    ("juntos 🌱 la", 40, 54, "<p><em>juntos</em> 🌱 la</p>", 2, "ben"),
    ("🌱", 47, 51, "<p>🌱</p>", 1, "ana"),
    ("Y después… nada", 61, 79, "<p>Y después… nada</p>", 2, "ben"),
    ("niñ@s 👩‍🌾", 112, 130, "<ul><li>niñ@s 👩‍🌾</li></ul>", 3, "ana"),
    ("nada.\n\n  primero", 75, 91, "<p>nada.</p>\n<ul>\n  <li>primero</li></ul>", 2, "ben"),
    ("Fin.", 139, 143, "<p>Fin.</p>", 2, "ana"),
    ("Entrevista 1", 0, 12, "<h1>Entrevista 1</h1>", 2, "ben"),
    ("Lucía: Nosotros", 13, 29, "<p><strong>Lucía:</strong> Nosotros</p>", 2, "ana"),
]
SCHEMA = """
CREATE TABLE users (login VARCHAR(30) NOT NULL PRIMARY KEY, created DATETIME NOT NULL, hashed_password VARCHAR(192));
CREATE TABLE projects (id INTEGER PRIMARY KEY, name VARCHAR(200) NOT NULL, description TEXT NOT NULL, created DATETIME NOT NULL);
CREATE TABLE project_members (project_id INTEGER NOT NULL, user_login VARCHAR(30) NOT NULL, privileges VARCHAR(11) NOT NULL);
CREATE TABLE documents (id INTEGER PRIMARY KEY, name VARCHAR(200) NOT NULL, description TEXT NOT NULL, filename VARCHAR(200) NOT NULL,
  created DATETIME NOT NULL, project_id INTEGER NOT NULL, text_direction VARCHAR(13) NOT NULL, contents TEXT NOT NULL);
CREATE TABLE commands (id INTEGER PRIMARY KEY, date DATETIME NOT NULL, user_login VARCHAR(30) NOT NULL, project_id INTEGER NOT NULL,
  document_id INTEGER, payload TEXT NOT NULL);
CREATE TABLE tags (id INTEGER PRIMARY KEY, project_id INTEGER NOT NULL, path VARCHAR(200) NOT NULL, description TEXT NOT NULL);
CREATE TABLE highlights (id INTEGER PRIMARY KEY, document_id INTEGER NOT NULL, start_offset INTEGER NOT NULL,
  end_offset INTEGER NOT NULL, snippet TEXT NOT NULL);
CREATE TABLE highlight_tags (highlight_id INTEGER NOT NULL, tag_id INTEGER NOT NULL, PRIMARY KEY (highlight_id, tag_id));
"""
TAGS = {1: "decision", 2: "nature.plants", 3: "WE_PARTNERSHIP"}
NOW = "2026-11-29 00:39:31"


def database(path, html=HTML, made=MADE, *more, members=("ana", "ben"), log=True):
    base = sqlite3.connect(path)
    base.executescript(SCHEMA)
    base.execute("INSERT INTO projects VALUES (1, 'Huerta', 'a test', ?)", (NOW,))
    base.executemany("INSERT INTO users VALUES (?, ?, 'secret')", [(name, NOW) for name in members])
    base.executemany("INSERT INTO project_members VALUES (1, ?, 'ADMIN')", [(name,) for name in members])
    base.execute("INSERT INTO documents VALUES (1, 'uno', '', 'uno.html', ?, 1, 'LEFT_TO_RIGHT', ?)", (NOW, html))
    base.executemany("INSERT INTO tags VALUES (?, 1, ?, ?)", [(id, path, f"d {path}") for id, path in TAGS.items()])
    for id, (_, start, end, snippet, tag, user) in enumerate(made, 1):
        base.execute("INSERT INTO highlights VALUES (?, 1, ?, ?, ?)", (id, start, end, snippet))
        base.execute("INSERT INTO highlight_tags VALUES (?, ?)", (id, tag))
        payload = json.dumps({"type": "highlight_add", "highlight_id": id, "tags": [tag]})
        if log:
            base.execute("INSERT INTO commands VALUES (?, ?, ?, 1, 1, ?)", (id, NOW, user, payload))
    for statement in more:
        base.execute(statement)
    base.commit()
    base.close()
    return path


def in_html(html, words):
    """Taguette's offsets of words: UTF-8 bytes of the text between the tags."""

    class Bare(HTMLParser):
        told = ""

        def handle_data(self, data):
            self.told += data

    bare = Bare()
    bare.feed(html)
    start = len(bare.told[: bare.told.index(words)].encode())
    return words, start, start + len(words.encode()), f"<p>{words}</p>", 1, "ana"


def test_every_highlight_holds_the_words_that_taguette_shows_for_it(tmp_path):
    told = reported(tmp_path / "s", database(tmp_path / "t.sqlite3"))
    assert (told["sources"], told["codes"], told["selections"], told["codings"]) == (1, 3, 9, 9)
    assert "UTF-8 bytes" in told["counting"]
    found = [words for marks in each_in(tmp_path / "s").values() for _, _, words in marks]
    assert sorted(found) == sorted(words for words, *_ in MADE)
    assert told["losses"] == []


def test_who_highlighted_what_is_taken_from_the_command_log(tmp_path):
    run("import", tmp_path / "s", database(tmp_path / "t.sqlite3"))
    found = {coder: sorted(words for _, _, words in marks) for coder, marks in each_in(tmp_path / "s").items()}
    assert found == {name: sorted(words for words, *_, user in MADE if user == name) for name in ("ana", "ben")}


def test_without_a_log_the_one_member_is_the_coder_and_of_several_it_is_asked(tmp_path):
    run("import", tmp_path / "one", database(tmp_path / "1.sqlite3", members=("carla",), log=False))
    assert list(each_in(tmp_path / "one")) == ["carla"]
    told = run("import", tmp_path / "two", database(tmp_path / "2.sqlite3", log=False))
    assert "--as" in told
    assert list(each_in(tmp_path / "two")) == ["reader"]
    run("import", tmp_path / "three", tmp_path / "2.sqlite3", "--as", "dana")
    assert list(each_in(tmp_path / "three")) == ["dana"]


def test_no_password_and_no_address_leaves_the_database(tmp_path):
    run("import", tmp_path / "s", database(tmp_path / "t.sqlite3"))
    assert not any(b"secret" in data for data in everything_in(tmp_path / "s").values())


def test_the_same_database_twice_adds_nothing_and_a_highlight_more_adds_one(tmp_path):
    run("import", tmp_path / "s", database(tmp_path / "t.sqlite3"))
    before = everything_in(tmp_path / "s")
    run("import", tmp_path / "s", tmp_path / "t.sqlite3")
    assert everything_in(tmp_path / "s") == before
    more = [*MADE, ("decidimos", 30, 39, "<p>decidimos</p>", 1, "ben")]
    assert reported(tmp_path / "s", database(tmp_path / "u.sqlite3", made=more))["rows_new_in_the_study"] == 1
    assert len(read_study(tmp_path / "s").documents) == 1


def test_a_taguette_project_goes_out_as_a_project_and_in_and_out_again(tmp_path):
    run("import", tmp_path / "s", database(tmp_path / "t.sqlite3"))
    run("export", tmp_path / "s", "--format", "qdpx", "--out", tmp_path / "1.qdpx")
    run("import", tmp_path / "again", tmp_path / "1.qdpx")
    run("export", tmp_path / "again", "--format", "qdpx", "--out", tmp_path / "2.qdpx")
    assert (tmp_path / "1.qdpx").read_bytes() == (tmp_path / "2.qdpx").read_bytes()


@needs_samples
def test_a_code_of_a_database_is_the_code_of_the_codebook_that_taguette_writes(tmp_path):
    from weness.stores.exchange.project import Losses
    from weness.stores.exchange.qdpx import read_project
    from weness.stores.exchange.taguette import CODES, uuid5

    theirs = read_project(CODEBOOK, Losses())[0].codes
    assert all(one.guid == str(uuid5(CODES, one.name)) for one in theirs)


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("<p>Caf&eacute; &amp; t&#233; &#x1F331; juntos</p>", "té 🌱 juntos"),
        ("<p>a<b>b<i>c</b>d</i> nosotros", "cd nosotros"),
        ("<table><tr><td>uno</td><td>dos tres</td></tr></table>", "dos"),
        ("<div><p>uno<p>dos<br/>tres</div></section>cuatro", "cuatro"),
        ("sólo texto, sin marcas 👩‍🌾 aquí", "👩‍🌾 aquí"),
        ("<p>uno</p>\r\n<p>dos tres</p>", "dos tres"),
    ],
)
def test_the_words_of_any_html_are_found(tmp_path, html, words):
    made = [in_html(html.replace("\r\n", "\n"), words)]
    run("import", tmp_path / "s", database(tmp_path / "t.sqlite3", html, made))
    ((_, _, found),) = each_in(tmp_path / "s")["ana"]
    assert "".join(found.split()) == "".join(words.split())


@pytest.mark.parametrize(("start", "end"), [(-3, 5), (0, 9999), (50, 10), (10**12, 10**12 + 1)])
def test_a_highlight_outside_its_text_is_kept_and_told(tmp_path, start, end):
    made = [*MADE, ("", start, end, "<p>x</p>", 1, "ana")]
    told = reported(tmp_path / "s", database(tmp_path / "t.sqlite3", made=made))
    assert any("outside their text" in what for what in told["losses"])
    assert told["rows_new_in_the_study"] == len(MADE)


def test_highlights_that_do_not_hold_what_taguette_noted_are_told(tmp_path):
    made = [*MADE, ("", 21, 29, "<p>something else</p>", 1, "ana")]
    assert "1 highlights do not hold" in run("import", tmp_path / "s", database(tmp_path / "t.sqlite3", made=made))


def test_a_database_that_is_cut_short_is_refused(tmp_path):
    path = database(tmp_path / "t.sqlite3")
    data = path.read_bytes()
    for size in (16, 100, 5000, len(data) - 4096):
        path.write_bytes(data[:size])
        refused(tmp_path / "s", path)


@pytest.mark.parametrize(
    "change",
    [
        "DROP TABLE documents",
        "INSERT INTO projects VALUES (2, 'Other', '', '')",
        "DELETE FROM projects",
        "ALTER TABLE documents RENAME COLUMN contents TO body",
        "ALTER TABLE highlights DROP COLUMN snippet",
        "ALTER TABLE tags RENAME COLUMN path TO name",
        "ALTER TABLE projects DROP COLUMN created",
        "ALTER TABLE highlight_tags RENAME COLUMN tag_id TO tag",
        "UPDATE documents SET contents = x'ff00'",
        "UPDATE highlights SET start_offset = 'five'",
        "UPDATE highlights SET snippet = x'00'",
        "UPDATE tags SET path = x'00' WHERE id = 1",
    ],
)
def test_a_database_that_is_no_taguette_project_is_refused(tmp_path, change):
    refused(tmp_path / "s", database(tmp_path / "t.sqlite3", HTML, MADE, change))


def test_a_view_in_the_place_of_a_table_is_never_run(tmp_path):
    path = database(
        tmp_path / "t.sqlite3",
        HTML,
        MADE,
        "DROP TABLE documents",
        "CREATE VIEW documents AS SELECT 1 AS id, hex(zeroblob(400000000)) AS contents, 'x' AS name, '' AS description",
    )
    assert "no table 'documents'" in refused(tmp_path / "s", path)


def test_a_column_that_makes_itself_huge_is_refused(tmp_path):
    path = database(
        tmp_path / "t.sqlite3",
        HTML,
        MADE,
        "ALTER TABLE documents RENAME TO old",
        "CREATE TABLE documents (id, name, description, contents AS (hex(zeroblob(60000000))))",
        "INSERT INTO documents VALUES (1, 'x', '')",
    )
    refused(tmp_path / "s", path)


@pytest.mark.parametrize("change", ["UPDATE documents SET contents = ''", "UPDATE commands SET payload = '{'", "UPDATE commands SET payload = '5'",
                                    "INSERT INTO highlight_tags VALUES (1, 99)", "DROP TABLE users", "DELETE FROM highlights"])  # fmt: skip
def test_a_database_with_odd_rows_comes_in_as_far_as_it_goes(tmp_path, change):
    run("import", tmp_path / "s", database(tmp_path / "t.sqlite3", HTML, MADE, change))
    assert len(own_codes_in(tmp_path / "s")) == 3
