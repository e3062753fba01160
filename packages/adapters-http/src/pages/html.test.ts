import fc from "fast-check";
import { expect, it } from "vitest";
import { type Html, type HtmlValue, html } from "./html.js";

const VALUES: ReadonlyArray<[value: HtmlValue, markup: string, why: string]> = [
  [
    "a & <b> \"c\" 'd' `e`",
    "a &amp; &lt;b&gt; &quot;c&quot; &#39;d&#39; &#96;e&#96;",
    "whatever means something is escaped",
  ],
  ["&amp;", "&amp;amp;", "text is not taken for HTML that was escaped already"],
  [0, "0", "a number is text, zero too"],
  [undefined, "", "there is nothing"],
  [null, "", "there is nothing"],
  [false, "", "a condition that does not hold leaves nothing"],
  ["", "", "an empty text is nothing"],
  [html`<b>${"<"}</b>`, "<b>&lt;</b>", "HTML stays as it is"],
  [["<", html`<br>`, [undefined, ">"]], "&lt;<br>&gt;", "a list is what is in it, one behind the other"],
  ["\0a\x07\x1b[31mb\x9b1mc\x7f", "abc", "no control character is in HTML, nor the rest of its sequence"],
  ["a\tb\nc\r\nd", "a\tb\nc\nd", "white space stays"],
  ["\u202egpj.exe\u2066", "gpj.exe", "nobody turns the direction of a page"],
  ["\ud800a\udc00", "a", "half a character is none"],
  ["🦓 é 漢", "🦓 é 漢", "all others are"],
];

it.each(VALUES)("inserts %j as %j: %s", (value, markup) => {
  expect(html`<p>${value}</p>`.toString()).toBe(`<p>${markup}</p>`);
});

it("escapes what an attribute holds", () => {
  expect(html`<p title="${`"><script>`}" class='a ${"'"}'>`.toString()).toBe(
    `<p title="&quot;&gt;&lt;script&gt;" class='a &#39;'>`,
  );
});

const REFERENCES: ReadonlyArray<[url: string, isKept: boolean, why: string]> = [
  ["/alice", true, "a path"],
  ["alice", true, "a relative path"],
  ["//plan.example/", true, "a host"],
  ["?a=b:c", true, "a query, whose colon ends no scheme"],
  ["#a:b", true, "a fragment"],
  ["./a:b", true, "a path with a colon"],
  ["", true, "the page itself"],
  ["https://plan.example", true, "a page"],
  ["HTTP://plan.example", true, "schemes have no case"],
  ["finger://plan.example/alice", true, "what this is about"],
  ["mailto:alice@plan.example", true, "a mailbox"],
  ["gemini://plan.example", true, "the small internet"],
  ["gopher://plan.example", true, "the small internet"],
  ["acct:alice@plan.example", true, "an account"],
  ["javascript:alert(1)", false, "a program"],
  ["JavaScript:alert(1)", false, "schemes have no case"],
  [" \u0001javascript:alert(1)", false, "browsers skip what stands before"],
  ["java\nscript:alert(1)", false, "browsers skip line ends within"],
  ["java\tscript\r:alert(1)", false, "browsers skip tabs within"],
  ["java\0script:alert(1)", false, "what is dropped does not hide the rest"],
  ["\x1b[31mjavascript:alert(1)", false, "what is dropped does not hide the rest"],
  ["\u202ejavascript:alert(1)", false, "what is dropped does not hide the rest"],
  ["vbscript:x", false, "a program"],
  ["data:text/html,<script>alert(1)</script>", false, "a page of its own"],
  ["blob:x", false, "a page of its own"],
  ["file:///etc/passwd", false, "a file of the reader"],
  ["view-source:http://x", false, "not of the web"],
  ["unknown:x", false, "what is not known is not followed"],
];

it.each(REFERENCES)("a link to %j is kept: %s (%s)", (url, isKept) => {
  const link = html`<a href="${url}">x</a>`.toString();
  if (isKept) expect(link).toBe(`<a href="${url}">x</a>`);
  else expect(link).toBe('<a href="#">x</a>');
});

it("looks at a source and a form's action as at a link", () => {
  expect(html`<img src="${"javascript:1"}"><form action='${"data:x"}'>`.toString()).toBe(
    `<img src="#"><form action='#'>`,
  );
});

it("allows more behind a URL, and before it what decides on the scheme", () => {
  const url = "javascript:1";
  expect(html`<a href="${url}/feed"><a href="/${url}"><a href="${"a"}?b=${url}">`.toString()).toBe(
    '<a href="#/feed"><a href="/javascript:1"><a href="a?b=javascript:1">',
  );
});

