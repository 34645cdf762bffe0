/* Udvalgsrum: what makes the pages easier with JavaScript. Every page works without it.
   Nothing the reader types is ever put into the browser's storage. */
(() => {
  "use strict";

  const RETRY_MS = 10000;
  const RELEASE_MS = 15000;
  const texts = document.getElementById("ur-texts");
  const say = (key) => texts.dataset[key];

  // Messages and live region ------------------------------------------------------------

  function announce(text) {
    document.getElementById("live").textContent = text;
  }

  function showError(text) {
    const alert = texts.content.cloneNode(true);
    alert.querySelector("p").textContent = text;
    document.getElementById("messages").replaceChildren(alert);
  }

  /** The sentence of an error answer, be it a whole page or a fragment. */
  function reasonIn(body) {
    const parsed = new DOMParser().parseFromString(body || "", "text/html");
    return parsed.querySelector("[data-reason]")?.textContent.trim() || "";
  }

  document.addEventListener("htmx:responseError", (event) => {
    showError(reasonIn(event.detail.xhr.responseText) || say("wentWrong"));
  });
  document.addEventListener("htmx:sendError", () => showError(say("noAnswer")));
  document.addEventListener("htmx:timeout", () => showError(say("noAnswer")));

  // Focus: never lost by a swap ------------------------------------------------------------

  let focusedId = "";

  document.addEventListener("htmx:beforeRequest", (event) => {
    focusedId = document.activeElement?.id || "";
    event.detail.target?.setAttribute("aria-busy", "true");
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    event.detail.target?.removeAttribute("aria-busy");
    release(event.detail.elt.closest?.("form"));
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    const said = event.detail.elt.querySelector?.("[data-announce]");
    if (said) announceOnce(event.detail.elt, said.dataset.announce);
    const wanted = event.detail.elt.querySelector?.("[data-focus],[autofocus]");
    if (wanted) wanted.focus();
    else if (focusedId && document.activeElement === document.body) {
      document.getElementById(focusedId)?.focus();
    }
  });

  // What follows along by itself asks whether anything changed --------------------------------

  document.addEventListener("htmx:configRequest", (event) => {
    const stamp = event.detail.elt.dataset?.stamp;
    if (stamp) event.detail.headers["If-None-Match"] = `"${stamp}"`;
  });

  /** A part that refreshes by itself says a sentence when it is new, not every time. */
  function announceOnce(part, sentence) {
    if (part.dataset?.stamp && sentence === part.ownerDocument.body.dataset.said) return;
    if (part.dataset?.stamp) document.body.dataset.said = sentence;
    announce(sentence);
  }

  // A refresh takes nothing from who is writing: their form stays in the page as it is, and where
  // the new part has no place for it, the part waits.

  const FIELDS = "textarea,select,input:not([type=hidden])";
  let kept = null;

  function isTyped(field) {
    if (field.matches("select")) {
      const options = [...field.options];
      const chosen = options.findIndex((option) => option.defaultSelected);
      return field.selectedIndex !== Math.max(chosen, 0);
    }
    if (field.matches("[type=radio],[type=checkbox]")) return field.checked !== field.defaultChecked;
    return field.value !== field.defaultValue;
  }

  function isInUse(form) {
    const fields = [...form.querySelectorAll(FIELDS)];
    return fields.some((field) => field === document.activeElement || isTyped(field));
  }

  const followed = (event) => event.detail.elt.dataset?.stamp && event.detail.elt;
  const formsInUse = (part) => [...part.querySelectorAll("form[id]")].filter(isInUse);

  document.addEventListener("htmx:beforeOnLoad", (event) => {
    const part = followed(event);
    const answer = event.detail.xhr;
    if (!part || answer.status !== 200) return;
    const coming = new DOMParser().parseFromString(answer.responseText, "text/html");
    const forms = formsInUse(part);
    if (forms.some((form) => !coming.getElementById(form.id))) event.preventDefault();
  });
  document.addEventListener("htmx:beforeSwap", (event) => {
    const part = followed(event);
    if (!part || !event.detail.shouldSwap) return;
    const field = document.activeElement;
    kept = {
      forms: formsInUse(part),
      open: [...part.querySelectorAll("details[id][open]")].map((details) => details.id),
      field: part.contains(field) ? field : null,
      caret: field.matches?.("textarea,input") ? [field.selectionStart, field.selectionEnd] : null,
    };
    const said = part.querySelector("[data-announce]");
    if (said && !document.body.dataset.said) document.body.dataset.said = said.dataset.announce;
  });
  document.addEventListener("htmx:afterSwap", () => {
    if (!kept) return;
    const { forms, open, field, caret } = kept;
    kept = null;
    forms.forEach((form) => document.getElementById(form.id)?.replaceWith(form));
    open.forEach((id) => document.getElementById(id)?.setAttribute("open", ""));
    if (!field?.isConnected) return;
    field.focus({ preventScroll: true });
    if (caret && caret[0] !== null) field.setSelectionRange(...caret);
  });

  // A double click is one act -----------------------------------------------------------------

  function release(form) {
    if (!form?.hasAttribute("data-busy")) return;
    form.removeAttribute("data-busy");
    form.removeAttribute("aria-busy");
  }

  // In the capture phase, so that htmx does not see the second submit either.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post") return;
    if (event.submitter?.getAttribute("aria-disabled") === "true" || form.hasAttribute("data-busy")) {
      event.preventDefault();
      event.stopImmediatePropagation();
      return;
    }
    if (form.dataset.autosave && unsaved.has(form) && !leaving.has(form)) {
      event.preventDefault();
      event.stopImmediatePropagation();
      saveThenSubmit(form, event.submitter);
      return;
    }
    form.setAttribute("data-busy", "");
    form.setAttribute("aria-busy", "true");
    setTimeout(() => release(form), RELEASE_MS);
    leaving.add(form);
  }, true);
  window.addEventListener("pageshow", () => {
    document.querySelectorAll("form[data-busy]").forEach(release);
  });

  // Keys and menus ---------------------------------------------------------------------------

  const isTyping = (element) => element.matches?.("input,textarea,select,[contenteditable]");

  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && !isTyping(event.target) && !event.ctrlKey && !event.metaKey) {
      const search = document.querySelector("[role=search] input[type=search]");
      if (!search) return;
      event.preventDefault();
      search.focus();
    }
    if (event.key === "Escape") closeMenus(true);
  });
  document.addEventListener("click", (event) => closeMenus(false, event.target.closest?.(".ur-pop")));

  function closeMenus(returnFocus, except = null) {
    document.querySelectorAll("details.ur-pop[open]").forEach((menu) => {
      if (menu === except) return;
      if (returnFocus && menu.contains(document.activeElement)) menu.querySelector("summary").focus();
      menu.open = false;
    });
  }

  // Sorting: <ol data-sortable="id-of-form"> with rows [data-id], each with a button.grip ---------

  function rowsOf(list) {
    return [...list.querySelectorAll(":scope > [data-id]")];
  }

  /** Put the rows' order into the list's form and send it. */
  function sendOrder(list) {
    const form = document.getElementById(list.dataset.sortable);
    form.querySelectorAll("input[name=order]").forEach((input) => input.remove());
    rowsOf(list).forEach((row) => {
      const input = document.createElement("input");
      Object.assign(input, { type: "hidden", name: "order", value: row.dataset.id });
      form.append(input);
    });
    form.requestSubmit();
  }

  function announceMove(list, from, to) {
    const sentence = list.dataset.moved || say("moved");
    announce(sentence.replace("{from}", from + 1).replace("{to}", to + 1));
  }

  function moveByKey(event) {
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    const grip = event.target.closest?.(".grip");
    const list = grip?.closest("[data-sortable]");
    if (!step || !list) return;
    event.preventDefault();
    const rows = rowsOf(list);
    const from = rows.indexOf(grip.closest("[data-id]"));
    const to = from + step;
    const form = document.getElementById(list.dataset.sortable);
    if (to < 0 || to >= rows.length || form.hasAttribute("data-busy")) return;
    rows[to][step < 0 ? "before" : "after"](rows[from]);
    grip.focus();
    announceMove(list, from, to);
    sendOrder(list);
  }

  function makeSortable(list) {
    if (!window.Sortable || window.Sortable.get(list)) return;
    window.Sortable.create(list, {
      handle: ".grip",
      draggable: "[data-id]",
      animation: 0,
      onEnd: (drag) => {
        if (drag.oldDraggableIndex === drag.newDraggableIndex) return;
        announceMove(list, drag.oldDraggableIndex, drag.newDraggableIndex);
        sendOrder(list);
      },
    });
  }

  document.addEventListener("keydown", moveByKey);

  // Autosave: <form data-autosave="url"> with [data-autosave-status] ---------------------------

  const unsaved = new Set();
  const leaving = new WeakSet();
  const submitting = new WeakSet();
  const saving = new WeakMap();

  const statusOf = (form) => form.querySelector("[data-autosave-status]") ||
    document.querySelector(`[data-autosave-status="${form.id}"]`);

  function showStatus(form, text, state) {
    const status = statusOf(form);
    if (!status) return;
    status.dataset.state = state;
    (status.querySelector("[data-text]") || status).textContent = text;
    if (state === "logged-out") status.append(" ", loginLink());
  }

  function loginLink() {
    const link = document.createElement("a");
    Object.assign(link, { href: say("loginUrl"), target: "_blank", textContent: say("logIn") });
    return link;
  }

  async function post(form) {
    const answer = await fetch(form.dataset.autosave, {
      method: "POST",
      body: new FormData(form),
      redirect: "manual",
      headers: { Accept: "application/json", "X-Requested-With": "fetch" },
    });
    const isJson = (answer.headers.get("Content-Type") || "").includes("json");
    return { answer, isJson };
  }

  /** After a new login the page's form token is stale; take a new one from the page itself. */
  async function renewToken() {
    const answer = await fetch(location.href, { redirect: "manual" });
    if (!answer.ok) return false;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const token = page.querySelector("input[name=csrfmiddlewaretoken]")?.value;
    if (!token) return false;
    document.querySelectorAll("input[name=csrfmiddlewaretoken]").forEach((input) => {
      input.value = token;
    });
    document.body.setAttribute("hx-headers", JSON.stringify({ "X-CSRFToken": token }));
    return true;
  }

  const isLoggedOut = ({ answer }) => answer.type === "opaqueredirect" || answer.status === 401;

  /** One save at a time; whoever asks meanwhile waits for the same one. */
  function save(form) {
    if (!unsaved.has(form)) return Promise.resolve();
    if (!saving.has(form)) saving.set(form, saveNow(form).finally(() => saving.delete(form)));
    return saving.get(form);
  }

  async function saveNow(form) {
    const version = form.dataset.typed;
    try {
      let result = await post(form);
      if (result.answer.status === 403 && !result.isJson && await renewToken()) result = await post(form);
      await report(form, result, version);
    } catch {
      showStatus(form, say("saveFailed"), "failed");
    }
  }

  async function report(form, result, version) {
    if (isLoggedOut(result) || (result.answer.status === 403 && !result.isJson)) {
      showStatus(form, say("loggedOut"), "logged-out");
      return;
    }
    if (!result.isJson) throw new Error(`answer ${result.answer.status}`);
    const body = await result.answer.json();
    if (!result.answer.ok) {
      showStatus(form, body.message || say("saveFailed"), "failed");
      return;
    }
    if (form.dataset.typed === version) unsaved.delete(form);
    showStatus(form, body.saved_at_text, "saved");
  }

  /** The draft first: a submit that meets an expired login would lose what was typed. */
  async function saveThenSubmit(form, submitter) {
    if (submitting.has(form)) return;
    submitting.add(form);
    const begun = saving.get(form);
    await begun;
    if (!begun || !isToldLoggedOut(form)) await save(form);
    submitting.delete(form);
    if (isToldLoggedOut(form)) return;
    leaving.add(form);
    form.requestSubmit(submitter);
  }

  const isToldLoggedOut = (form) => statusOf(form)?.dataset.state === "logged-out";

  function noteTyping(event) {
    const form = event.target.closest?.("form[data-autosave]");
    if (!form) return;
    form.dataset.typed = String(Number(form.dataset.typed || 0) + 1);
    leaving.delete(form);
    if (!unsaved.has(form)) showStatus(form, say("unsaved"), "unsaved");
    unsaved.add(form);
  }

  document.addEventListener("input", noteTyping);
  document.addEventListener("change", noteTyping);
  document.addEventListener("focusout", (event) => {
    const form = event.target.closest?.("form[data-autosave]");
    if (form) save(form);
  });
  setInterval(() => {
    unsaved.forEach((form) => (form.isConnected ? save(form) : unsaved.delete(form)));
  }, RETRY_MS);
  window.addEventListener("beforeunload", (event) => {
    if ([...unsaved].some((form) => !leaving.has(form))) event.preventDefault();
  });

  // Highlights: the selected words of a [data-quotable] text go into the note's form ------------

  const AROUND = 64;
  let selected = null;

  const quotableOf = (node) =>
    (node?.nodeType === Node.TEXT_NODE ? node.parentElement : node)?.closest?.("[data-quotable]");

  /** The selection as a quotation with what stands around it; null outside one text. */
  function selectedQuote() {
    const selection = getSelection();
    if (!selection.rangeCount || selection.isCollapsed) return null;
    const range = selection.getRangeAt(0);
    const text = quotableOf(range.startContainer);
    if (!text || !range.toString().trim()) return null;
    // A triple click ends before the first letter of what follows.
    if (text !== quotableOf(range.endContainer)) range.setEndAfter(text.lastChild);
    const before = document.createRange();
    before.selectNodeContents(text);
    const after = before.cloneRange();
    before.setEnd(range.startContainer, range.startOffset);
    after.setStart(range.endContainer, range.endOffset);
    return {
      quote: range.toString().trim(),
      section: text.dataset.quotable,
      before: before.toString().slice(-AROUND),
      after: after.toString().slice(0, AROUND),
    };
  }

  function noteSelection() {
    const bar = document.querySelector("[data-markbar]");
    if (!bar || bar.contains(document.activeElement)) return;
    selected = selectedQuote();
    bar.hidden = !selected;
  }

  function useSelection(event) {
    const button = event.target.closest?.("[data-mark]");
    const form = document.getElementById("note-form");
    if (!button || !selected || !form) return;
    Object.entries(selected).forEach(([name, value]) => {
      form.elements[name].value = value;
    });
    form.querySelector("[data-quote]").open = true;
    document.querySelector("[data-markbar]").hidden = true;
    if (button.dataset.mark === "save") form.requestSubmit();
    else form.elements.text.focus();
  }

  document.addEventListener("selectionchange", noteSelection);
  document.addEventListener("click", useSelection);

  // Questions: what an answer shows. data-show-if="C1!=none A1=yes|no", data-flag-of with data-when --

  const chosen = (form, name) => new FormData(form).getAll(name).filter(Boolean);

  function holds(form, condition) {
    const [, name, not, values] = condition.match(/^([^!=]+)(!?)=(.*)$/);
    const asked = !form.querySelector(`#q-${name}[hidden]`);
    const given = asked ? chosen(form, name) : [];
    return given.some((value) => values.split("|").includes(value)) !== Boolean(not);
  }

  function showQuestions(form) {
    form.querySelectorAll("[data-show-if]").forEach((question) => {
      question.hidden = !question.dataset.showIf.split(" ").every((one) => holds(form, one));
    });
    form.querySelectorAll("[data-flag-of]").forEach((flag) => {
      const given = chosen(form, flag.dataset.flagOf);
      flag.hidden = !flag.dataset.when.split(" ").some((value) => given.includes(value));
    });
  }

  document.addEventListener("change", (event) => {
    const form = event.target.form;
    if (form?.querySelector("[data-show-if],[data-flag-of]")) showQuestions(form);
  });

  // Start ------------------------------------------------------------------------------------------

  function prepare(root) {
    root.querySelectorAll("[data-sortable]").forEach(makeSortable);
    if (root.matches?.("[data-sortable]")) makeSortable(root);
  }

  function start() {
    window.DKFDS?.init();
    prepare(document);
    document.querySelector("[data-focus]")?.focus();
  }

  document.addEventListener("htmx:load", (event) => prepare(event.detail.elt));
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
