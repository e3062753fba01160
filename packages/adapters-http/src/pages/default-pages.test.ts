import { createHash } from "node:crypto";
import type { FingerUser } from "finger-protocol";
import { expect, it } from "vitest";
import { ALICE, CHANGES, DIRECTORY, GATEWAY, NOW, PERSON, PROBLEM } from "../../../../tests/support/web-views.js";
import { DEFAULT_PAGES } from "./default-pages.js";
import { html } from "./html.js";
import type { Page, Pages, PersonView } from "./pages.js";
import { renderPage, toContentPolicy } from "./render-page.js";

const { directory, person, gateway, problem } = DEFAULT_PAGES;
const REST = { events: "/events?user=alice", alternates: PERSON.alternates };

function render(page: Page, rest: Parameters<typeof renderPage>[2] = REST): string {
  return renderPage(DEFAULT_PAGES, page, rest);
}

/** The page of somebody of whom only this is known. */
function renderUser(user: Partial<FingerUser>, view: Partial<PersonView> = {}): string {
  const bare = { ...PERSON, changes: undefined, form: undefined };
  return person({ ...bare, user: { login: "bob", ...user }, ...view }).main.toString();
}

const PAGES: ReadonlyArray<[name: string, page: Page]> = [
  ["a person", person(PERSON)],
  ["a list", directory(DIRECTORY)],
  ["an empty list", directory({ ...DIRECTORY, people: [] })],
  ["an answer of another server", gateway(GATEWAY)],
  ["a problem", problem(PROBLEM)],
];

it.each(PAGES)("the page of %s is whole, and below 20 kB", (_, page) => {
  const text = render(page);
  expect(text).toMatch(/^<!doctype html>\n<html lang="en">\n/);
  expect(text.match(/<h1/g)).toHaveLength(1);
  expect(text.match(/<main/g)).toHaveLength(1);
  expect(Buffer.byteLength(text)).toBeLessThan(20_000);
  for (const tag of ["section", "details", "p", "ul", "li", "nav", "dl", "pre", "header", "form", "figure", "table"]) {
    expect(text.split(`<${tag}>`).length + text.split(`<${tag} `).length - 1, tag).toBe(text.split(`</${tag}>`).length);
  }
});