const X = "x";
const MISPLACED: ReadonlyArray<[name: string, fill: () => Html, where: string]> = [
  ["an attribute without quotes", () => html`<a class=${X}>`, 'behind a "=" without quotes'],
  ["an attribute that begins without quotes", () => html`<a class=a${X}>`, 'behind a "=" without quotes'],
  ["the name of a tag", () => html`<${X}>`, "in the name of a tag"],
  ["the end of the name of a tag", () => html`<h${1}>`, "in the name of a tag"],
  ["the name of an end tag", () => html`</${X}>`, "in the name of a tag"],
  ["a tag", () => html`<p ${X}>`, "in a tag"],
  ["the name of an attribute", () => html`<p data-${X}="">`, "in a tag"],
  ["a script", () => html`<script>${X}</script>`, "in <script>"],
  ["a script with attributes", () => html`<SCRIPT type="a">a ${X} b</SCRIPT >`, "in <SCRIPT>"],
  ["a script that does not end", () => html`<script>${X}`, "in <script>"],
  ["the source of a script", () => html`<script src="${X}"></script>`, "in <script>"],
  ["a style sheet", () => html`<style>p { color: ${X} }</style>`, "in <style>"],
  ["a comment", () => html`<!-- ${X} -->`, "in a comment"],
  ["a comment that does not end", () => html`<!-- ${X}`, "in a comment"],
  ["a declaration", () => html`<!doctype ${X}>`, "in a comment or a declaration"],
  ["an event handler", () => html`<p onclick="${X}">`, "in the attribute onclick"],
  ["an event handler in capitals", () => html`<p ONCLICK='a(${X})'>`, "in the attribute onclick"],
  ["a style", () => html`<p style="color: ${X}">`, "in the attribute style"],
  ["a document", () => html`<iframe srcdoc="${X}">`, "in the attribute srcdoc"],
  ["a page to go on to", () => html`<meta http-equiv="refresh" content="0;${X}">`, "in the attribute content"],
  ["what is animated", () => html`<animate attributeName="href" to="${X}"/>`, "in the attribute to"],
  ["a scheme of two parts", () => html`<a href="${"java"}${"script:1"}">`, "in the middle of the scheme of href"],
  ["a scheme that is begun", () => html`<a href="java${"script:1"}">`, "in the middle of the scheme of href"],
  ["a scheme that is ended", () => html`<a href="${"javascript"}:1">`, "in the middle of the scheme of href"],
  ["a program that is begun", () => html`<a href="javascript:${X}">`, "in the middle of the scheme of href"],
];

it.each(MISPLACED)("refuses %s", (_, fill, where) => {
  expect(fill).toThrow(TypeError);
  expect(fill).toThrow(`Nothing can be inserted ${where}`);
});

it("takes HTML from templates alone", () => {
  expect(() => html(["<b>"] as never)).toThrow("html is for templates");
  const piece = html`<b>a</b>`;
  const forge = () => "<script>";
  expect(() => Object.assign(piece, { toString: forge, map: forge })).not.toThrow();
  expect(html`<p>${piece}</p>`.toString()).toBe("<p><b>a</b></p>");
  class List extends Array<string> {
    override map(): never[] {
      return [piece] as never[];
    }
  }
  expect(html`<p>${List.from(["<i>"])}</p>`.toString()).toBe("<p>&lt;i&gt;</p>");
});

it("refuses HTML in an attribute, which it could end", () => {
  expect(() => html`<p title="${html`<b title="">`}">`).toThrow("HTML cannot stand in an attribute");
});

it("refuses a template that breaks off in a tag, where the next could go on", () => {
  expect(() => html`<p title="`).toThrow("breaks off");
  expect(() => html`1 < 2`).toThrow('a bare "<"');
});

it("is made by a template alone", () => {
  const piece = html`<b></b>`;
  const copies = [
    { toString: () => "<i>" },
    { ...piece, toString: () => "<i>" },
    Reflect.construct(piece.constructor, ["<i>"]),
  ];
  for (const copy of copies) expect(html`${copy}`.toString()).not.toContain("<i>");
  expect(() => html`${Object.create(piece)}`).toThrow(TypeError);
  expect(html`${JSON.parse('{"markup":"<i>"}')}`.toString()).toBe("[object Object]");
});

it("lets no text add a tag or an attribute", () => {
  const hostile = fc.array(
    fc.oneof(
      fc.constantFrom(..."<>\"'`&=/! \n\0-", "<script>", "-->", "]]>", "onload=", "javascript:", "</title>"),
      fc.string({ unit: "binary" }),
    ),
  );
  fc.assert(
    fc.property(hostile, (parts) => {
      const text = parts.join("");
      const page = html`<title>${text}</title><p title="${text}" lang='${text}'>${text}</p><a href="${text}">${[text]}</a>`;
      expect(
        page
          .toString()
          .match(/[<>"']/g)
          ?.join(""),
      ).toBe(`<><><""''><><""><>`);
      expect(page.toString()).not.toMatch(/href="\s*javascript:/i);
    }),
    { numRuns: 1000 },
  );
});

it("fills a large template in linear time", () => {
  const row = "<'\"&`>\u202e\x07".repeat(100_000);
  // In time that grows faster this would take longer than a test may.
  expect(html`<p title="${row}">${row}</p>`.toString().length).toBeGreaterThan(row.length);
});
