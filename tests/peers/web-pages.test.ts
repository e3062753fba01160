import { existsSync, readFileSync } from "node:fs";
import { createServer, type Server, type ServerResponse } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { type Browser, type BrowserContextOptions, chromium, type Page as Tab } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { DEFAULT_PAGES } from "../../packages/adapters-http/src/pages/default-pages.js";
import { html } from "../../packages/adapters-http/src/pages/html.js";
import type { Page, PersonView } from "../../packages/adapters-http/src/pages/pages.js";
import { renderPage, toContentPolicy } from "../../packages/adapters-http/src/pages/render-page.js";
import { eventually } from "../support/programs.js";
import { ALICE, DIRECTORY, GATEWAY, PERSON, PROBLEM } from "../support/web-views.js";
import { describePeer } from "./support/peer.js";

const CHROMIUM = "/usr/bin/chromium";
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const { person, directory, gateway, problem } = DEFAULT_PAGES;
const FORM = { action: "/person", status: "Painting", problem: undefined };
const PROBLEM_FORM = { ...FORM, problem: "The token was not accepted: check it and try again." };

/** What is written to break a page: whatever of it is run calls `pwned`, or makes an element of that name. */
const HOSTILE = `"'\`><pwned onclick=pwned()></title></textarea></style></script><script>pwned()</script><img src=x onerror=pwned()> javascript:pwned() http://a/"onmouseover="pwned() http://a/<pwned> <!-- ]]> &lt;pwned&gt; \u202e\x1b]0;x\x07`;
const HOSTILE_USER = Object.fromEntries(
  ["login", "name", "status", "directory", "shell", "office", "officePhone", "homePhone", "mailForward"]
    .concat("pgpKey", "project", "plan", "text")
    .map((field) => [field, HOSTILE]),
);
const HOSTILE_PERSON = {
  ...PERSON,
  user: { ...HOSTILE_USER, login: HOSTILE, sessions: [{ tty: HOSTILE, host: HOSTILE }] },
  href: HOSTILE,
  directory: `javascript:pwned()//${HOSTILE}`,
  alternates: [{ type: HOSTILE, href: "javascript:pwned()", title: HOSTILE }],
  form: { action: "javascript:pwned()", status: HOSTILE, problem: HOSTILE },
};

/** The pages that are served, by path. */
const PAGES: Record<string, Page> = {};

function resetPages(): void {
  Object.assign(PAGES, {
    "/person": person({ ...PERSON, form: FORM }),
    "/form": person({ ...PERSON, form: PROBLEM_FORM }),
    "/bare": person({ ...PERSON, form: undefined, changes: undefined }),
    "/text": person({ ...PERSON, user: { login: "bob", text: GATEWAY.text }, changes: [] }),
    "/": directory(DIRECTORY),
    "/empty": directory({ ...DIRECTORY, people: [] }),
    "/gateway": gateway(GATEWAY),
    "/problem": problem(PROBLEM),
    "/hostile": person(HOSTILE_PERSON),
    "/hostile-list": directory({
      ...DIRECTORY,
      title: HOSTILE,
      people: [{ ...HOSTILE_PERSON, href: "javascript:pwned()" }],
      alternates: [],
    }),
    "/hostile-gateway": gateway({ ...GATEWAY, target: HOSTILE, text: HOSTILE }),
    "/hostile-problem": problem({ ...PROBLEM, title: HOSTILE, detail: HOSTILE, directory: "javascript:pwned()" }),
  });
}

/** Streams of events that browsers hold. */
const streams = new Set<ServerResponse>();
let takesStreams = true;
/** What browsers asked for and sent, in order. */
let requests: string[] = [];
let server: Server;
let origin: string;
let browser: Browser;

