"""Two ways to carry out the same steps: with the mouse, and with the keyboard alone."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Error, FileChooser, Locator, Page, expect

MOST_STOPS = 250
# Where the focus is: can it be seen, and is anything lying over it?
FOCUS = """
(wanted) => {
  const el = document.activeElement;
  if (!el || el === document.body) return {place: "body", there: false, faults: []};
  const style = getComputedStyle(el);
  const marks = [el, el.labels?.[0], el.nextElementSibling, el.parentElement].filter(Boolean);
  const shown = marks.some((mark) => [null, "::before", "::after"].some((part) => {
    const s = getComputedStyle(mark, part);
    return (s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 1) || s.boxShadow !== "none";
  }));
  const box = el.getBoundingClientRect();
  const faults = [];
  const name = el.outerHTML.slice(0, 90);
  if (!shown) faults.push("the focus cannot be seen on " + name);
  if (box.bottom <= 0 || box.top >= innerHeight || box.right <= 0 || box.left >= innerWidth) {
    faults.push("the focus is outside the window on " + name);
  } else {
    const spots = [0.1, 0.5, 0.9].flatMap((x) => [0.1, 0.5, 0.9].map((y) => [
      Math.min(Math.max(box.left + box.width * x, 0), innerWidth - 1),
      Math.min(Math.max(box.top + box.height * y, 0), innerHeight - 1),
    ]));
    const free = spots.some(([x, y]) => {
      const top = document.elementFromPoint(x, y);
      const own = [el, ...(el.labels || [])];
      return top && (top.contains(el) || own.some((part) => part.contains(top)));
    });
    if (!free) faults.push("something lies over " + name);
  }
  return {place: name, there: el === wanted, faults};
}
"""


class Pointer:
    """Mouse and typing; works with and without JavaScript."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def link(self, name: str | re.Pattern[str], within: str = "main") -> None:
        self._act(self._find("link", name, within))

    def button(self, name: str | re.Pattern[str], within: str = "main") -> None:
        self._act(self._find("button", name, within))

    def write(self, label: str, text: str, within: str = "main") -> None:
        self._fill(self._field(label, within), text)

    def choose(self, label: str, option: str, within: str = "main") -> None:
        self._field(label, within).select_option(label=option)

    def tick(self, label: str, within: str = "main") -> None:
        self._field(label, within).check()

    def upload(self, label: str, path: Path) -> None:
        self._field(label, "main").set_input_files(path)

    def unfold(self, name: str) -> None:
        self._act(self.page.locator("main summary", has_text=name))

    def reads(self, *texts: str, within: str = "body") -> None:
        """The page shows these texts."""
        for text in texts:
            expect(self.page.locator(within)).to_contain_text(text)

    def lacks(self, *texts: str, within: str = "body") -> None:
        for text in texts:
            expect(self.page.locator(within)).not_to_contain_text(text)

    def _find(self, role: Any, name: str | re.Pattern[str], within: str) -> Locator:
        exact = isinstance(name, str)
        return self.page.locator(within).get_by_role(role, name=name, exact=exact).first

    def _field(self, label: str, within: str) -> Locator:
        # A field that may stay empty says so in its label.
        whole = re.compile(rf"^\s*{re.escape(label)}(\s*\(.*\))?\s*$", re.DOTALL)
        return self.page.locator(within).get_by_label(whole).first

    def _act(self, target: Locator) -> None:
        target.click()

    def _fill(self, target: Locator, text: str) -> None:
        target.fill(text)


class Keyboard(Pointer):
    """Tab, Shift+Tab, Enter, Space and arrows; the focus is looked at on every stop."""

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        self.faults: list[str] = []
        # Listening from the start: a chooser that opens before the first listener is the
        # browser's own, which nobody can answer.
        self.choosers: list[FileChooser] = []
        page.on("filechooser", self._chosen)

    def _chosen(self, chooser: FileChooser) -> None:
        self.choosers.append(chooser)

    def walk_to(self, target: Locator) -> None:
        """Tab forward (round the page, if need be) until the focus is on `target`."""
        wanted = target.element_handle()
        for _stop in range(MOST_STOPS):
            try:
                stop = self.page.evaluate(FOCUS, wanted)
            except Error:  # the page before was still on its way out
                wanted = target.element_handle()
                continue
            self.faults += [fault for fault in stop["faults"] if fault not in self.faults]
            if stop["there"]:
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{target} cannot be reached with Tab")

    def choose(self, label: str, option: str, within: str = "main") -> None:
        field = self._field(label, within)
        self.walk_to(field)
        self.page.keyboard.press("Home")
        for _option in range(40):
            if field.locator("option:checked").text_content() == option:
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"{option!r} cannot be chosen under {label!r}")

    def tick(self, label: str, within: str = "main") -> None:
        """Tab reaches the chosen button of a group, the arrows the others."""
        wanted = self._field(label, within)
        name = wanted.get_attribute("name")
        self.walk_to(self.page.locator(f"{within} input[name='{name}']:checked"))
        for _option in range(5):
            if wanted.is_checked():
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"{label!r} cannot be chosen")

    def upload(self, label: str, path: Path) -> None:
        field = self._field(label, "main")
        for key in ("Enter", "Space", "Enter", "Space"):
            self.walk_to(field)
            self.page.keyboard.press(key)
            for _wait in range(50):
                if self.choosers:
                    self.choosers.pop().set_files(path)
                    return
                self.page.wait_for_timeout(100)
        raise AssertionError(f"no file can be chosen under {label!r}")

    def _act(self, target: Locator) -> None:
        self.walk_to(target)
        self.page.keyboard.press("Enter")

    def _fill(self, target: Locator, text: str) -> None:
        self.walk_to(target)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.insert_text(text)


Driver = Callable[[Page], Pointer]
