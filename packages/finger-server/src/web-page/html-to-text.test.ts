import fc from "fast-check";
import { expect, it } from "vitest";
import { htmlToText } from "./html-to-text.js";

const PAGES: ReadonlyArray<readonly [html: string, text: string, why: string]> = [
  ["<h1>alice</h1><p>Happy and well</p>", "alice\n\nHappy and well", "the page of the tutorial"],
  ["Happy and well", "Happy and well", "no elements at all"],
  ["<title>T</title><style>b{}</style><script>x<y</script>Hi", "Hi", "what is not to be read"],
  ["<body><script>'</p>'</script><p>Hi</body>", "Hi", "a script may look like a page"],
  ["a<br>b<br/>c", "a\nb\nc", "a line break"],
  ["a<br><br>b", "a\n\nb", "two of them"],
  ["a<br><br><br><br>b", "a\n\nb", "and never more than one blank line"],
  ["<div>a</div><div>b</div>", "a\nb", "blocks"],
  ["<div><div><div>a</div></div></div>b", "a\nb", "blocks in blocks"],
  ["<p>a<p>b", "a\n\nb", "paragraphs that nobody closed"],
  ["<ul><li>a<li>b</ul>", "a\nb", "a list"],
  ["<table><tr><td>a<td>b<tr><td>c</table>", "a b\nc", "a table"],
  ["  a \n\t b  <b> c</b>\u00a0d ", "a b c\u00a0d", "white space is folded, but not a no-break space"],
  ["a<b>b</b>c", "abc", "what stands in a line does not break it"],
  ["<p> a </p> <p> b </p>", "a\n\nb", "no blanks at the ends of lines"],
  ["x<pre>\n  a\n\n\n    b\n</pre>y", "x\n\n  a\n\n\n    b\n\ny", "what is set out beforehand"],
  ["<pre> a<b> b\n</b></pre><pre>c</pre>", " a b\n\nc", "with elements in it"],
  ["<pre>a\n\n<div>b</div></pre>", "a\n\nb", "with more line ends than a block wants"],
  ["&lt;b&gt; &amp;amp; caf&eacute; &#x1F600; &notit; &nosuch;", "<b> &amp; café 😀 ¬it; &nosuch;", "entities"],
  ['<a href="https://example.org/">here</a>', "here", "a link is its text"],
  ["<p hidden>a</p><template>b</template><svg><text>c</text></svg>d", "d", "hidden, a template, a picture"],
  ["<noscript>Hi</noscript>", "Hi", "what is for readers without scripts"],
  ["<!-- a -->b<!doctype html><![CDATA[c]]>", "b", "comments and the like"],
  ["a\u0000b", "ab", "NUL is dropped, as browsers do"],
  ["", "", "nothing"],
  ["<p> </p><br>", "", "nothing to see"],
];

it.each(PAGES)("reads %j as %j: %s", (html, text) => {
  expect(htmlToText(html)).toBe(text);
});

it.each([
  ["<div>", "blocks"],
  ["<i>", "letters"],
  ["<pre>", "text that is set out"],
  ["<table><tr><td>", "tables"],
])("reads a text within thousands of %s", (opening) => {
  expect(htmlToText(`${opening.repeat(20_000)}deep`)).toBe("deep");
});

it("refuses a page of more elements than it likes, even when they are not written out", () => {
  const failure = expect.objectContaining({ code: "ERR_FINGER_PROVIDER" });
  expect(() => htmlToText("<i>".repeat(100_001))).toThrow(failure);
  const bold = Array.from({ length: 1_000 }, (_, index) => `<b id=${index}>`).join("");
  const reopened = `<p>${bold}${"<p>x".repeat(1_000)}`;
  expect(() => htmlToText(reopened)).toThrow(failure);
});

it("makes no more text than there is, but for line ends", () => {
  const parts = fc.constantFrom(
    "<p>",
    "</p>",
    "<pre>",
    "</pre>",
    "<br>",
    "<td>",
    "<table>",
    "a",
    " ",
    "\n",
    "<b>",
    "</b>",
  );
  fc.assert(
    fc.property(fc.array(parts), (some) => {
      const text = htmlToText(some.join(""));
      expect(text.replaceAll(/\s/g, "").length).toBe(some.filter((part) => part === "a").length);
      expect(text).toBe(text.trimEnd());
    }),
  );
});
