"""One person's whole way through weness in a real browser, from the first start to an exported study."""

from __future__ import annotations

import re
import zipfile

import pytest

from tests.web.living import CHROMIUM, FLAGS, NEEDED, account, barriers, serving, settled, watched

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM and not NEEDED, reason="no browser: WENESS_CHROMIUM names one"),
]
TEXTS = {
    "2025-02-03 interview Marge Oland.txt": """Interview with Marge Oland, Millbrook Water Board, 3 February 2025

Q: How did the river table begin?
MO: We at the water board asked the farmers' union to sit down with us after the flood. At first they did not trust us, and I cannot blame them.
Q: And now?
MO: Now we have a shared goal, all of us around the table: a river that floods fields and not houses. We decided together who opens the sluice, and we keep to it.
MO: Last spring we quarrelled about the money. Still, everyone came back the week after.
""",
    "2025-02-10 interview Per Dahl.txt": """Interview with Per Dahl, Farmers' Union Eastbank, 10 February 2025

Q: Who is 'we' when you say we?
PD: We farmers lost the winter wheat, so we were angry with the water board.
Q: And the river table?
PD: At the river table we agreed on a rule: whoever floods, the others help with pumps. I trust Marge to keep her word. We do it together now.
PD: My neighbours do not see it yet. They say the water board decides and we may nod.
""",
    "2025-03-01 minutes river table.txt": """Minutes of the river table, 1 March 2025
Present: Marge Oland (Millbrook Water Board), Per Dahl (Farmers' Union Eastbank), Ines Holt (Town of Eastbank)

We agreed that the sluice is opened by two of us together. The town pays for the pumps this year.
Ines Holt said that we need a name for what we do. The table decided to call itself the River Table.
""",
}
BROKEN = ("broken.pdf", b"%PDF-1.7 and then nothing that is one")


@pytest.fixture(scope="module")
def browser():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


def select(page, words: str) -> None:
    """Marks words in the text as a mouse does."""
    page.evaluate(
        """words => {
          for (const p of document.querySelectorAll('#text p[data-start]')) {
            const walk = document.createTreeWalker(p, NodeFilter.SHOW_TEXT);
            for (let node = walk.nextNode(); node; node = walk.nextNode()) {
              const at = node.data.indexOf(words);
              if (at < 0) continue;
              p.scrollIntoView({block: 'center'});
              const range = document.createRange();
              range.setStart(node, at); range.setEnd(node, at + words.length);
              getSelection().removeAllRanges(); getSelection().addRange(range);
              document.dispatchEvent(new Event('selectionchange'));
              p.dispatchEvent(new PointerEvent('pointerup', {bubbles: true}));
              p.dispatchEvent(new MouseEvent('mouseup', {bubbles: true}));
              return;
            }
          }
          throw new Error('not in the text: ' + words);
        }""",
        words,
    )
    page.wait_for_timeout(250)


def saved(page):
    """The answer of the server to the next action."""
    return page.expect_response(lambda answer: answer.url.endswith("/do") and answer.status == 200)


def code(page, words: str, code: str) -> dict:
    select(page, words)
    with saved(page) as answer:
        page.locator(f"#codes li[data-code={code}] button.code").click()
    return answer.value.json()


def test_from_the_first_start_to_an_exported_study(browser, tmp_path, new_database):
    with serving(tmp_path / "home", new_database()) as server:
        context = browser.new_context(locale="en-GB", accept_downloads=True, viewport={"width": 1400, "height": 900})
        page = watched(context.new_page(), server.address)
        page.on("dialog", lambda one: one.accept())
        account(page, server.link, "Ana")
        study = brings_files_in(page, tmp_path)
        corrects_a_turn(page, study)
        codes_and_decides(page, study)
        works_on_while_the_line_is_down(page, study)
        checks_blind(page, study)
        sees_where_the_partnership_stands(page, study)
        plans_a_step(page, study)
        leaves_with_the_work(page, study, tmp_path)
        another_account_sees_nothing_of_it(browser, page, server, study)
        assert [one for one in page.complaints if "ERR_INTERNET_DISCONNECTED" not in one] == []
        context.close()


def brings_files_in(page, folder) -> str:
    page.get_by_label("Name", exact=True).fill("River Table")
    page.get_by_role("button", name="Create").click()
    page.wait_for_url(re.compile("/setup$"))
    study = page.url.removesuffix("/setup")
    files = folder / "files"
    files.mkdir()
    for name, text in TEXTS.items():
        (files / name).write_text(text, "utf-8")
    (files / BROKEN[0]).write_bytes(BROKEN[1])
    page.set_input_files("#pick", sorted(files.iterdir()))
    page.wait_for_selector("#outcomes li.taken >> nth=2", timeout=60_000)
    page.wait_for_selector("#outcomes li.refused")
    assert page.locator("#outcomes li.refused .file").inner_text() == "broken.pdf", "one that fails stops no other"
    settled(page)
    page.goto(f"{study}/setup")
    assert page.locator("#documents tbody tr").count() == len(TEXTS)
    assert page.locator(".guess").count() > 0, "what was guessed is shown as a guess"
    guessed = page.locator(".guess").count()
    page.locator("#guesses button").first.click()
    # What is missing stays open until somebody says it.
    page.wait_for_function("n => document.querySelectorAll('.guess').length < n", arg=guessed)
    return study


