import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { glanceAt } from "./glance.js";
import { readUsers } from "./read-users.js";

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "finger-formats-"));
});

afterAll(() => rm(folder, { recursive: true }));

async function readFrom(name: string, maxBytes = 100_000) {
  const path = join(folder, name);
  return readUsers({ path, source: name, maxBytes }, await glanceAt(path));
}

async function put(name: string, content: string | Uint8Array): Promise<void> {
  await mkdir(dirname(join(folder, name)), { recursive: true });
  await writeFile(join(folder, name), content);
}

const ALICE_AND_BOB = [
  { login: "alice", status: "Well" },
  { login: "bob", name: "Bob", statusAt: new Date("2026-01-31T12:00:00Z") },
];

const GOOD: ReadonlyArray<readonly [name: string, content: string, users: readonly unknown[], why: string]> = [
  ["users", "alice: Well\n", [{ login: "alice", status: "Well" }], "lines"],
  ["users.txt", "{}: Well\n", [{ login: "{}", status: "Well" }], "lines, whatever they look like"],
  [
    "object.json",
    '{"alice": "Well", "bob": {"name": "Bob", "statusAt": "2026-01-31T12:00:00Z"}}',
    ALICE_AND_BOB,
    "JSON by login",
  ],
  [
    "list.JSON",
    '\ufeff[{"login": "alice", "status": "Well"}]',
    ALICE_AND_BOB.slice(0, 1),
    "a list, and a byte order mark",
  ],
  [
    "object.yaml",
    "alice: Well\nbob:\n  name: Bob\n  statusAt: 2026-01-31 13:00:00 +01:00 # a YAML timestamp\n",
    ALICE_AND_BOB,
    "YAML by login",
  ],
  ["list.yml", "- login: alice\n  status: Well\n", ALICE_AND_BOB.slice(0, 1), "YAML, a list"],
  [
    "tagged.yaml",
    "bob: { statusAt: !!timestamp 2026-01-31 }",
    [{ login: "bob", statusAt: new Date("2026-01-31") }],
    "a tag",
  ],
  ["dates.yaml", "alice: 2026-01-31\n", [{ login: "alice", status: "2026-01-31" }], "a status is a text"],
  ["no.yaml", "alice: no\n", [{ login: "alice", status: "no" }], "`no` is a text in YAML 1.2"],
  [
    "42.yaml",
    "42: Well\n__proto__: Well\n",
    [42, "__proto__"].map((n) => ({ login: `${n}`, status: "Well" })),
    "odd keys",
  ],
  [
    "anchor.yaml",
    "alice: &a { plan: Sleep. }\nbob: *a\n",
    ["alice", "bob"].map((login) => ({ login, plan: "Sleep." })),
    "aliases",
  ],
  ["empty.yaml", "# nobody yet\n", [], "nobody in YAML"],
  ["empty", "", [], "nobody"],
];

it.each(GOOD)("reads %s of %j as %o: %s", async (name, content, users) => {
  await put(name, content);
  expect(await readFrom(name)).toEqual(users);
});

const deepYaml = `a: ${"[".repeat(20_000)}${"]".repeat(20_000)}`;
const manyAliases = [
  "a: &a [x]",
  ...Array.from({ length: 9 }, (_, i) => `${"bcdefghij"[i]}: &${"bcdefghij"[i]} [${`*${"abcdefghi"[i]},`.repeat(9)}]`),
];

const BAD: ReadonlyArray<readonly [name: string, content: string | Uint8Array, message: string, why: string]> = [
  ["bad", "alice: Well\nbob\n", 'bad, line 2: "bob" cannot be read', "the number of a line"],
  ["bad.json", '{\n  "alice": "Well",\n}', 'bad.json, line 3: "}" is no JSON here.', "the number of a line, in JSON"],
  ["cut.json", '{\n  "alice": ', "cut.json, line 2: the text ends before the JSON does.", "JSON that is cut off"],
  ["zero.json", "", "zero.json, line 1: the text ends before the JSON does.", "JSON is never empty"],
  ["key.json", '{"bob": {"offcie": "x"}}', 'key.json: bob.offcie is "x", but there is no such field', "a field"],
  ["bad.yaml", "alice: Well\nbob: [\n", "bad.yaml, line 3: ", "the number of a line, in YAML"],
  ["tab.yaml", "alice: Well\nbob:\n\tname: Bob\n", "tab.yaml, line 3: ", "a tab in YAML"],
  [
    "twice.yaml",
    "alice: a\nbob: b\nalice: c\n",
    "twice.yaml, line 3: the key stands there twice",
    "one key twice in YAML",
  ],
  ["key.yaml", "bob:\n  offcie: x\n", 'key.yaml: bob.offcie is "x", but there is no such field', "a field, in YAML"],
  [
    "number.yaml",
    "alice: 42\n",
    "number.yaml: alice is 42, but it must be a status in quotes",
    "a number for a status",
  ],
  ["two.yaml", "a: b\n---\nc: d\n", "two.yaml, line 2: Source contains multiple documents", "two documents"],
  ["deep.yaml", deepYaml, "deep.yaml", "deeper than the stack"],
  ["bomb.yaml", manyAliases.join("\n"), "bomb.yaml: it cannot be read as YAML", "aliases of aliases"],
  ["latin1", new Uint8Array([0x61, 0x3a, 0x0a, 0x62, 0x3a, 0xe9, 0x0a]), "latin1, line 2: it is no UTF-8", "Latin-1"],
  ["latin1.json", new Uint8Array([0x22, 0xe9, 0x22]), "latin1.json, line 1: it is no UTF-8", "Latin-1 in JSON"],
  [
    "large",
    "x".repeat(100_001),
    "The users file large cannot be read: it has more than 100000 bytes",
    "too many bytes",
  ],
];