async function serve(url: string, response: ServerResponse): Promise<void> {
  if (url === "/events" && !takesStreams) return void response.writeHead(503).end();
  if (url === "/events") {
    response.writeHead(200, { "content-type": "text/event-stream" }).write(": hello\n\n");
    streams.add(response);
    response.on("close", () => streams.delete(response));
    return;
  }
  const page = PAGES[url];
  const policy = await toContentPolicy(DEFAULT_PAGES);
  response.writeHead(page ? 200 : 404, {
    "content-type": "text/html; charset=utf-8",
    "content-security-policy": policy,
  });
  response.end(
    renderPage(DEFAULT_PAGES, page ?? problem(PROBLEM), { events: "/events", alternates: PERSON.alternates }),
  );
}

function announceChange(): void {
  for (const stream of streams) stream.write("event: change\ndata: {}\n\n");
}

/** Opens a page of the server in a browser that keeps account of what the policy forbade and of what failed. */
async function open(path: string, options: BrowserContextOptions = {}): Promise<Tab> {
  const context = await browser.newContext({ viewport: { width: 1100, height: 800 }, ...options });
  const tab = await context.newPage();
  tab.on("console", (message) => faults.push(message.text()));
  tab.on("pageerror", (error) => faults.push(String(error)));
  tab.on("dialog", (dialog) => faults.push(dialog.message()));
  await tab.addInitScript("globalThis.pwned = () => { throw new Error('pwned') }");
  await tab.goto(origin + path);
  return tab;
}

let faults: string[] = [];

