import { lstatSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { byToken, fileStore, memoryStore, storeTokens, type Tokens, tokenFile } from "../../index.js";
import { createToken, hashToken, isTokenOf } from "./hash-token.js";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "finger-tokens-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

async function listOf(tokens: Tokens): Promise<string[]> {
  const logins: string[] = [];
  for await (const login of tokens.list()) logins.push(login);
  return logins.sort();
}

const PLACES: ReadonlyArray<readonly [name: string, open: () => Tokens]> = [
  ["a file", () => tokenFile(join(folder, "etc", "tokens"))],
  ["a store", () => storeTokens(fileStore(join(folder, "tokens"), { history: 1 }))],
];

describe.each(PLACES)("tokens in %s", (_, open) => {
  it("are right for their login alone, and known to all who share the place", async () => {
    const [one, other] = [open(), open()];
    const [alice, bob] = [await one.issue("alice"), await one.issue("bob")];
    expect(alice).toMatch(/^[\w-]{32}$/);
    expect(await other.verify("alice", alice)).toBe(true);
    expect(await other.verify("bob", bob)).toBe(true);
    expect(await other.verify("alice", bob)).toBe(false);
    expect(await other.verify("carol", alice)).toBe(false);
    expect(await listOf(other)).toEqual(["alice", "bob"]);
    expect([await other.has("alice"), await other.has("carol")]).toEqual([true, false]);
  });

  it("are replaced by a new one, and taken away", async () => {
    const tokens = open();
    const first = await tokens.issue("alice");
    const second = await tokens.issue("alice");
    expect([await tokens.verify("alice", first), await tokens.verify("alice", second)]).toEqual([false, true]);
    expect(await tokens.revoke("alice")).toBe(true);
    expect(await tokens.revoke("alice")).toBe(false);
    expect(await tokens.verify("alice", second)).toBe(false);
    expect(await listOf(tokens)).toEqual([]);
  });

  it("are issued at once by several, and none is lost", async () => {
    const places = [open(), open()];
    const logins = Array.from({ length: 10 }, (_, n) => `user${n}`);
    await Promise.all(logins.map((login, n) => places[n % 2]?.issue(login)));
    expect(await listOf(open())).toEqual(logins);
  });
});

describe("a file of tokens", () => {
  it("has no token in it, and only its owner reads it", async () => {
    const path = join(folder, "tokens");
    const token = await tokenFile(path).issue("alice");
    const text = readFileSync(path, "utf8");
    expect(text).toMatch(/^alice: \$scrypt\$ln=14,r=8,p=1\$[\w+/]{22}\$[\w+/]{43}\n$/);
    expect(text).not.toContain(token);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it("lets nobody in by a line that it does not understand, and never shows it", async () => {
    const path = join(folder, "tokens");
    const tokens = tokenFile(path);
    writeFileSync(path, "alice: s3cret\nbob s3cret\n");
    const failure = await tokens.verify("alice", "s3cret").catch((error) => error);
    expect(failure).toMatchObject({
      code: "ERR_FINGER_STORE",
      message: `${path}, line 1: what stands behind "alice" is no hash of a token; issue a new one.`,
    });
    expect(await tokens.verify("bob", "s3cret")).toBe(false);
    const token = await tokens.issue("alice");
    expect(await tokens.verify("alice", token)).toBe(true);
  });

  it("keeps what else stands in it, and a link to it", async () => {
    const [path, link] = [join(folder, "tokens"), join(folder, "link")];
    writeFileSync(path, "# those of the team\nbob s3cret\n\ncarol: old\ncarol: older\n");
    symlinkSync(path, link);
    const tokens = tokenFile(link);
    await tokens.issue("carol");
    await tokens.issue("alice");
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
    const hash = "\\$scrypt\\$\\S+";
    expect(readFileSync(path, "utf8")).toMatch(
      new RegExp(`^# those of the team\nbob s3cret\n\ncarol: ${hash}\nalice: ${hash}\n$`),
    );
    await tokens.revoke("carol");
    expect(await listOf(tokens)).toEqual(["alice"]);
  });

  it.each(["a:b", "a\nb", "@host", "a b", ""])("gives no token to %j, which is no login for a line", async (login) => {
    await expect(tokenFile(join(folder, "tokens")).issue(login)).rejects.toThrow(RangeError);
  });
});

const REQUESTS: ReadonlyArray<
  readonly [
    login: string,
    token: boolean,
    address: string | undefined,
    everywhere: boolean,
    isLetIn: boolean,
    why: string,
  ]
> = [
  ["alice", true, "192.0.2.1", false, true, "the token is right"],
  ["alice", true, "127.0.0.1", false, true, "here too"],
  ["alice", false, "127.0.0.1", false, false, "she has a token, so it takes it"],
  ["bob", false, "127.0.0.1", false, true, "he has none, and is here"],
  ["bob", false, undefined, false, true, "a Unix socket is here"],
  ["bob", false, "192.0.2.1", false, false, "he is elsewhere"],
  ["bob", false, "127.0.0.1", true, false, "it takes a token everywhere"],
];

describe("a setter's tokens", () => {
  it.each(REQUESTS)(
    "%s, token %s, from %s, everywhere %s: %s, for %s",
    async (login, given, address, everywhere, isLetIn) => {
      const tokens = storeTokens(memoryStore());
      const token = await tokens.issue("alice");
      const authenticate = byToken(tokens, { everywhere });
      expect(await authenticate(login, given ? token : undefined, { address, port: 1 })).toBe(isLetIn);
    },
  );
});

describe("a hash of a token", () => {
  it("is another each time, and right for its token alone", async () => {
    const token = createToken();
    const [one, other] = [await hashToken(token), await hashToken(token)];
    expect(one).not.toBe(other);
    expect(await isTokenOf(one, token)).toBe(true);
    expect(await isTokenOf(one, `${token}x`)).toBe(false);
  });

  it.each<[hash: string | undefined, why: string]>([
    [undefined, "there is none"],
    ["", "it is empty"],
    ["s3cret", "it is the token itself"],
    ["$scrypt$ln=14,r=8,p=1$$", "salt and key are empty"],
    [
      "$scrypt$ln=40,r=8,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
      "it would take for ever",
    ],
  ])("is no hash when it is %j: %s", async (hash) => {
    expect(await isTokenOf(hash, "s3cret")).toBe(false);
  });
});