def corrects_a_turn(page, study) -> None:
    page.goto(f"{study}/texts/1/turns")
    row = page.locator("table.voices tr", has=page.locator("input[value='MO']"))
    who = row.locator("select").first
    who.select_option(value=who.locator("option", has_text="Marge Oland").first.get_attribute("value"))
    page.get_by_role("button", name="Look at the effect").or_(page.locator("button[hx-target='#found']")).first.click()
    page.wait_for_selector("#found [role=status]")
    assert page.locator("#found .who", has_text="Marge Oland").count() >= 2
    page.locator("#turns-form button.main").click()
    page.wait_for_load_state()
    settled(page)


def codes_and_decides(page, study) -> None:
    page.goto(f"{study}/texts/1")
    page.wait_for_selector("#text p[data-start]")
    done = code(page, "a shared goal", "PURPOSE")
    assert done["can"]["undo"] == "code"
    code(page, "they did not trust us", "TRUST")
    overlapping = code(page, "trust us, and I cannot blame them", "RECOGNITION")
    assert overlapping["changes"][0]["row"]["words"].startswith("trust us")

    before = page.locator("#left").inner_text()
    with saved(page) as answer:
        page.locator("#text").focus()
        page.keyboard.press("n")
        page.keyboard.press("a")
    accepted = [one["row"] for one in answer.value.json()["changes"] if one["table"] == "coding"]
    assert accepted[0]["suggested"]["probability"] > 0
    assert page.locator("#left").inner_text() != before
    with saved(page) as answer:
        page.keyboard.press("n")
        page.keyboard.press("x")
    assert answer.value.json()["changes"][0]["table"] == "rejection"

    with page.expect_response(re.compile("/undo$")) as answer:
        page.keyboard.press("Control+z")
    assert answer.value.json()["verb"] == "reject"
    with page.expect_response(re.compile("/redo$")) as answer:
        page.keyboard.press("Control+y")
    assert answer.value.json()["can"]["undo"] == "reject"

    with saved(page) as answer:
        page.keyboard.press("]")
        page.keyboard.press("p")
    referent = [one["row"] for one in answer.value.json()["changes"] if one["row"]]
    assert referent[-1]["code"] == "WE_PARTNERSHIP"
    with saved(page):
        page.locator("input[data-family=A]").check()
    page.reload()
    page.wait_for_selector("#text p[data-start]")
    assert page.locator("#codes li[data-code=PURPOSE] .n").inner_text() == "1", "what was done is there again"


def works_on_while_the_line_is_down(page, study) -> None:
    page.context.set_offline(True)
    select(page, "Last spring we quarrelled")
    page.locator("#codes li[data-code=CONFLICT] button.code").click()
    page.wait_for_selector("#unsaved:not([hidden])")
    assert page.locator("#codes li[data-code=CONFLICT] .n").inner_text() == "1"
    page.context.set_offline(False)
    page.wait_for_selector("#unsaved", state="hidden", timeout=30_000)
    page.reload()
    page.wait_for_selector("#text p[data-start]")
    assert page.locator("#codes li[data-code=CONFLICT] .n").inner_text() == "1"


def checks_blind(page, study) -> None:
    page.goto(f"{study}/review")
    page.get_by_label("How many").or_(page.locator("#n")).first.fill("6")
    page.locator("form.draw button").click()
    page.wait_for_load_state()
    page.wait_for_selector(f"a[href='{study[study.index('/s/') :]}/review/checks'], a[href$='/checks']", timeout=60_000)
    page.locator("a[href$='/checks']").first.click()
    shown = page.locator("main").inner_text()
    assert not re.search(r"\d+ %|machine|Ana coded", shown), "no code of anybody stands beside the item"
    assert barriers(page) == []
    for _ in range(2):
        title = page.locator("main").inner_text()
        page.keyboard.press(page.locator("label.choice").first.get_attribute("data-key"))
        page.wait_for_selector("label.choice input:checked")
        page.keyboard.press("Enter")
        page.wait_for_function("before => document.querySelector('main').innerText !== before", arg=title)


def sees_where_the_partnership_stands(page, study) -> None:
    page.goto(f"{study}/overview")
    settled(page)
    page.reload()
    assert "River Table" in page.locator("main h1").first.inner_text()
    quote = page.locator("main a[href*='/texts/'][href*='at=']").first
    href = quote.get_attribute("href")
    page.goto(f"{study[: study.index('/s/')]}{href}")
    page.wait_for_selector("#text p[data-start]")
    page.goto(f"{study}/overview?language=en")
    page.wait_for_function(
        "() => !document.querySelector('#state .working') && document.querySelector('main h1')", timeout=120_000
    )