describePeer("Chromium", existsSync(CHROMIUM), "apt-get install chromium", () => {
  beforeAll(async () => {
    server = createServer((request, response) => {
      requests.push(`${request.method} ${request.url}`);
      void serve(request.url ?? "", response);
    }).listen(0, "127.0.0.1");
    browser = await chromium.launch({ executablePath: CHROMIUM, args: QUIET });
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(async () => {
    await browser.close();
    server.closeAllConnections();
    server.close();
  });
  beforeEach(() => {
    resetPages();
    takesStreams = true;
    requests = [];
    faults = [];
  });
  afterEach(async () => {
    await Promise.all(browser.contexts().map((context) => context.close()));
    expect(faults).toEqual([]);
  });

  const LOOKS: ReadonlyArray<[look: string, options: BrowserContextOptions]> = [
    ["in the light", { colorScheme: "light" }],
    ["in the dark", { colorScheme: "dark" }],
    ["on a phone", { viewport: { width: 320, height: 640 }, hasTouch: true }],
    ["in forced colours", { forcedColors: "active" }],
  ];
  const PATHS = [
    "/person",
    "/form",
    "/bare",
    "/text",
    "/",
    "/empty",
    "/gateway",
    "/problem",
    "/hostile",
    "/hostile-list",
  ];

  it.each(LOOKS)(
    "shows pages %s in which axe finds nothing, and that are as wide as the screen",
    async (_, options) => {
      for (const path of PATHS) {
        const tab = await open(path, options);
        await tab.evaluate("for (const one of document.querySelectorAll('details')) one.open = true");
        expect(await tab.evaluate(TOO_WIDE), path).toBe(0);
        await tab.evaluate(AXE);
        expect(await tab.evaluate(VIOLATIONS), path).toEqual([]);
        await tab.context().close();
      }
    },
  );

  it("asks nobody but its own server, for the page and the events", async () => {
    await open("/person");
    await eventually(() => streams.size === 1);
    expect(requests).toEqual(["GET /person", "GET /events"]);
  });

  it("is reached by the keyboard as a whole, in order, and shows where one is", async () => {
    const tab = await open("/form");
    const stops: string[] = [];
    for (;;) {
      await tab.keyboard.press("Tab");
      const [stop, outline] = (await tab.evaluate(FOCUS)) as [string, string];
      if (stop === "BODY" || stops.length > 30) break;
      expect(outline, stop).toBe("solid 3px");
      stops.push(stop);
    }
    expect(stops).toEqual([
      "All users",
      "Changes by month",
      "gemini://cheshire.example/grin",
      "http://alice.example/~alice/plan.html",
      "mailto:alice@alice.example",
      "https://verse.example/jabberwocky",
      "Public key",
      "Set the status",
      "status",
      "token",
      "Set",
      "Atom",
      "JSON Feed",
      "JSON",
      "Text",
    ]);
  });

  it("shows all there is without a script, and sends the form", async () => {
    const tab = await open("/person", { javaScriptEnabled: false });
    expect(await tab.locator(".status").textContent()).toBe(ALICE.status);
    await tab.getByText("Set the status").click();
    await tab.getByLabel("Token").fill("secret");
    const [sent] = await Promise.all([tab.waitForRequest(/person/), tab.getByRole("button").click()]);
    expect([sent.method(), sent.postData()]).toEqual(["POST", "status=Painting&token=secret"]);
  });

  it("tells screen readers the picture, the landmarks and the headings", async () => {
    const tab = await open("/person");
    const tree = await tab.locator("body").ariaSnapshot();
    expect(tree).toMatch(/- main:/);
    expect(tree).toMatch(/- heading "Alice Liddell" \[level=1\]/);
    expect(tree).toMatch(/- heading "Plan" \[level=2\]/);
    expect(tree).toMatch(/- img "Status changes in the last year"/);
    expect(tree).toMatch(/- navigation "Other forms of this page":/);
  });

  /** Changes what Alice says, and waits until a browser shows it. */
  async function change(tab: Tab, view: Partial<PersonView>, status: string): Promise<void> {
    PAGES["/person"] = person({ ...PERSON, ...view, user: { ...ALICE, ...view.user, status } });
    await eventually(() => streams.size === 1);
    announceChange();
    await tab.locator(".status", { hasText: status }).waitFor();
  }

  it("shows a change when it is told of one, and says so", async () => {
    const tab = await open("/person");
    await change(tab, {}, "Playing croquet");
    expect(await tab.locator("[role=status]").textContent()).toBe("Changed: Playing croquet");
    expect(await tab.locator("main").count()).toBe(1);
    await change(tab, { user: { ...ALICE, name: "Queen Alice" } }, "Queen now");
    expect(await tab.title()).toBe("Queen Alice (alice)");
  });

  it("keeps what is typed, and where, while the page changes around it", async () => {
    const tab = await open("/person");
    await tab.getByText("Set the status").click();
    await tab.getByLabel("Status", { exact: true }).fill("I am typi");
    await tab.keyboard.press("ArrowLeft");
    await change(tab, { directory: undefined }, "Elsewhere");
    await tab.keyboard.type("!");
    expect(await tab.getByLabel("Status", { exact: true }).inputValue()).toBe("I am typ!i");
    expect(await tab.locator("form").count()).toBe(1);
    expect(await tab.getByText("All users").count()).toBe(0);
    expect(await tab.locator("main > *").last().getAttribute("class")).toBe("forms");
  });

  it("keeps what was typed when the focus is elsewhere, and leaves a form that nobody uses up to date", async () => {
    const tab = await open("/person");
    await tab.getByText("Set the status").click();
    await tab.getByLabel("Token").fill("secret");
    await tab.getByText("Public key", { exact: true }).focus();
    await change(tab, {}, "Elsewhere");
    expect(await tab.getByLabel("Token").inputValue()).toBe("secret");
    await tab.getByLabel("Token").fill("");
    await tab.getByText("Public key", { exact: true }).focus();
    await change(tab, { form: { ...FORM, status: "Nowhere" } }, "Nowhere");
    expect(await tab.getByLabel("Status", { exact: true }).inputValue()).toBe("Nowhere");
    expect(await tab.locator("details[data-keep]").getAttribute("open")).toBe("");
  });

  it("keeps the focus, and what is unfolded", async () => {
    const tab = await open("/person");
    await tab.getByText("Changes by month").click();
    await tab.getByRole("link", { name: "JSON Feed" }).focus();
    await change(tab, { changes: [] }, "Elsewhere");
    expect(((await tab.evaluate(FOCUS)) as string[])[0]).toBe("JSON Feed");
    await tab.getByText("Public key", { exact: true }).click();
    await change(tab, {}, "Nowhere");
    expect(await tab.locator("details[open] > summary").allTextContents()).toEqual(["Public key"]);
    expect(((await tab.evaluate(FOCUS)) as string[])[0]).toBe("Public key");
  });

  it("leaves a page alone that has not changed, and shows that a user is gone", async () => {
    const tab = await open("/person");
    await tab.evaluate("document.querySelector('h1').textContent = 'as it was'");
    await eventually(() => streams.size === 1);
    const [answer] = await Promise.all([tab.waitForResponse(/person/), announceChange()]);
    await answer.finished();
    expect(await tab.locator("h1").textContent()).toBe("as it was");
    delete PAGES["/person"];
    announceChange();
    await tab.locator("h1", { hasText: "Not Found" }).waitFor();
    faults = faults.filter((fault) => !fault.includes("404")); // Chromium prints what was not found.
  });

  it("asks once for changes that come all at once", async () => {
    const tab = await open("/person");
    await eventually(() => streams.size === 1);
    for (let count = 0; count < 50; count++) announceChange();
    await change(tab, {}, "Elsewhere");
    expect(requests.filter((request) => request === "GET /person").length).toBeLessThanOrEqual(3);
  });

  it("looks again when it has been cut off", async () => {
    const tab = await open("/person");
    await eventually(() => streams.size === 1);
    PAGES["/person"] = person({ ...PERSON, user: { ...ALICE, status: "Meanwhile" } });
    for (const stream of streams) stream.destroy();
    await tab.locator(".status", { hasText: "Meanwhile" }).waitFor();
    await change(tab, {}, "Now");
    faults = faults.filter((fault) => !fault.includes("ERR_INCOMPLETE_CHUNKED_ENCODING")); // Chromium prints it.
  });

  it("listens again after it was refused", async () => {
    takesStreams = false;
    const tab = await open("/person");
    await eventually(() => requests.includes("GET /events"));
    takesStreams = true;
    PAGES["/person"] = person({ ...PERSON, user: { ...ALICE, status: "Meanwhile" } });
    await eventually(() => faults.some((fault) => fault.includes("503"))); // Chromium prints it.
    await tab.evaluate(hide(false));
    await tab.locator(".status", { hasText: "Meanwhile" }).waitFor();
    await change(tab, {}, "Now");
    faults = [];
  });

  it("looks again when somebody looks at it again, and not before", async () => {
    const tab = await open("/person");
    await tab.evaluate(HEAR);
    await eventually(() => streams.size === 2);
    await tab.clock.install();
    PAGES["/person"] = person({ ...PERSON, user: { ...ALICE, status: "Unseen" } });
    await tab.evaluate(hide(true));
    announceChange();
    await tab.evaluate("heard");
    await tab.clock.runFor(1000);
    expect(requests.filter((request) => request === "GET /person")).toHaveLength(1);
    await tab.evaluate(hide(false));
    await tab.clock.runFor(1000);
    await tab.locator(".status", { hasText: "Unseen" }).waitFor();
  });

  it("prints what is said, in ink on paper, without what paper cannot do", async () => {
    const tab = await open("/form", { colorScheme: "dark" });
    await tab.emulateMedia({ media: "print", colorScheme: "dark" });
    expect(await tab.evaluate("getComputedStyle(document.documentElement).backgroundColor")).toBe("rgb(255, 255, 255)");
    expect(await tab.evaluate("getComputedStyle(document.querySelector('h1')).color")).toBe("rgb(0, 0, 0)");
    expect(await tab.locator("form").isVisible()).toBe(false);
    expect(await tab.getByText("All users").isVisible()).toBe(false);
    expect(await tab.locator("svg").isVisible()).toBe(true);
    expect((await tab.pdf()).length).toBeGreaterThan(1000);
  });

  it("does not move where people asked for that", async () => {
    const tab = await open("/person", { reducedMotion: "reduce" });
    await change(tab, {}, "Still");
    expect(await tab.evaluate("document.getAnimations().length")).toBe(0);
  });

  it.each(["/hostile", "/hostile-list", "/hostile-gateway", "/hostile-problem"])(
    "runs nothing of %s, and makes no element of it",
    async (path) => {
      const tab = await open(path);
      expect(await tab.locator("pwned, img, main script, main style").count()).toBe(0);
      expect(await tab.evaluate(ATTRIBUTES)).toEqual([]);
      for (const link of await tab.locator("a").all()) {
        await link.hover();
        await link.dispatchEvent("mouseover");
        expect(await link.getAttribute("href")).toMatch(/^(#|http:\/\/a\/)/);
      }
      expect(await tab.locator("body").textContent()).toContain("<script>pwned()</script>");
    },
  );

  it("has the elements of a harmless text for any hostile one", async () => {
    const tab = await open("/bare");
    const shape = async (text: string) => {
      const page = person({ ...PERSON, user: { login: text, name: text, plan: text, status: text, office: text } });
      const source = renderPage(DEFAULT_PAGES, page, { events: undefined, alternates: [] });
      return (await tab.evaluate(`(${SHAPE})(${JSON.stringify(source)})`)) as string;
    };
    const harmless = await shape("x");
    const pieces = [
      "<",
      ">",
      '"',
      "'",
      "`",
      "=",
      "&",
      "--",
      "!",
      "/",
      " ",
      "\n",
      "\0",
      "\f",
      "a",
      "]]>",
      "</pre>",
      "<svg",
    ];
    for (let seed = 1; seed < 200; seed++) {
      const text = Array.from(
        { length: 12 },
        (_, at) => pieces[(seed * 7919 + at * at * 104_729 + seed * at) % pieces.length],
      );
      expect(await shape(`x${text.join("")}x`), text.join("")).toBe(harmless);
    }
  });

  it("keeps the promise of the templates for those of others", async () => {
    PAGES["/person"] = { title: HOSTILE, main: html`<h1 title="${HOSTILE}" class='${HOSTILE}'>${HOSTILE}</h1>` };
    const tab = await open("/person");
    expect(await tab.locator("main *").count()).toBe(1);
    expect(await tab.locator("h1").getAttribute("title")).toBe(HOSTILE.replace(/[\u202e]|\x1b.*\x07/g, ""));
  });
});

const TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth";

const VIOLATIONS = `axe.run({ runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] })
  .then(({ violations }) => violations.map(({ id, nodes }) => id + ": " + nodes.map(({ html, any }) => html + any.map(({ message }) => message)).join(" ")))`;

/** What has the focus, and the line around it. */
const FOCUS = `(() => {
  const { tagName, id, textContent } = document.activeElement;
  const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement);
  return [tagName === "BODY" ? tagName : id || textContent, outlineStyle + " " + outlineWidth];
})()`;

/** Attributes that no template of ours has. */
const ATTRIBUTES = `[...document.querySelectorAll("*")].flatMap(({ attributes }) => [...attributes].map(({ name }) => name))
  .filter((name) => /^on|^style$|pwned|[^a-zA-Z-]/.test(name))`;

/** The elements of a document, with the names of what they have. */
const SHAPE = `(source) => [...new DOMParser().parseFromString(source, "text/html").querySelectorAll("*")]
  .map(({ localName, attributes }) => localName + "[" + [...attributes].map(({ name }) => name) + "]").join(" ")`;

/** Hears of a change beside the script. */
const HEAR = `globalThis.heard = new Promise((resolve) => new EventSource("/events").addEventListener("change", resolve));
  void 0;`;

/** Makes a page think that it is hidden, or seen. */
function hide(hidden: boolean): string {
  return `Object.defineProperty(document, "hidden", { value: ${hidden}, configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));`;
}

/** As root, and without a word to hosts outside. */
const QUIET = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
