import { createDecipheriv, scrypt } from "node:crypto";
import type { Identity, Stanza } from "age-encryption";
import { isMissingModule } from "../missing-module.js";
import { toConfigError } from "./config-error.js";

/** Whether the ending of a path stands for an encrypted file. */
export function isEncrypted(path: string): boolean {
  return path.endsWith(".age");
}

/**
 * Encrypts text with a passphrase, as `age -p -a` does. The file is armored: it stays a text, which survives being copied, and of
 * which one sees when the end is missing.
 */
export async function encrypt(text: string, passphrase: string, source: string): Promise<string> {
  const { armor, Encrypter } = await loadAge(source);
  const encrypter = new Encrypter();
  encrypter.setPassphrase(passphrase);
  encrypter.setScryptWorkFactor(WORK_FACTOR);
  return armor.encode(await encrypter.encrypt(text));
}

/** To try one passphrase takes about half a second, and 128 MiB. */
const WORK_FACTOR = 17;

/** What `age` itself writes has 18; beyond this it would take seconds and gigabytes. */
const HIGHEST_WORK_FACTOR = 20;

/**
 * Decrypts what {@link encrypt} or `age -p` has written, armored or not.
 *
 * @param source - How to name it in the error.
 * @throws `FingerError` `ERR_FINGER_CONFIG`
 */
export async function decrypt(bytes: Uint8Array, passphrase: string | undefined, source: string): Promise<Uint8Array> {
  if (passphrase === undefined || passphrase === "")
    throw toConfigError(source, "it is encrypted; give its passphrase");
  const { armor, Decrypter } = await loadAge(source);
  const file = readArmor(bytes, armor.decode, source);
  const lock = createLock(passphrase, source);
  const decrypter = new Decrypter();
  decrypter.addIdentity(lock);
  try {
    return await decrypter.decrypt(file);
  } catch (cause) {
    if (lock.refusal !== undefined) throw lock.refusal;
    const why = lock.isOpen
      ? "it was changed, or its end is missing"
      : "it is no file of age, or its beginning was changed";
    throw toConfigError(source, `it cannot be decrypted: ${why}; take a copy of it from elsewhere`, cause);
  }
}

function readArmor(bytes: Uint8Array, decode: (text: string) => Uint8Array, source: string): Uint8Array {
  const text = new TextDecoder("latin1").decode(bytes);
  if (!text.trimStart().startsWith(BEGIN)) return bytes;
  if (!text.trimEnd().endsWith(END))
    throw toConfigError(source, "its end is missing; take a copy of it from elsewhere");
  try {
    return decode(text);
  } catch (cause) {
    throw toConfigError(source, "it was changed; take a copy of it from elsewhere", cause);
  }
}

const BEGIN = "-----BEGIN AGE ENCRYPTED FILE-----";
const END = "-----END AGE ENCRYPTED FILE-----";

/** What a passphrase opens, and what became of it. */
interface Lock extends Identity {
  /** Why it does not open, where that is known. */
  readonly refusal: Error | undefined;
  /** Whether the passphrase was right, so that whatever fails then is about the rest of the file. */
  readonly isOpen: boolean;
}

/**
 * A passphrase as age has it (C2SP age.md, the scrypt recipient). age-encryption has the same, but computes it in JavaScript, and
 * nobody would be answered meanwhile.
 */
function createLock(passphrase: string, source: string): Lock {
  let refusal: Error | undefined;
  let isOpen = false;
  const refuse = (why: string) => {
    refusal = toConfigError(source, why);
    throw refusal;
  };
  return {
    get refusal() {
      return refusal;
    },
    get isOpen() {
      return isOpen;
    },
    async unwrapFileKey(stanzas) {
      const [stanza] = stanzas;
      const [kind, salt = "", factor = ""] = stanza?.args ?? [];
      if (stanza === undefined || kind !== "scrypt")
        return refuse("it is encrypted for keys of age, and takes no passphrase");
      if (stanzas.length > 1 || !/^[1-9]\d*$/.test(factor)) return null;
      if (Number(factor) > HIGHEST_WORK_FACTOR) {
        const what = `its work factor is ${factor.slice(0, 10)}, and more than ${HIGHEST_WORK_FACTOR} is not computed`;
        return refuse(`${what}; encrypt it anew with age -p`);
      }
      const key = unwrap(stanza, await derive(passphrase, salt, Number(factor)));
      isOpen = key !== undefined;
      return key ?? refuse("the passphrase is wrong, or the beginning of the file was changed: the two look alike");
    },
  };
}

function derive(passphrase: string, salt: string, workFactor: number): Promise<Buffer> {
  const N = 2 ** workFactor;
  const label = Buffer.concat([Buffer.from("age-encryption.org/v1/scrypt"), Buffer.from(salt, "base64")]);
  return new Promise((resolve, reject) => {
    scrypt(passphrase, label, 32, { N, r: 8, p: 1, maxmem: 128 * 8 * N + 2 ** 20 }, (error, key) => {
      if (error === null) resolve(key);
      else reject(error);
    });
  });
}

/** The key of the file, which is locked up by ChaCha20-Poly1305; `undefined` when this key does not fit. */
function unwrap({ body }: Stanza, key: Buffer): Uint8Array | undefined {
  if (body.length !== KEY_BYTES + TAG_BYTES) return undefined;
  const decipher = createDecipheriv("chacha20-poly1305", key, Buffer.alloc(12), { authTagLength: TAG_BYTES });
  decipher.setAuthTag(body.subarray(KEY_BYTES));
  try {
    return Buffer.concat([decipher.update(body.subarray(0, KEY_BYTES)), decipher.final()]);
  } catch {
    return undefined;
  }
}

const KEY_BYTES = 16;
const TAG_BYTES = 16;

/** age-encryption is installed by who needs it. */
async function loadAge(source: string): Promise<typeof import("age-encryption")> {
  try {
    return await import("age-encryption");
  } catch (cause) {
    if (!isMissingModule(cause)) throw cause;
    const what = "encryption is done by the package age-encryption, which is not there";
    throw toConfigError(source, `${what}; install it beside finger-server: npm install age-encryption`, cause);
  }
}