def plans_a_step(page, study) -> None:
    page.goto(f"{study}/actions")
    page.locator("main a[href*='/actions/']").first.click()
    page.locator("#owner").fill("Marge")
    page.locator("#due").fill("2027-01-15")
    page.locator("#note").fill("Two of us at the sluice")
    page.locator("section.adopt button.main").click()
    page.wait_for_selector("#board li.card")
    page.locator("#board .moves button").first.click()
    page.wait_for_selector("#board [data-state=doing] li.card")
    page.locator("button[data-undo]").click()
    page.wait_for_selector("#board [data-state=planned] li.card")
    with page.expect_download() as download:
        page.locator("a[href$='actions.ics']").click()
    calendar = download.value.path().read_text("utf-8")
    assert "DTSTART;VALUE=DATE:20270115" in calendar


def leaves_with_the_work(page, study, folder) -> None:
    page.goto(f"{study}/exports")
    page.locator("input[name=format][value=qdpx]").check()
    page.locator("form.card button.main").click()
    link = page.locator("a[href*='/exports/']").first
    link.wait_for(timeout=120_000)
    with page.expect_download() as download:
        link.click()
    project = folder / "study.qdpx"
    download.value.save_as(project)
    with zipfile.ZipFile(project) as package:
        told = package.read("project.qde").decode()
    assert 'name="Ana"' in told
    assert "River" in told or "Marge" in told


def another_account_sees_nothing_of_it(browser, page, server, study) -> None:
    page.goto(f"{server.address}/account")
    page.get_by_role("button", name="Make a link for another person").click()
    link = page.locator("code.link").inner_text()
    context = browser.new_context(locale="nl-NL")
    other = context.new_page()
    account(other, link, "Bram")
    assert "Uw studies" in other.locator("h1").inner_text()
    for place in ("", "/overview", "/texts/1", "/exports"):
        assert other.goto(f"{study}{place}").status == 404
    answer = other.evaluate(
        """async address => (await fetch(address, {method: 'POST', headers: {'Content-Type': 'application/json',
        'X-CSRFToken': document.body.dataset.csrf, Accept: 'application/json'}, body: '{}'})).status""",
        f"{study}/texts/1/do",
    )
    assert answer == 404
    context.close()


def test_two_persons_code_blind_and_settle_what_they_read_otherwise(browser, tmp_path, new_database):
    with serving(tmp_path / "home", new_database()) as server:
        ana, bram = (browser.new_context(locale="en-GB").new_page() for _ in range(2))
        for page in (ana, bram):
            watched(page, server.address)
            page.on("dialog", lambda one: one.accept())
        account(ana, server.link, "Ana")
        study = brings_files_in(ana, tmp_path)
        ana.goto(f"{server.address}/account")
        ana.get_by_role("button", name="Make a link for another person").click()
        account(bram, ana.locator("code.link").inner_text(), "Bram")
        ana.goto(f"{study}/setup")
        ana.locator("#member-name").fill("Bram")
        ana.locator("#members form.row button").click()
        ana.goto(f"{study}/review")
        ana.locator("form[action$='/blind/begin'] button").click()
        each_codes_alone(ana, study, "TRUST")
        each_codes_alone(bram, study, "CONFLICT")
        for page in (ana, bram):
            page.goto(f"{study}/review")
            page.locator("form[action$='/blind/close'] button").click()
            page.wait_for_load_state()
        they_settle_it(ana, study)
        assert ana.complaints == bram.complaints == []
        for page in (ana, bram):
            page.context.close()


def each_codes_alone(page, study, other: str) -> None:
    page.goto(f"{study}/texts/1")
    page.wait_for_selector("#text p[data-start]")
    assert page.locator("[data-show=machine]").count() == 0, "no suggestion of the machine is seen"
    for words, one in (("a shared goal", "PURPOSE"), ("they did not trust us", other)):
        assert page.locator(f"#codes li[data-code={one}] .n").inner_text() in ("", "0"), "nobody's code is seen"
        code(page, words, one)
    for family in "ABC":
        with saved(page):
            page.locator(f"input[data-family={family}]").check()
    there = page.context.request.get(f"{study}/overview")
    assert there.status == 403, "findings rest on the others' codes"


def they_settle_it(page, study) -> None:
    page.goto(f"{study}/review/agreement")
    page.wait_for_selector("table.coders", timeout=60_000)
    assert barriers(page) == []
    figures = page.locator("main").inner_text()
    assert "Ana" in figures
    assert "Bram" in figures
    page.goto(f"{study}/review/disagreements")
    assert barriers(page) == []
    assert "they did not trust us" in page.locator("main").inner_text()
    page.locator("a.button.main").first.click()
    assert barriers(page) == []
    page.locator("input[name=choice]").first.check()
    page.locator("#why").fill("She says what they felt, not what they did.")
    page.locator("form[data-judge] button.main").click()
    page.wait_for_function("() => document.querySelector('[data-said]').innerText")
    page.goto(f"{study}/review/disagreements")
    assert "She says what they felt" in page.locator("main").inner_text()
