/* Hearth's small script. Every page works without it; it only makes them kinder. No dependencies. */
(() => {
  "use strict";
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const texts = JSON.parse(document.getElementById("hearth-texts")?.textContent || "{}");
  const say = (key, values = {}) =>
    (texts[key] || key).replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
  const language = document.documentElement.lang || "en";
  const number = (n) => n.toLocaleString(language);
  const clockTime = (when) => new Date(when).toLocaleTimeString(language, { hour: "2-digit", minute: "2-digit" });
  const PREFIX = "hearth-kept:";
  let gone = false; // somebody has left quickly: nothing is written down any more
  const store = {
    get(key) { try { return JSON.parse(localStorage.getItem(key)); } catch { return null; } },
    set(key, value) { if (gone) return; try { localStorage.setItem(key, JSON.stringify(value)); } catch { /* full or off */ } },
    drop(key) { try { localStorage.removeItem(key); } catch { /* off */ } },
    clear() { try { Object.keys(localStorage).filter((k) => k.startsWith(PREFIX)).forEach((k) => localStorage.removeItem(k)); } catch { /* off */ } },
  };
  /* Words that arrived are forgotten, and those that nobody came back for do not stay on a shared machine for ever. */
  const WEEK = 7 * 24 * 3600 * 1000;
  try {
    const over = (kept) => !(Date.now() - kept?.at < WEEK) || (kept.sent && !("failed" in document.body.dataset));
    Object.keys(localStorage).filter((k) => k.startsWith(PREFIX) && over(store.get(k))).forEach(store.drop);
  } catch { /* off */ }
  const make = (tag, attributes, text) => {
    const node = Object.assign(document.createElement(tag), attributes);
    if (text) node.textContent = text;
    return node;
  };

  /* Error summary: focus it, and bring the question, not only the box, into view. */
  for (const summary of all('[data-module="govuk-error-summary"]')) {
    summary.tabIndex = -1;
    summary.focus();
    summary.addEventListener("click", (event) => {
      const id = event.target.closest?.("a")?.hash?.slice(1);
      const field = id && document.getElementById(decodeURIComponent(id));
      if (!field) return;
      event.preventDefault();
      (field.closest("fieldset")?.querySelector("legend") || document.querySelector(`label[for="${CSS.escape(field.id)}"]`) || field).scrollIntoView();
      field.focus({ preventScroll: true });
    });
  }

  /* Word and character count: shown at once, spoken after a pause. */
  const counter = (group) => {
    const box = group.querySelector("textarea, input");
    const info = group.querySelector(".word-count");
    if (!box || !info) return;
    const words = Number(group.dataset.words);
    const limit = words || Number(group.dataset.characters);
    const shown = make("p", { className: "word-count-now" });
    shown.setAttribute("aria-hidden", "true");
    const spoken = make("p", { className: "govuk-visually-hidden" });
    spoken.setAttribute("aria-live", "polite");
    info.classList.add("govuk-visually-hidden");
    info.after(shown, spoken);
    const count = () => (words ? (box.value.match(/\S+/g) || []).length : [...box.value].length);
    const tell = () => {
      const left = limit - count();
      const kind = (words ? "words" : "characters") + (left < 0 ? "Over" : "Left");
      shown.textContent = say(kind, { n: number(Math.abs(left)) });
      shown.classList.toggle("is-over", left < 0);
      box.classList.toggle("govuk-textarea--error", left < 0 || Boolean(group.querySelector(".govuk-error-message")));
    };
    let pause;
    box.addEventListener("input", () => {
      tell();
      clearTimeout(pause);
      pause = setTimeout(() => { spoken.textContent = shown.textContent; }, 1200);
    });
    tell();
  };
  all('[data-module="count"]').forEach(counter);

  /* "None of these" clears the other boxes of its group, and they clear it. */
  document.addEventListener("change", (event) => {
    const box = event.target;
    if (box.type !== "checkbox" || !box.checked) return;
    const group = box.closest(".govuk-checkboxes");
    if (!group) return;
    const alone = box.dataset.behaviour === "exclusive";
    for (const other of all('input[type="checkbox"]', group)) {
      if (other !== box && other.name === box.name && (alone || other.dataset.behaviour === "exclusive")) other.checked = false;
    }
  });

  /* Work that takes some seconds says so while it goes on. */
  const working = (form, button) => {
    const words = button?.dataset.working || (button?.name !== "do" || button.value === "choose" ? form.dataset.working : "");
    if (!words) return;
    const line = make("p", { className: "working" }, words);
    line.setAttribute("role", "status");
    line.prepend(make("progress", { ariaLabel: words }));
    (button?.closest(".govuk-button-group") || button || form).after(line);
    window.addEventListener("pageshow", () => line.remove(), { once: true });
  };

  /* One press sends a form once. */
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post") return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    if (event.defaultPrevented) return;
    form.dataset.sent = "yes";
    working(form, event.submitter);
    event.submitter?.setAttribute("aria-disabled", "true");
    const free = () => { delete form.dataset.sent; event.submitter?.removeAttribute("aria-disabled"); };
    setTimeout(free, 8000);
    window.addEventListener("pageshow", (shown) => { if (shown.persisted) free(); }, { once: true });
    if (form.hasAttribute("data-sign-out")) store.clear();
  });

  /* What the person typed, without secrets, files or the page's own fields. */
  const typed = (form) => {
    const fields = [];
    for (const [name, value] of new FormData(form)) {
      const field = form.elements[name];
      if (typeof value === "string" && field?.type !== "hidden" && field?.type !== "password") fields.push([name, value]);
    }
    return fields;
  };
  const putBack = (form, fields) => {
    const wanted = new Map();
    for (const [name, value] of fields) wanted.set(name, [...(wanted.get(name) || []), value]);
    for (const field of form.elements) {
      if (!field.name || ["hidden", "file", "submit", "button", "password"].includes(field.type)) continue;
      const values = wanted.get(field.name) || [];
      if (field.type === "radio" || field.type === "checkbox") field.checked = values.includes(field.value);
      else if (values.length) field.value = values.shift();
    }
    form.dispatchEvent(new Event("input", { bubbles: true }));
    all("textarea", form).forEach((box) => box.dispatchEvent(new Event("input", { bubbles: true })));
  };

  /* Leaving with unsaved words: the browser asks. */
  const unsaved = new Set();
  window.addEventListener("beforeunload", (event) => { if (unsaved.size) { event.preventDefault(); event.returnValue = ""; } });
  const watch = (form) => {
    form.addEventListener("input", () => unsaved.add(form));
    form.addEventListener("submit", () => unsaved.delete(form));
  };
  all('form[data-module="guard"]').forEach(watch);

  /* Autosave: send after a pause; if that fails keep the words on this device and try again. */
  const autosave = (form) => {
    const key = PREFIX + (form.dataset.autosaveKey || location.pathname);
    const status = form.querySelector("[data-saved-status]") || form.appendChild(make("p", { className: "saved-status", role: "status" }));
    let timer, sending = false, again = false, stopped = false, last = JSON.stringify(typed(form));
    const show = (kind, words) => { status.dataset.kind = kind; status.textContent = words; };
    const keep = () => store.set(key, { at: Date.now(), fields: typed(form) });
    const failed = (kind) => { keep(); show("bad", say(kind)); unsaved.add(form); };
    /* Sending the form shows both versions on one page; until then nothing more is saved from here. */
    const changedElsewhere = () => {
      stopped = true;
      failed("elsewhere");
      status.append(" ", make("button", { type: "submit", className: "govuk-button govuk-button--secondary" }, say("seeBoth")));
    };
    /* Not every broken connection tells when it is back: ask again, less and less often. */
    let wait = 5000;
    const notReached = () => { failed("offline"); plan(wait); wait = Math.min(wait * 2, 60000); };
    const body = () => {
      const data = new FormData(form);
      for (const [name, value] of [...data]) if (typeof value !== "string") data.delete(name);
      return new URLSearchParams(data);
    };
    const sent = async (answer, now) => {
      const result = answer.status === 204 ? {} : await answer.json();
      if (result.revision !== undefined && form.elements.revision) form.elements.revision.value = result.revision;
      last = now;
      wait = 5000;
      store.drop(key);
      unsaved.delete(form);
      show("good", say("saved", { time: clockTime(Date.now()) }));
    };
    const send = async () => {
      const now = JSON.stringify(typed(form));
      if (stopped || now === last || form.dataset.sent) return;
      if (sending) { again = true; return; }
      sending = true;
      show("", say("saving"));
      try {
        const answer = await fetch(form.dataset.autosaveUrl, {
          method: "POST", body: body(), credentials: "same-origin", headers: { Accept: "application/json", "X-Autosave": "1" },
        });
        const json = (answer.headers.get("content-type") || "").includes("json");
        if (answer.status === 409) changedElsewhere();
        else if (answer.ok && (json || answer.status === 204)) await sent(answer, now);
        else if (answer.status < 500) failed("signedOut");
        else notReached();
      } catch { notReached(); }
      sending = false;
      if (again) { again = false; plan(0); }
    };
    const plan = (after) => { clearTimeout(timer); timer = setTimeout(send, after); };
    form.addEventListener("input", () => plan(1500));
    form.addEventListener("change", () => plan(300));
    /* Kept until a page of ours answers: whether the words arrive is not known yet. */
    form.addEventListener("submit", () => { clearTimeout(timer); store.set(key, { at: Date.now(), fields: typed(form), sent: true }); });
    window.addEventListener("online", () => plan(0));
    document.addEventListener("visibilitychange", () => { if (document.hidden) plan(0); });
    form.addEventListener("hearth:save", () => plan(0));
    /* Back, or another page, before the pause is over: kept here at once, and sent by what outlives the page. */
    window.addEventListener("pagehide", () => {
      if (gone || stopped || form.dataset.sent || JSON.stringify(typed(form)) === last) return;
      keep();
      fetch(form.dataset.autosaveUrl, {
        method: "POST", body: body(), credentials: "same-origin", keepalive: true, headers: { Accept: "application/json", "X-Autosave": "1" },
      }).catch(() => {});
    });
    watch(form);
    const kept = store.get(key);
    if (kept && JSON.stringify(kept.fields) !== last) {
      const box = make("div", { className: "notice notice-warning" });
      const words = make("p", {}, say("kept", { time: clockTime(kept.at) }) + " ");
      const back = make("button", { type: "button", className: "govuk-button govuk-button--secondary" }, say("restore"));
      const drop = make("button", { type: "button", className: "govuk-button govuk-button--quiet" }, say("discard"));
      back.onclick = () => { putBack(form, kept.fields); box.remove(); plan(0); };
      drop.onclick = () => { store.drop(key); box.remove(); };
      box.append(words, back, drop);
      form.prepend(box);
    } else if (kept) store.drop(key);
  };
  all('form[data-module="autosave"]').forEach(autosave);

  /* Leave this site: by the link, or Esc three times. Nothing typed stays on the device. */
  for (const link of all('[data-module="quick-exit"]')) {
    const spoken = make("p", { className: "govuk-visually-hidden" });
    spoken.setAttribute("role", "status");
    link.before(spoken);
    let presses = 0, forget;
    const leave = () => {
      gone = true;
      unsaved.clear();
      store.clear();
      document.body.hidden = true;
      document.title = "…";
      location.replace(link.href);
    };
    link.addEventListener("click", (event) => { event.preventDefault(); leave(); });
    document.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") { presses = 0; return; }
      presses += 1;
      clearTimeout(forget);
      forget = setTimeout(() => { presses = 0; spoken.textContent = ""; }, 5000);
      if (presses >= 3) leave();
      else spoken.textContent = say("exitMore", { n: number(3 - presses) });
    });
  }

  /* A file that is too large is refused before it is sent: nobody waits, and pays, for nothing. */
  for (const field of all('input[type="file"][data-most-megabytes]')) {
    field.addEventListener("change", () => {
      const large = [...field.files].some((file) => file.size > Number(field.dataset.mostMegabytes) * 1048576);
      field.setCustomValidity(large ? field.dataset.tooLarge : "");
      if (large) { field.reportValidity(); field.value = ""; }
    });
  }

  /* Filters: the list changes in place, the address follows, focus stays. */
  for (const form of all('form[data-module="filter"]')) {
    const spoken = make("p", { className: "govuk-visually-hidden" });
    spoken.setAttribute("role", "status");
    form.append(spoken);
    let timer, latest = 0;
    const refresh = async () => {
      const mine = ++latest;
      const query = new URLSearchParams([...new FormData(form)].filter(([, value]) => value !== ""));
      const address = `${(form.getAttribute("action") || location.pathname).split("?")[0]}?${query}`;
      try {
        const answer = await fetch(address, { credentials: "same-origin", headers: { Accept: "text/html" } });
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        const here = document.getElementById(form.dataset.filterTarget);
        const fresh = page.getElementById(form.dataset.filterTarget);
        if (mine !== latest) return;
        if (!answer.ok || !here || !fresh) { form.submit(); return; }
        here.replaceWith(fresh);
        history.replaceState(null, "", address);
        spoken.textContent = fresh.dataset.summary || say("filtered");
      } catch { form.submit(); }
    };
    const plan = (after) => { clearTimeout(timer); timer = setTimeout(refresh, after); };
    form.addEventListener("change", () => plan(0));
    form.addEventListener("input", (event) => { if (event.target.matches('[type="text"],[type="search"]')) plan(500); });
    form.addEventListener("submit", (event) => { event.preventDefault(); plan(0); });
  }

  /* Something is being worked out: the part that says how far it is is looked at again, until the page is another one. */
  if (document.querySelector("[data-look-again]")) {
    const look = async () => {
      const here = document.querySelector("[data-look-again]");
      try {
        const answer = await fetch(location.href, { credentials: "same-origin", headers: { Accept: "text/html" } });
        const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-look-again]");
        if (!fresh) { location.reload(); return; }
        if (fresh.innerHTML !== here.innerHTML) here.innerHTML = fresh.innerHTML;
      } catch { /* the link does the same */ }
      setTimeout(look, 2000);
    };
    setTimeout(look, 2000);
  }

  /* A check while somebody types: what is typed so far is asked about, and the answer takes its place on the page. */
  for (const form of all("form[data-check-url]")) {
    let timer, latest = 0;
    const ask = async () => {
      const mine = ++latest;
      try {
        const answer = await fetch(form.dataset.checkUrl, { method: "POST", body: new URLSearchParams(new FormData(form)), credentials: "same-origin", headers: { Accept: "text/html" } });
        const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById(form.dataset.checkTarget);
        if (mine === latest && answer.ok && fresh) document.getElementById(form.dataset.checkTarget)?.replaceWith(fresh);
      } catch { /* the button does the same */ }
    };
    const plan = (after) => { clearTimeout(timer); timer = setTimeout(ask, after); };
    form.addEventListener("input", () => plan(600));
    form.addEventListener("change", () => plan(200));
  }

  /* Review page: 1 to 5 scores the criterion that has the focus (or the first unscored), N goes on. */
  for (const area of all('[data-module="review-keys"]')) {
    const box = area.querySelector("[data-keys-toggle]");
    const setting = "hearth-review-keys";
    const row = area.querySelector("[data-keys-switch]");
    if (row) row.hidden = false;
    if (box) {
      box.checked = store.get(setting) !== "off";
      box.addEventListener("change", () => store.set(setting, box.checked ? "on" : "off"));
    }
    const criterion = () => document.activeElement?.closest?.("[data-criterion]")
      || all("[data-criterion]", area).find((one) => !one.querySelector("input:checked"));
    document.addEventListener("keydown", (event) => {
      const at = document.activeElement;
      const typing = at?.matches?.('textarea, select, [contenteditable], input:not([type="radio"]):not([type="checkbox"])');
      if (typing || event.ctrlKey || event.metaKey || event.altKey || (box && !box.checked)) return;
      if (/^[0-9]$/.test(event.key)) {
        const radio = criterion()?.querySelector(`input[type="radio"][value="${event.key}"]`);
        if (!radio) return;
        event.preventDefault();
        radio.focus();
        radio.click();
      } else if (event.key.toLowerCase() === "n" && area.dataset.next) {
        const next = document.getElementById(area.dataset.next);
        if (next) { event.preventDefault(); next.click(); }
      }
    });
  }

  /* Keep the sign-in fresh while a page is open. */
  const renew = document.body.dataset.keepAlive;
  if (renew) {
    setInterval(() => { if (!document.hidden) fetch(renew, { credentials: "same-origin", headers: { Accept: "application/json" } }).catch(() => {}); }, 240000);
  }

  /* On a narrow screen show where we are in a navigation that scrolls sideways. */
  for (const link of all('.site-nav [aria-current], .tabs [aria-current]')) {
    const list = link.closest("ul");
    if (list.scrollWidth > list.clientWidth) {
      const gap = link.getBoundingClientRect().left - list.getBoundingClientRect().left;
      list.scrollLeft += gap - (list.clientWidth - link.offsetWidth) / 2;
    }
  }
})();
