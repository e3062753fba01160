import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { freshFolder, runServer, startServer } from "../../../../../tests/support/server-command.js";
import { exchange } from "../../../../../tests/support/sockets.js";

interface Place {
  /** What the command for tokens is told. */
  readonly where: readonly string[];
  /** What the server is told. */
  readonly serve: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** Where tokens are kept, in a fresh folder. */
const PLACES: ReadonlyArray<[what: string, toPlace: (folder: string) => Place]> = [
  [
    "the store of --store",
    (folder) => {
      const where = ["--store", `file:${folder}/statuses`];
      return { where, serve: [...where, "--setter", "0", "--port", "0"] };
    },
  ],
  [
    "the file of --tokens",
    (folder) => {
      const where = ["--tokens", `${folder}/tokens`];
      return { where, serve: ["--store", `file:${folder}/s`, "--setter", "0", "--port", "0", ...where] };
    },
  ],
  [
    "the store of a config",
    (folder) => {
      writeFileSync(join(folder, "c.yaml"), "store: file:statuses\nsetter: 0\nlisten: 0\n");
      const where = ["--config", join(folder, "c.yaml")];
      return { where, serve: where };
    },
  ],
  [
    "the file of the setter of a config",
    (folder) => {
      writeFileSync(join(folder, "c.yaml"), "store: file:statuses\nsetter: { listen: 0, tokens: tokens }\nlisten: 0\n");
      const where = ["--config", join(folder, "c.yaml")];
      return { where, serve: where };
    },
  ],
  [
    "the store of FINGER_STORE",
    (folder) => ({
      where: [],
      serve: ["--setter", "0", "--port", "0"],
      env: { FINGER_STORE: `file:${folder}/statuses` },
    }),
  ],
  [
    "the folder of its own",
    (folder) => ({ where: [], serve: ["--setter", "0", "--port", "0"], env: { STATE_DIRECTORY: folder } }),
  ],
];

it.each(PLACES)("issues, lists and revokes tokens of %s, which the setter knows", async (_, toPlace) => {
  const { where, serve, env = {} } = toPlace(freshFolder());
  const run = (...words: readonly string[]) => runServer(["token", ...words, ...where], { env });
  const issued = await run("issue", "alice");
  expect(issued).toEqual({ code: 0, out: expect.stringMatching(/^[\w-]{32}\n$/), err: "" });
  await run("issue", "zoe");
  expect(await run("list")).toEqual({ code: 0, out: "alice\nzoe\n", err: "" });

  const server = await startServer(serve, { env });
  const set = (line: string) => exchange(server.port("setter"), [`${line}\nWell\n`], { halfClose: true });
  expect(await set(`alice ${issued.out.trim()}`)).toBe("OK\r\n");
  expect(await set("alice guess")).toBe("Refused: that is not the token of alice.\r\n");
  expect(await set("alice")).toBe("Refused: it takes the token of alice.\r\n");
  expect(await set("bob")).toBe("OK\r\n");

  expect(await run("revoke", "alice")).toEqual({ code: 0, out: "", err: "" });
  expect(await run("list")).toMatchObject({ out: "zoe\n" });
  const again = await run("revoke", "alice");
  expect(again).toEqual({ code: 67, out: "", err: 'finger-server: "alice" has no token\n' });
});

it("issues a token in place of the one before", async () => {
  const where = ["--tokens", join(freshFolder(), "tokens")];
  const [one, other] = [
    await runServer(["token", "issue", "alice", ...where]),
    await runServer(["token", "issue", "alice", ...where]),
  ];
  expect(one.out).not.toBe(other.out);
  const text = readFileSync(where[1] ?? "", "utf8");
  expect(text.match(/^alice/gm)).toHaveLength(1);
  expect(text).not.toContain(other.out.trim());
});

const MISTAKES: ReadonlyArray<[argv: string[], message: string, why: string]> = [
  [["token"], "write token issue LOGIN", "what to do is not said"],
  [["token", "alice"], "write token issue LOGIN", "nor here"],
  [["token", "issue"], "write token issue LOGIN", "for whom is not said"],
  [["token", "list", "alice"], "write token issue LOGIN", "a list is of all"],
  [["token", "issue", "alice", "bob"], "write token issue LOGIN", "one at a time"],
  [["token", "issue", "alice", "--store", "memory:"], "would be gone at once", "a token for nobody"],
  [["token", "issue", "al ice", "--store", "file:x"], '"al ice" is no login', "nobody could use it"],
];

it.each(MISTAKES)("refuses %j with 64 and %j: %s", async (argv, message) => {
  const { code, out, err } = await runServer(argv);
  expect({ code, out }).toEqual({ code: 64, out: "" });
  expect(err).toContain(message);
});
