import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { armor, Encrypter, generateX25519Identity, identityToRecipient } from "age-encryption";
import { beforeAll, expect, it } from "vitest";
import { freshPath } from "../../../../../tests/support/programs.js";
import { decrypt } from "./encrypted.js";
import { readConfig } from "./read-config.js";
import { writeConfig } from "./write-config.js";

const TEXT = '{"users": "/users"}\n';
const PASSPHRASE = "correct horse";

/** A file that takes no time to open. */
async function lock(workFactor = 1, text = TEXT): Promise<Uint8Array> {
  const encrypter = new Encrypter();
  encrypter.setPassphrase(PASSPHRASE);
  encrypter.setScryptWorkFactor(workFactor);
  return encrypter.encrypt(text);
}

async function open(bytes: Uint8Array, passphrase: string | undefined = PASSPHRASE): Promise<string> {
  return new TextDecoder().decode(await decrypt(bytes, passphrase, "config"));
}

let folder: string;
beforeAll(async () => {
  folder = freshPath();
  await mkdir(folder);
});

it.each(["json", "yaml", "toml"])(
  "reads the encrypted %s that it has written, and has not to compute for long",
  async (ending) => {
    const path = join(folder, `finger.config.${ending}.age`);
    const description = { store: "redis://:secret@host", listen: [79, { address: "/run/s", mode: "660" }] };
    await writeConfig(path, description, { passphrase: PASSPHRASE });
    const text = await readFile(path, "utf8");
    expect(text).toMatch(/^-----BEGIN AGE ENCRYPTED FILE-----\n[\s\S]*-----END AGE ENCRYPTED FILE-----\n$/);
    expect(await readConfig(path, { passphrase: PASSPHRASE })).toEqual(description);
    // The time to compute it doubles with each: with this it is about half a second.
    const [, factor] = /^-> scrypt \S+ (\d+)$/m.exec(Buffer.from(armor.decode(text)).toString("latin1")) ?? [];
    expect(Number(factor)).toBe(17);
  },
);

it("lets others run while it computes", async () => {
  const file = await lock(15);
  let ticks = 0;
  const timer = setInterval(() => ticks++, 1);
  await open(file);
  clearInterval(timer);
  expect(ticks).toBeGreaterThan(0);
});

const REFUSED: ReadonlyArray<
  readonly [why: string, make: () => Promise<Uint8Array>, passphrase: string, message: string]
> = [
  ["no passphrase", () => lock(), "", "it is encrypted; give its passphrase."],
  [
    "a wrong passphrase",
    () => lock(),
    "battery",
    "the passphrase is wrong, or the beginning of the file was changed: the two look alike.",
  ],
  [
    "half of its beginning",
    async () => (await lock()).slice(0, 60),
    PASSPHRASE,
    "it cannot be decrypted: it is no file of age, or its beginning was changed",
  ],
  [
    "nothing in it",
    async () => new Uint8Array(),
    PASSPHRASE,
    "it cannot be decrypted: it is no file of age, or its beginning was changed",
  ],
  [
    "plain text",
    async () => Buffer.from(TEXT),
    PASSPHRASE,
    "it cannot be decrypted: it is no file of age, or its beginning was changed",
  ],
  [
    "no end",
    async () => (await lock()).slice(0, -1),
    PASSPHRASE,
    "it cannot be decrypted: it was changed, or its end is missing",
  ],
  [
    "no text at all",
    async () => (await lock()).slice(0, -TEXT.length - 16),
    PASSPHRASE,
    "it cannot be decrypted: it was changed, or its end is missing",
  ],
  [
    "something behind its end",
    async () => Buffer.concat([await lock(), Buffer.from("x")]),
    PASSPHRASE,
    "it cannot be decrypted: it was changed, or its end is missing",
  ],
  [
    "no end of its armor",
    async () => Buffer.from(armor.encode(await lock()).slice(0, -40)),
    PASSPHRASE,
    "its end is missing",
  ],
  [
    "an armor with something else in it",
    async () => Buffer.from(armor.encode(await lock()).replace(/\nY/, "\n?")),
    PASSPHRASE,
    "it was changed; take a copy",
  ],
  [
    "a work factor of 30",
    () => withWorkFactor("30"),
    PASSPHRASE,
    "its work factor is 30, and more than 20 is not computed; encrypt it anew with age -p.",
  ],
  [
    "a work factor of 9999999999999",
    () => withWorkFactor("9999999999999"),
    PASSPHRASE,
    "its work factor is 9999999999, and more than 20 is not computed",
  ],
  [
    "a work factor that is none",
    () => withWorkFactor("1e1"),
    PASSPHRASE,
    "it cannot be decrypted: it is no file of age",
  ],
  ["a key for a lock", lockForKey, PASSPHRASE, "it is encrypted for keys of age, and takes no passphrase."],
];

it.each(REFUSED)("says what is wrong with a file with %s", async (_, make, passphrase, message) => {
  const error = await decrypt(await make(), passphrase, "config").catch((error) => error);
  expect(error).toMatchObject({ name: "FingerError", code: "ERR_FINGER_CONFIG" });
  expect(error.message).toContain(`config: ${message}`);
});

/** What its author never computed. */
async function withWorkFactor(factor: string): Promise<Uint8Array> {
  const text = Buffer.from(await lock()).toString("latin1");
  return Buffer.from(text.replace(/(-> scrypt \S+) 1\n/, `$1 ${factor}\n`), "latin1");
}

async function lockForKey(): Promise<Uint8Array> {
  const encrypter = new Encrypter();
  encrypter.addRecipient(await identityToRecipient(await generateX25519Identity()));
  return encrypter.encrypt(TEXT);
}

it("refuses a file with any byte changed, and any that is shorter, binary or armored", async () => {
  const file = await lock();
  const faults: string[] = [];
  for (const bytes of [file, Buffer.from(armor.encode(file))]) {
    for (let index = 0; index < bytes.length; index++) {
      const changed = Uint8Array.from(bytes);
      changed[index] = (changed[index] ?? 0) ^ 1;
      for (const broken of [changed, bytes.subarray(0, index)]) {
        const result = await open(broken).catch((error) => error);
        // Where it ends only in another way it is the same.
        if (result !== TEXT && result.code !== "ERR_FINGER_CONFIG") faults.push(`${index}: ${String(result)}`);
        if (result === TEXT && index < bytes.length - 2) faults.push(`${index} does not count`);
      }
    }
  }
  expect(faults).toEqual([]);
});

it("tells of mistakes in what was encrypted", async () => {
  const path = join(folder, "wrong.json.age");
  await writeFile(path, await lock(1, '{"user": 1'));
  await expect(readConfig(path, { passphrase: PASSPHRASE })).rejects.toThrow(
    /wrong\.json\.age, line 1, column 11: the text ends before the JSON does\.$/,
  );
});
