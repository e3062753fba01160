import fc from "fast-check";
import { expect, it } from "vitest";
import { cpuTime } from "../../../../tests/support/cpu-time.js";
import { answerXmlRpc, type RpcMethods } from "./answer-xml-rpc.js";

const METHODS: RpcMethods = {
  getUser: async (name) => (name === "moshez" ? "Happy and well" : `No such user`),
  getUsers: async () => ["moshez", "<&>"],
};

const call = (method: string, ...values: string[]) =>
  `<?xml version="1.0"?>\n<methodCall><methodName>${method}</methodName><params>${values
    .map((value) => `<param><value>${value}</value></param>`)
    .join("")}</params></methodCall>`;

/** What of an answer matters: the result, or the fault. */
async function read(body: string, methods = METHODS): Promise<string> {
  const xml = await answerXmlRpc(body, methods);
  const [, content = xml] =
    /^<\?xml version="1.0" encoding="utf-8"\?>\n<methodResponse>(.*)<\/methodResponse>\n$/s.exec(xml) ?? [];
  const [, code, text] = /<int>(\d+)<\/int>.*<string>(.*)<\/string>/s.exec(content) ?? [];
  if (content.startsWith("<fault>")) return `Fault ${code}: ${text}`;
  return content.replace(/^<params><param><value>(.*)<\/value><\/param><\/params>$/s, "$1");
}

const list = (...texts: string[]) =>
  `<array><data>${texts.map((text) => `<value><string>${text}</string></value>`).join("")}</data></array>`;

const CALLS: ReadonlyArray<readonly [body: string, answer: string, why: string]> = [
  [call("getUser", "<string>moshez</string>"), "<string>Happy and well</string>", "the tutorial's call"],
  [call("getUser", "moshez"), "<string>Happy and well</string>", "a value without a type is a string"],
  [call("getUser", "<string></string>"), "<string>No such user</string>", "an empty string is one"],
  [call("getUser", "<string/>"), "<string>No such user</string>", "an empty string, otherwise"],
  [call("getUser", ""), "<string>No such user</string>", "an empty string without a type"],
  [call("getUser", "mos&#104;e&#x7A;"), "<string>Happy and well</string>", "references to characters"],
  [call("getUser", "mos<!-- - -->hez"), "<string>Happy and well</string>", "a comment"],
  [call("getUsers"), list("moshez", "&lt;&amp;&gt;"), "a list, escaped"],
  ["<methodCall><methodName>getUsers</methodName></methodCall>", list("moshez", "&lt;&amp;&gt;"), "no params at all"],
  [
    `\ufeff<?xml version='1.0' encoding='UTF-8' standalone="yes" ?>\r\n<!-- x -->\r\n<methodCall >\r\n <methodName>getUsers</methodName >\t<params/>\r\n</methodCall>\n<!-- y -->\n`,
    list("moshez", "&lt;&amp;&gt;"),
    "all the room that XML gives",
  ],
  [
    call("system.listMethods"),
    list("getUser", "getUsers", "system.listMethods", "system.methodHelp", "system.methodSignature"),
    "introspection",
  ],
  [call("system.methodHelp", "getUser"), "<string>What is known of a user.</string>", "introspection"],
  [
    call("system.methodSignature", "getUser"),
    `<array><data><value>${list("string", "string")}</value></data></array>`,
    "introspection",
  ],
  [call("system.methodHelp", "x"), "Fault 8001: function x not found", "introspection of what is not there"],
  [call("getuser", "moshez"), "Fault 8001: function getuser not found", "methods have a case"],
  [call("constructor"), "Fault 8001: function constructor not found", "what every object has is no method"],
  [call("__proto__"), "Fault 8001: function __proto__ not found", "what every object has is no method"],
  [call("getUser"), "Fault 8002: error", "no parameter"],
  [call("getUser", "a", "b"), "Fault 8002: error", "one too many"],
  [call("getUsers", "a"), "Fault 8002: error", "one too many"],
];

it.each(CALLS)("answers %s with %s: %s", async (body, answer) => {
  expect(await read(body)).toBe(answer);
});

