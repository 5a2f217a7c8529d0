"""What is wrong with a message as a phone shows it: sideways, the wrong way round, or hard to read."""

from typing import Any

from playwright.sync_api import Page

from services.notifications.domain.languages import LANGUAGES
from tests.servers.browser import SCREENSHOTS

PHONE = 360
LOOK = """() => {
  const rgb = (text) => (text.match(/[\\d.]+/g) || []).map(Number);
  const linear = (part) => (part /= 255) <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  const light = ([r, g, b]) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const found = rgb(getComputedStyle(at).backgroundColor);
      if (found.length === 3 || found[3] === 1) return found;
    }
    return [255, 255, 255];
  };
  const problems = [], cell = document.querySelector("table table");
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement, style = getComputedStyle(element);
    if (!node.data.trim() || element.closest(".preheader") || !element.getClientRects().length) continue;
    const [one, other] = [light(rgb(style.color)), light(behind(element))].sort((a, b) => b - a);
    const size = parseFloat(style.fontSize), big = size >= 24 || (size >= 18.66 && style.fontWeight >= 600);
    const ratio = (one + 0.05) / (other + 0.05);
    if (ratio < (big ? 3 : 4.5)) problems.push(`contrast ${ratio.toFixed(2)}: ${node.data.trim().slice(0, 40)}`);
    if (size < 12) problems.push(`${size}px: ${node.data.trim().slice(0, 40)}`);
  }
  const wide = document.documentElement.scrollWidth;
  if (wide > innerWidth) problems.push(`${wide}px wide`);
  return {problems, direction: getComputedStyle(cell).direction, page: getComputedStyle(document.body).direction,
          language: document.documentElement.lang, ground: light(behind(cell))};
}"""


def look(page: Page, html: str, name: str, *, dark: bool) -> list[str]:
    """What is wrong with a message; a picture of it is kept if something is."""
    page.set_content(html)
    found: dict[str, Any] = page.evaluate(LOOK)
    code = name.rpartition(".")[2]
    problems: list[str] = list(found["problems"])
    if {found["direction"], found["page"]} != {LANGUAGES[code].direction} or found["language"] != code:
        problems.append(f"{found['language']} goes {found['direction']}")
    if (found["ground"] < 0.2) is not dark:
        problems.append("the ground is not as dark or light as was asked for")
    if problems:
        SCREENSHOTS.mkdir(exist_ok=True)
        page.screenshot(path=SCREENSHOTS / f"mail-{name}-{'dark' if dark else 'light'}.png", full_page=True)
    return [f"{name} {'dark' if dark else 'light'}: {problem}" for problem in problems]