it.each(PAGES)("the page of %s has no program and no style but those that the policy knows", async (_, page) => {
  const text = render(page);
  const policy = await toContentPolicy(DEFAULT_PAGES);
  expect(policy).toBe(
    `default-src 'none'; style-src '${hash(text, "style")}'; script-src '${hash(text, "script")}'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
  );
  expect(text).not.toMatch(/ (?:on\w+|style)=/);
});

/** What a policy says of the only element of this name. */
function hash(text: string, tag: string): string {
  const [found, ...more] = text.matchAll(new RegExp(`<${tag}>([^]*?)</${tag}>`, "g"));
  expect(more).toEqual([]);
  return `sha256-${createHash("sha256")
    .update(found?.[1] ?? "")
    .digest("base64")}`;
}

it("has the policy of another style sheet, in the line ends that a browser makes of it", async () => {
  const pages: Pages = { ...DEFAULT_PAGES, style: "p {\r\n color: red }\r" };
  const text = renderPage(pages, problem(PROBLEM), REST);
  expect(text).toContain("<style>p {\n color: red }\n</style>");
  expect(await toContentPolicy(pages)).toContain(`style-src '${hash(text, "style")}'`);
  expect(await toContentPolicy(pages)).toBe(await toContentPolicy(pages));
});

it("refuses a style sheet that ends its element", async () => {
  const pages: Pages = { ...DEFAULT_PAGES, style: "</STYLE><script>" };
  expect(() => renderPage(pages, problem(PROBLEM), REST)).toThrow('The option pages.style cannot hold "</style"');
  await expect(toContentPolicy(pages)).rejects.toThrow(TypeError);
});

it("refuses a layout that returns text, which nobody has escaped", () => {
  const layout = () => "<p>" as never;
  expect(() => renderPage({ ...DEFAULT_PAGES, layout }, problem(PROBLEM), REST)).toThrow("The option pages.layout");
});

it("takes other templates", () => {
  const pages: Pages = { ...DEFAULT_PAGES, layout: ({ title, main }) => html`<title>${title}</title>${main}` };
  expect(renderPage(pages, { title: "<a>", main: html`<p>${"<b>"}</p>` }, REST)).toBe(
    "<title>&lt;a&gt;</title><p>&lt;b&gt;</p>",
  );
});

it("listens to changes where they are told", () => {
  expect(render(person(PERSON))).toContain('<main data-events="/events?user=alice">');
  const still = render(person(PERSON), { events: undefined, alternates: [] });
  expect(still).not.toContain("<script>");
  expect(still).not.toContain("alternate");
});

it("names the other forms for programs and for people", () => {
  const text = render(person(PERSON));
  expect(text).toContain('<link rel="alternate" type="application/json" href="/alice.json" title="JSON">');
  expect(text).toContain('<a href="/alice.json" type="application/json">JSON</a>');
});

const USERS: ReadonlyArray<[user: Partial<FingerUser>, shown: string, why: string]> = [
  [{}, '<h1 dir="auto">bob</h1></header>', "the login stands for a name that is not known"],
  [{ name: " " }, '<h1 dir="auto">bob</h1></header>', "blanks are no name"],
  [{ name: "Bob <b>" }, '<h1 dir="auto">Bob &lt;b&gt;</h1> <p class="login">bob</p>', "a name is text"],
  [{ status: "Well\nor not" }, '<p class="status" dir="auto">Well\nor not</p>', "a status may have lines"],
  [{ status: "a ".repeat(100) }, '<p class="status long"', "a long one is set smaller"],
  [
    { status: "x", statusAt: new Date("2026-02-03T04:05:06.789Z") },
    '<time datetime="2026-02-03T04:05:06Z">3 February 2026, 04:05 UTC</time>',
    "times are the same for all",
  ],
  [{ plan: "\n a\tb\n" }, '<h2>Plan</h2><pre dir="auto">\n\n a\tb\n</pre>', "the first line end is the element's own"],
  [{ project: "http://a/" }, '<h2>Project</h2><pre dir="auto">\n<a href="http://a/"', "links can be followed"],
  [{ pgpKey: "-----" }, "<details><summary>Public key</summary><pre>\n-----</pre>", "a key is long"],
  [{ text: "Login: bob\n" }, '<h2>Answer</h2><pre dir="auto">\nLogin: bob\n</pre>', "a provider may know a text alone"],
  [{ text: "Quota: 1\n", name: "Bob" }, "<h2>More</h2>", "or have more to say"],
  [{ office: "1 <2>" }, '<dt>Office</dt><dd dir="auto">1 &lt;2&gt;</dd>', "facts are text"],
  [{ shell: "" }, '<dt>Shell</dt><dd dir="auto">/bin/sh</dd>', "passwd(5) has it so"],
  [{ lastLogin: null }, '<dt>Last login</dt><dd dir="auto">Never</dd>', "that is known too"],
  [{ lastLogin: { tty: "tty1", host: "a" } }, '<dd dir="auto">on tty1 from a</dd>', "some of it is known"],
  [{ mail: null }, '<dt>Mail</dt><dd dir="auto">None</dd>', "an empty mailbox"],
  [{ sessions: [{ tty: "pts/0", idle: 93_780 }] }, "on pts/0, idle 1 d 2 h</dd>", "idle for a day"],
  [{ sessions: [{ tty: "pts/0", idle: 3600 }] }, "on pts/0, idle 1 h</dd>", "idle for an hour"],
  [{ sessions: [{ tty: "a", messages: false }, { tty: "b" }] }, "messages off</dd><dd", "one for each login"],
];

it.each(USERS)("shows %j as %j: %s", (user, shown) => {
  expect(renderUser(user)).toContain(shown);
});

const NOT_SHOWN: ReadonlyArray<[user: Partial<FingerUser>, hidden: string, why: string]> = [
  [{}, "<h2>", "what is not known is not spoken of"],
  [{ status: " ", plan: "\n", project: "", office: "", pgpKey: " " }, "<h2>", "nor what is blank"],
  [{ status: "", statusAt: NOW }, "since", "nobody says nothing since"],
  [{ status: "x", statusAt: new Date(Number.NaN) }, "since", "a date that is none"],
  [{ sessions: [] }, "Details", "nowhere is not a place"],
  [{ sessions: [{ tty: "a" }], lastLogin: { tty: "b" } }, "Last login", "who is here was seen last now"],
];

it.each(NOT_SHOWN)("of %j it shows no %j: %s", (user, hidden) => {
  expect(renderUser(user)).not.toContain(hidden);
});

it("offers the form where a status can be set, and says what was wrong", () => {
  const form = { action: "/bob", status: "\n<b>", problem: undefined };
  const offered = renderUser({}, { form });
  expect(offered).toContain("<details data-keep><summary>Set the status</summary>");
  expect(offered).toContain('<form method="post" action="/bob">');
  expect(offered).toContain(">\n\n&lt;b&gt;</textarea>");
  expect(offered).not.toContain("role=");
  const failed = renderUser({}, { form: { ...form, problem: "No such token." } });
  expect(failed).toContain("<details data-keep open>");
  expect(failed).toContain('<p role="alert">No such token.</p>');
  expect(renderUser({})).not.toContain("<form");
});

it("draws the year where changes are kept", () => {
  expect(renderUser({}, { changes: CHANGES })).toContain("<svg");
  expect(renderUser({}, { changes: [] })).toContain("No changes since");
  expect(renderUser({})).not.toContain("<svg");
});

it("leads back to the list where there is one", () => {
  expect(renderUser({})).toContain('<a href="/">All users</a>');
  expect(renderUser({}, { directory: undefined })).not.toContain("All users");
});

it("lists people by a line each", () => {
  const people = [
    { user: { ...ALICE, status: "\n one\ntwo" }, href: "/alice" },
    { user: { login: "bob", status: "🦓".repeat(300) }, href: "/bob" },
    { user: { login: "eve", sessions: [{ since: NOW }] }, href: "/eve" },
  ];
  const list = directory({ ...DIRECTORY, people }).main.toString();
  expect(list).toContain('<a href="/alice"><b dir="auto">Alice Liddell</b> <span class="login">alice</span></a>');
  expect(list).toContain('<p dir="auto">one</p>');
  expect(list).toContain(`<p dir="auto">${"🦓".repeat(200)}…</p>`);
  expect(list).toContain('logged in since <time datetime="2026-11-26T05:04:00Z">');
});

it("says that a list is empty, and that an answer was", () => {
  expect(directory({ ...DIRECTORY, people: [] }).main.toString()).toContain("Nobody is listed here.");
  expect(gateway({ ...GATEWAY, text: "\n" }).main.toString()).toContain("The answer was empty.");
});

it("says what the problem was, and where to go", () => {
  const text = render(problem({ ...PROBLEM, detail: "No <b> here." }));
  expect(text).toContain("<title>Not Found</title>");
  expect(text).toContain("No &lt;b&gt; here.");
  expect(text).toContain('<a href="/">All users</a>');
});