const OTHER_TYPES = [
  "<int>-12</int>",
  "<i4>+12</i4>",
  "<boolean>1</boolean>",
  "<double>-12.5</double>",
  "<double>1e+20</double>",
  "<dateTime.iso8601>20261122T18:00:00</dateTime.iso8601>",
  "<base64>bW9z\naGV6</base64>",
  "<nil/>",
  "<array><data><value>moshez</value><value><int>1</int></value></data></array>",
  "<array><data/></array>",
  "<struct><member><name>a</name><value>b</value></member></struct>",
  "<struct/>",
];

it.each(OTHER_TYPES)("takes no %s for a name", async (value) => {
  expect(await read(call("getUser", value))).toBe("Fault 8002: error");
});

const inCall = (xml: string) => `<methodCall><methodName>getUser</methodName>${xml}</methodCall>`;

const UNREADABLE: ReadonlyArray<readonly [body: string, why: string]> = [
  ["", "line 1, column 1: there is no element"],
  ["moshez", "line 1, column 1: there is text outside of the root element"],
  ["<methodCall>", "line 1, column 13: the element methodCall does not end"],
  ["</methodCall>", "line 1, column 1: nothing begins that methodCall could end"],
  ["<methodCall>\n<a></b></methodCall>", "line 2, column 4: the element a does not end with b"],
  ["<a/><b/>", "line 1, column 5: there is a second root element"],
  ["<a/>b", "line 1, column 5: there is text outside of the root element"],
  ["<a/>", "line 1, column 1: this is a a, and no methodCall"],
  ["<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", "line 1, column 1: a document type is not allowed"],
  ["<a>&b;</a>", "line 1, column 4: there is no such entity; write &amp;amp; for &amp;"],
  ["<a>&</a>", "line 1, column 4: there is no such entity; write &amp;amp; for &amp;"],
  ["<a>&#0;</a>", "line 1, column 4: XML has no such character"],
  ["<a>&#xd800;</a>", "line 1, column 4: XML has no such character"],
  ["<a>&#x110000;</a>", "line 1, column 4: XML has no such character"],
  ["<a>\0</a>", "line 1, column 4: XML has no such character"],
  ["<a>]]></a>", "line 1, column 4: ]]&gt; must be written as ]]&amp;gt;"],
  ["<a><![CDATA[b]]></a>", "line 1, column 4: CDATA is not read; write &amp;lt; for &lt;"],
  ["<a><?php ?></a>", "line 1, column 4: an instruction is not allowed"],
  [" <?xml version='1.0'?><a/>", "line 1, column 2: an instruction is not allowed"],
  ["<?xml version='1.0' encoding='latin1'?><a/>", "line 1, column 1: the encoding is latin1; send UTF-8"],
  ["<?xml encoding='utf-8'?><a/>", "line 1, column 1: the XML declaration cannot be read"],
  ["<a b='c'/>", "line 1, column 1: this is no tag, or it has attributes, which XML-RPC does not"],
  ["<a><!-- -- --></a>", "line 1, column 4: there is -- in the comment"],
  ["<a><!-- </a>", "line 1, column 4: the comment does not end"],
  ["<".repeat(5), "line 1, column 1: this is no tag, or it has attributes, which XML-RPC does not"],
  ["<a>".repeat(17), "line 1, column 49: elements are nested more than 16 deep"],
  ["<methodCall/>", "line 1, column 1: a methodCall has a methodName, and then its params"],
  ["<methodCall>x</methodCall>", "line 1, column 1: there is text in the methodCall"],
  ["<methodCall><x/></methodCall>", "line 1, column 13: a methodCall has no x"],
  ["<methodCall><methodName/></methodCall>", "line 1, column 13: this can be no name of a method"],
  [inCall("<methodName/>"), "line 1, column 1: a methodCall has a methodName, and then its params"],
  [inCall("<params><param/></params>"), "line 1, column 53: a param has one value"],
  [inCall("<params><value/></params>"), "line 1, column 53: a params has no value"],
];

it.each(UNREADABLE)("says why it cannot read %j: %s", async (body, why) => {
  expect(await read(body)).toBe(`Fault 8002: Can&#39;t deserialize input: ${why}`);
});

