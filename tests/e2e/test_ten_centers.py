"""The lesson's model: ten centers whose names a person changes."""

import re
from typing import Any

from playwright.sync_api import expect


def test_renaming_a_center_changes_the_readings_at_once(tab: Any) -> None:
    page = tab.page
    tab.choose_ten_centers()
    expect(page.locator("[data-part=score]")).to_contain_text("Ten centers are too few")
    score = page.locator("[data-part=score] strong")
    before = score.inner_text()
    tab.draw(3, "0")
    expect(tab.reading(3)).to_have_text("0")
    cluster = tab.section(3).locator("figcaption", has_text=re.compile(r"^Cluster \d$")).inner_text().split()[1]
    field = page.get_by_label(f"Name of cluster {cluster}")
    expect(field).to_have_value("0")
    for name in ["nine", "零"]:
        field.fill(name)
        expect(tab.reading(3)).to_have_text(name)
        expect(score).not_to_have_text(before)
    sentence = "No center is named 0, so nothing you draw can be read as 0."
    expect(page.locator("[data-part=score]")).to_contain_text(sentence)
    page.reload()
    expect(field).to_have_value("零")
    expect(tab.reading(3)).to_have_text("零")
    page.get_by_role("button", name="Reset names").click()
    expect(field).to_have_value("0")
    expect(tab.reading(3)).to_have_text("0")
    expect(score).to_have_text(before)


def test_a_name_that_cannot_be_is_told(tab: Any, watched: Any) -> None:
    page = tab.page
    tab.choose_ten_centers()
    field = page.get_by_label("Name of cluster 0")
    old = field.input_value()
    field.fill("?")
    expect(page.get_by_role("alert")).to_contain_text("A name must not be '?'")
    field.fill("")
    field.blur()
    expect(field).to_have_value(old)
    [complaint] = watched.complaints
    assert complaint.startswith("Failed to load resource: the server responded with a status of 422")
    watched.complaints.clear()


def test_drawings_and_the_chosen_model_survive_a_reload(tab: Any) -> None:
    page = tab.page
    tab.choose_ten_centers()
    tab.draw(1, "0")
    expect(tab.reading(1)).to_have_text("0")
    page.reload()
    expect(page.get_by_label("Ten centers", exact=True)).to_be_checked()
    expect(tab.pad(1)).to_have_accessible_name("Box 1: one stroke drawn")
    expect(tab.reading(1)).to_have_text("0")
