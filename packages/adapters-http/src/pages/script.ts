import { compact } from "./compact.js";

/**
 * Keeps a page up to date. When the server tells of a change, it fetches the page anew and puts its `main` in the place of the
 * old one. It is for browsers alone, and needs nothing but what the layout writes: without it a page is as good, until something
 * changes.
 *
 * - Many look at a page: they come back for it at different moments of a second.
 * - Once connected it looks whether something has changed since the page was made; mostly that is a 304.
 * - What is typed stays: an element with `data-keep` that is in use is left where it is, and not replaced.
 * - The focus goes to what has the same name in the new page; what was unfolded is unfolded.
 * - A page that nobody sees listens to nothing, for a browser has six connections to a host; it is fetched when somebody does.
 * - A page that cannot be fetched stays as it is until the next change. An event source connects again by itself when it is cut
 *   off, but gives up when a proxy answers in place of a server that restarts: then it is made anew.
 */
export const SCRIPT: string = compact(`
(() => {
  const main = document.querySelector("main");
  const said = document.querySelector("[role=status]");
  if (!main?.dataset.events || !said) return;
  const toMarkup = (element) => element.innerHTML.trim();
  let shown = toMarkup(main), timer, retry, running, source;
  let mayHaveMissed = true;

  const isUsed = (element) =>
    element.contains(document.activeElement) ||
    element.querySelector("[role=alert]") ||
    [...element.querySelectorAll("textarea, input")].some((field) => field.value !== field.defaultValue);
  const toName = (element) =>
    element.localName + " " + (element.id || element.getAttribute("href") || element.textContent);
  const find = (name, selector) => [...main.querySelectorAll(selector)].find((element) => toName(element) === name);

  const replace = (next) => {
    const open = [...main.querySelectorAll("details[open] > summary")].map(toName);
    const focus = main.contains(document.activeElement) && toName(document.activeElement);
    const kept = [...main.children].find((element) => element.matches("[data-keep]") && isUsed(element));
    const twin = kept && [...next.children].find((element) => element.matches("[data-keep]"));
    for (const node of [...main.childNodes]) if (!twin || node !== kept) node.remove();
    let before = true;
    for (const node of [...next.childNodes]) {
      if (node === twin) before = false;
      else if (twin && before) kept.before(node);
      else main.append(node);
    }
    for (const name of open) {
      const summary = find(name, "summary");
      if (summary) summary.parentElement.open = true;
    }
    if (focus && !main.contains(document.activeElement)) {
      const heir = find(focus, "a, summary, button, input, textarea");
      if (heir) heir.focus({ preventScroll: true });
    }
  };

  const refresh = async () => {
    const response = await fetch(location.href, { headers: { accept: "text/html" }, cache: "no-cache" });
    if (!response.ok && response.status !== 404) return;
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const next = page.querySelector("main");
    if (!next || toMarkup(next) === shown) return;
    shown = toMarkup(next);
    replace(next);
    document.title = page.title;
    const status = main.querySelector(".status");
    main.classList.add("changed");
    said.textContent = status ? "Changed: " + status.textContent : "The page has changed.";
  };

  const run = async () => {
    timer = undefined;
    if (document.hidden) return;
    if (running) return later();
    running = true;
    main.classList.remove("changed");
    said.textContent = "";
    try {
      await refresh();
    } catch {
    } finally {
      running = false;
    }
  };
  const later = () => {
    timer ??= setTimeout(run, 100 + 400 * Math.random());
  };
  const listen = () => {
    clearTimeout(retry);
    source = new EventSource(main.dataset.events);
    source.addEventListener("change", later);
    source.onopen = () => {
      if (mayHaveMissed) later();
      mayHaveMissed = false;
    };
    source.onerror = () => {
      mayHaveMissed = true;
      if (source.readyState === 2) retry = setTimeout(listen, 15000 + 15000 * Math.random());
    };
  };
  const rest = () => {
    clearTimeout(retry);
    source?.close();
    mayHaveMissed = true;
  };
  const wake = () => {
    if (document.hidden) return rest();
    if (source?.readyState !== 0 && source?.readyState !== 1) listen();
    later();
  };
  document.addEventListener("visibilitychange", wake);
  addEventListener("pageshow", (event) => event.persisted && wake());
  if (!document.hidden) listen();
})();
`);