const NO_VALUES = [
  "<int>x</int>",
  "<int>1.5</int>",
  "<int></int>",
  "<boolean>true</boolean>",
  "<double>NaN</double>",
  "<dateTime.iso8601>today</dateTime.iso8601>",
  "<base64>*</base64>",
  "<nil>x</nil>",
  "<float>1</float>",
  "<string><b/></string>",
  "<string>a</string><string>b</string>",
  "a<string>b</string>",
  "<array/>",
  "<array><data>x</data></array>",
  "<array><data><value><int>x</int></value></data></array>",
  "<struct><member/></struct>",
  "<struct><member><value/><name>a</name></member></struct>",
  "<struct><member><name>a</name></member></struct>",
];

it.each(NO_VALUES)("refuses the value %s", async (value) => {
  expect(await read(call("getUser", value))).toMatch(/^Fault 8002: Can&#39;t deserialize input: line 2, column \d+: /);
});

it("says that a method failed, and to its owner alone why", async () => {
  const heard: unknown[] = [];
  const why = new Error("/etc/secret");
  const methods = { getUser: () => Promise.reject(why), getUsers: METHODS.getUsers };
  const xml = await answerXmlRpc(call("getUser", "moshez"), methods, (error) => heard.push(error));
  expect(xml).toContain("<int>8002</int>");
  expect(xml).toContain("<string>error</string>");
  expect(xml).not.toContain("secret");
  expect(heard).toEqual([why]);
});

it("does not offer a list where there is none", async () => {
  const { getUser } = METHODS;
  expect(await read(call("getUsers"), { getUser })).toBe("Fault 8001: function getUsers not found");
  expect(await read(call("system.listMethods"), { getUser })).not.toContain("getUsers");
});

it("hands a name on as it was written, and answers so that it is read back", async () => {
  const getUser = async (name: string) => name;
  const text = fc.string({ unit: "binary" });
  await fc.assert(
    fc.asyncProperty(text, async (name) => {
      const [kept = ""] = [name.replace(/[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, "")];
      const sent = kept.replace(/[&<>\r]/g, (char) => `&#${char.charCodeAt(0)};`);
      const answer = await read(call("getUser", `<string>${sent}</string>`), { getUser });
      expect(decode(answer)).toBe(`<string>${kept}</string>`);
    }),
  );
});

function decode(xml: string): string {
  const chars = new Map([
    ["&lt;", "<"],
    ["&gt;", ">"],
    ["&quot;", '"'],
    ["&#39;", "'"],
    ["&#13;", "\r"],
    ["&amp;", "&"],
  ]);
  return xml.replace(/&[^;]+;/g, (reference) => chars.get(reference) ?? reference);
}

it("answers whatever is sent", async () => {
  const piece = fc.constantFrom(
    ...[
      "<",
      ">",
      "/",
      "&",
      ";",
      "#x",
      "<!--",
      "-->",
      "<![CDATA[",
      "]]>",
      "<!DOCTYPE",
      "<?xml",
      "?>",
      "é",
      "\0",
      "a",
      " ",
    ],
    ...["<methodCall>", "<methodName>", "<params>", "<param>", "<value>", "</value>", "</methodCall>", "<a/>"],
  );
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 40 }), async (pieces) => {
      expect(await answerXmlRpc(pieces.join(""), METHODS)).toMatch(/^<\?xml .*<\/methodResponse>\n$/s);
    }),
  );
});

const HOSTILE: ReadonlyArray<readonly [name: string, body: string]> = [
  ["blanks in a tag", `<a${" ".repeat(1e6)}`],
  ["blanks in the declaration", `<?xml${" ".repeat(1e6)}`],
  ["a name", `<${"a".repeat(1e6)}`],
  ["ampersands", `<a>${"&".repeat(1e6)}`],
  ["references", `<a>${"&amp;".repeat(2e5)}`],
  ["brackets", `<a>${"]".repeat(1e6)}`],
  ["tags", "<a>".repeat(3e5)],
  ["siblings", `<a>${"<b/>x".repeat(2e5)}`],
  ["comments", `<a>${"<!--->".repeat(2e5)}`],
  ["a comment", `<a><!--${"- ".repeat(5e5)}`],
];

it.each(HOSTILE)("takes linear time for a megabyte of %s", async (_, body) => {
  expect(await cpuTime(() => answerXmlRpc(body, METHODS))).toBeLessThan(2000);
});
