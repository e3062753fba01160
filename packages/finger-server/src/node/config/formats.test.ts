import { expect, it } from "vitest";
import { cpuTime } from "../../../../../tests/support/cpu-time.js";
import { formatData, parseData, toDataFormat } from "./formats.js";

const ENDINGS: ReadonlyArray<readonly [path: string, format: string | undefined]> = [
  ["finger.config.json", "json"],
  ["/etc/finger.yaml", "yaml"],
  ["a.yml", "yaml"],
  ["a.toml.age", "toml"],
  ["a.age", undefined],
  ["a.json.bak", undefined],
  ["json", undefined],
  ["a.d/json", undefined],
  ["a.constructor", undefined],
];

it.each(ENDINGS)("takes %s for %s", (path, format) => {
  expect(toDataFormat(path)).toBe(format);
});

const DATA = { users: "users", listen: [79, "./s"], log: { audit: true }, limits: { rate: false } };

const TEXTS: ReadonlyArray<readonly ["json" | "yaml" | "toml", text: string, why: string]> = [
  ["json", '{"users":"users","listen":[79,"./s"],"log":{"audit":true},"limits":{"rate":false}}', "JSON"],
  ["json", '\ufeff{"users":"users","listen":[79,"./s"],"log":{"audit":true},"limits":{"rate":false}}', "with a BOM"],
  ["yaml", '{"users":"users","listen":[79,"./s"],"log":{"audit":true},"limits":{"rate":false}}', "JSON is YAML"],
  ["yaml", "users: users\nlisten: [79, ./s]\nlog:\n  audit: true\nlimits: { rate: false }\n", "YAML"],
  [
    "yaml",
    "\ufeffusers: users\r\nlisten:\r\n- 79\r\n- ./s\r\nlog: {audit: true}\r\nlimits: {rate: false}\r\n",
    "of Windows",
  ],
  ["yaml", "users: &u users\nlisten: [79, ./s]\nlog: &l {audit: true}\nlimits: {rate: false}", "with anchors"],
  ["toml", 'users = "users"\nlisten = [79, "./s"]\nlog.audit = true\n[limits]\nrate = false\n', "TOML"],
  [
    "toml",
    '\ufeffusers = "users"\r\nlisten = [79, "./s"]\r\n[log]\r\naudit = true\r\n[limits]\r\nrate = false\r\n',
    "of Windows",
  ],
];

it.each(TEXTS)("reads %s: %j (%s)", async (format, text) => {
  expect(await parseData(text, format, "config")).toEqual(DATA);
});

it.each(["yaml", "toml"] as const)("takes an empty file of %s for one that says nothing", async (format) => {
  expect(await parseData("# nothing\n", format, "config")).toEqual({});
});

const MISTAKES: ReadonlyArray<readonly ["json" | "yaml" | "toml", text: string, message: string, why: string]> = [
  ["json", "", "line 1, column 1: the text ends before the JSON does.", "nothing"],
  ["json", '{\n  "users": "u",\n}', "line 3, column 1: what stands here is no JSON.", "a comma too many"],
  [
    "json",
    '{\r\n  "store": "redis://:pw@h" x',
    "line 2, column 28: what stands here is no JSON.",
    "no password is told",
  ],
  [
    "json",
    '{\n "log": {"level": "x",\n  "level": "y"}}',
    "line 3, column 3: the key stands there twice; remove one.",
    "one of them is lost",
  ],
  [
    "json",
    '{"a": [{"b": 1}, {"b": 1}], "\\u0061": 2}',
    "line 1, column 29: the key stands there twice; remove one.",
    "written otherwise",
  ],
  ["yaml", "users: u\nlog: {level: x", "line 2, column 15: Flow map in block collection must be", "no end"],
  [
    "yaml",
    "users: u\nlog:\n  level: a\n  level: b\n",
    "line 4, column 3: the key stands there twice; remove one.",
    "one is lost",
  ],
  ["yaml", "users: u\n\tlog: x\n", "line 2, column 1: Tabs are not allowed as indentation", "a tab"],
  ["yaml", "users: !!js/function x\n", "line 1, column 8: Unresolved tag: tag:yaml.org,2002:js/function", "code"],
  [
    "yaml",
    "a: 1\n---\nb: 2\n",
    "line 2, column 1: Source contains multiple documents; please use YAML.parseAllDocuments()",
    "two",
  ],
  ["yaml", "users: *nobody\n", "it cannot be read as YAML: Unresolved alias", "no anchor"],
  ["toml", 'users = "u"\nlog = {\n', "line 3, column 1: ", "no end"],
  ["toml", 'users = "u"\nusers = "v"\n', "line 2, column 1: trying to redefine", "one is lost"],
  ["toml", "a = 1\n[log\n", "line 2, column ", "no end"],
  ["toml", `a = ${"[".repeat(5000)}`, "column", "lists in lists"],
];

it.each(MISTAKES)("tells where %s is wrong: %j", async (format, text, message) => {
  const error = (await parseData(text, format, "config").then(String, (error: Error) => error)) as Error;
  expect(error).toMatchObject({ name: "FingerError", code: "ERR_FINGER_CONFIG" });
  expect(error.message).toContain(message);
  expect(error.message).toMatch(/^config[,:]/);
  expect(error.message).not.toMatch(/pw|\n/);
});

it("reads no YAML that grows without bounds", async () => {
  const levels = Array.from({ length: 30 }, (_, index) => `a${index + 1}: &a${index + 1} [*a${index}, *a${index}]`);
  const bomb = ["a0: &a0 x", ...levels].join("\n");
  await expect(parseData(bomb, "yaml", "config")).rejects.toThrow(
    /^config: it cannot be read as YAML: Excessive alias/,
  );
  await expect(parseData("[".repeat(100_000), "yaml", "config")).rejects.toThrow(/^config/);
});

it("reads many keys in little time", async () => {
  const keys = Array.from({ length: 50_000 }, (_, index) => `k${index}: 1`).join("\n");
  let data: unknown;
  const time = await cpuTime(async () => {
    data = await parseData(keys, "yaml", "config");
  });
  expect(Object.keys(data as object)).toHaveLength(50_000);
  expect(time).toBeLessThan(10_000);
});

it.each(["json", "yaml", "toml"] as const)("writes %s that it reads", async (format) => {
  const text = await formatData(DATA, format, "config");
  expect(text.endsWith("\n")).toBe(true);
  expect(await parseData(text, format, "config")).toEqual(DATA);
});

it("says that TOML has no null", async () => {
  const data = { plugins: { p: { module: "p", options: { a: [{ b: null }] } } } };
  await expect(formatData(data, "toml", "config")).rejects.toThrow(/^config: TOML has no null; write JSON or YAML/);
  expect(await parseData(await formatData(data, "yaml", "config"), "yaml", "config")).toEqual(data);
});