it.each(BAD.map(([name, content, message, why]) => ({ name, content, message, why })))(
  "refuses $name: $why",
  async ({ name, content, message }) => {
    await put(name, content);
    const error = await readFrom(name).catch((refused: unknown) => refused);
    expect(error).toMatchObject({ code: "ERR_FINGER_USERS_FILE", message: expect.stringContaining(message) });
    expect(error).not.toHaveProperty("cause");
  },
);

it("says what the system says of a file that is not there", async () => {
  await expect(readFrom("missing")).rejects.toThrow("The users file missing cannot be read: there is no such file.");
  await expect(readFrom("missing")).rejects.toMatchObject({ cause: { code: "ENOENT" } });
});

it.skipIf(process.platform === "win32")("refuses a FIFO instead of waiting for a writer", async () => {
  execFileSync("mkfifo", [join(folder, "fifo")]);
  await expect(readFrom("fifo")).rejects.toThrow("The users file fifo cannot be read: it is no regular file.");
});

it("takes each file of a directory for a user, and leaves out the hidden ones and backups", async () => {
  await put("staff/alice", "Well\nand happy\n");
  await put("staff/bob.txt", "");
  await put("staff/carol.json", '{"name": "Carol"}');
  await put("staff/dave.yaml", "plan: Sleep.\n");
  await put("staff/j.doe", "A name with a dot\n");
  for (const left of [".hidden", "alice~", "#alice#", ".alice.swp", "alice.swo"]) await put(`staff/${left}`, "no");
  expect(await readFrom("staff")).toEqual([
    { login: "alice", status: "Well\nand happy" },
    { login: "bob", status: "" },
    { login: "carol", name: "Carol" },
    { login: "dave", plan: "Sleep." },
    { login: "j.doe", status: "A name with a dot" },
  ]);
});

it("reports the mistakes of all files of a directory at once", async () => {
  await put("wrong/alice", "one");
  await put("wrong/alice.txt", "two");
  await put("wrong/bob.json", '{"offcie": "x"}');
  await put("wrong/carol.json", "{");
  await put("wrong/a@b", "Well");
  const refused = readFrom("wrong");
  await expect(refused).rejects.toThrow("There are 4 mistakes in wrong:");
  await expect(refused).rejects.toThrow(`${join("wrong", "bob.json")}: offcie is "x"`);
  await expect(refused).rejects.toThrow(`${join("wrong", "carol.json")}, line 1: the text ends`);
  await expect(refused).rejects.toThrow(`${join("wrong", "a@b")}: nobody can ask for the login`);
  await expect(refused).rejects.toThrow("wrong: alice has two files there; remove one.");
});

it("bounds the bytes of all files of a directory together", async () => {
  await put("heavy/alice", "x".repeat(60));
  await put("heavy/bob", "x".repeat(60));
  await expect(readFrom("heavy", 100)).rejects.toThrow("heavy cannot be read: it has more than 100 bytes");
});

it.skipIf(process.platform === "win32")(
  "follows links inside a directory, and refuses those that leave it",
  async () => {
    await put("linked/..data/alice", "Well");
    await symlink(join("..data", "alice"), join(folder, "linked/alice"));
    expect(await readFrom("linked")).toEqual([{ login: "alice", status: "Well" }]);
    await put("secret", "secret");
    await symlink(join(folder, "secret"), join(folder, "linked/bob"));
    await expect(readFrom("linked")).rejects.toThrow(`${join("linked", "bob")} cannot be read: its link leads out`);
  },
);

it.skipIf(process.platform === "win32")("names the entry of a directory that cannot be read", async () => {
  await mkdir(join(folder, "mixed/sub"), { recursive: true });
  await expect(readFrom("mixed")).rejects.toThrow(`${join("mixed", "sub")} cannot be read: it is no regular file.`);
  await mkdir(join(folder, "dangling"));
  await symlink("nowhere", join(folder, "dangling/alice"));
  await expect(readFrom("dangling")).rejects.toThrow(
    `${join("dangling", "alice")} cannot be read: there is no such file`,
  );
});
