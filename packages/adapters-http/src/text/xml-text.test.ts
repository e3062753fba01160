import { expect, it } from "vitest";
import { escapeXml } from "./xml-text.js";

const TEXTS: ReadonlyArray<readonly [text: string, xml: string, why: string]> = [
  ["Happy & <well>", "Happy &amp; &lt;well&gt;", "markup"],
  [`"it's"`, "&quot;it&#39;s&quot;", "quotes, for attributes"],
  ["]]>", "]]&gt;", "the end of CDATA may not stand in text"],
  ["a\tb\nc\r\n", "a\tb\nc&#13;\n", "a bare CR would be read as LF"],
  ["\x1b[31m\x07\0", "[31m", "control characters"],
  ["\ud83d a \ude00", " a ", "halves of surrogate pairs"],
  ["\ufffe\uffff\ufffd", "\ufffd", "what is no character"],
  ["🦊é", "🦊é", "all else"],
];

it.each(TEXTS)("writes %j as %j: %s", (text, xml) => {
  expect(escapeXml(text)).toBe(xml);
});
