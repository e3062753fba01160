import { type BinaryLike, randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";

const derive = promisify<BinaryLike, BinaryLike, number, ScryptOptions, Buffer>(scrypt);

/** What a hash costs: 2 ** ln rounds of r blocks, p times (RFC 7914); 16 MiB of memory and some hundredths of a second. */
const COST: Cost = { ln: 14, r: 8, p: 1 };
const SALT_BYTES = 16;
const KEY_BYTES = 32;

interface Cost {
  readonly ln: number;
  readonly r: number;
  readonly p: number;
}

/**
 * Makes a token that nobody can guess: 192 random bits as 32 characters of base64url, of which the first is no hyphen, so
 * that no command takes it for an option.
 */
export function createToken(): string {
  const token = randomBytes(24).toString("base64url");
  return token.startsWith("-") ? createToken() : token;
}

/**
 * Hashes a token, so that who reads the hash does not know it.
 *
 * @example await hashToken("s3cret") // "$scrypt$ln=14,r=8,p=1$<salt>$<key>"
 */
export async function hashToken(token: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const key = await derive(token, salt, KEY_BYTES, toOptions(COST));
  const { ln, r, p } = COST;
  return `$scrypt$ln=${ln},r=${r},p=${p}$${encode(salt)}$${encode(key)}`;
}

/**
 * Whether the hash is that of the token. It takes as long for a hash that is none as for one of {@link hashToken}, so
 * that time does not tell who has a token.
 */
export async function isTokenOf(hash: string | undefined, token: string): Promise<boolean> {
  const known = hash === undefined ? undefined : parseHash(hash);
  const { salt, key, cost } = known ?? NOBODYS;
  const derived = await derive(token, salt, key.length, toOptions(cost));
  return timingSafeEqual(derived, key) && known !== undefined;
}

/** Whether a text is a hash as {@link hashToken} makes it. */
export function isHash(text: string): boolean {
  return parseHash(text) !== undefined;
}

interface Hash {
  readonly cost: Cost;
  readonly salt: Buffer;
  readonly key: Buffer;
}

const NOBODYS: Hash = { cost: COST, salt: Buffer.alloc(SALT_BYTES), key: Buffer.alloc(KEY_BYTES) };

function parseHash(text: string): Hash | undefined {
  const [, ln, r, p, salt = "", key = ""] = HASH.exec(text) ?? [];
  const cost = { ln: Number(ln), r: Number(r), p: Number(p) };
  const isCheap = 128 * 2 ** cost.ln * cost.r <= MOST_MEMORY && cost.p === 1;
  if (ln === undefined || !isCheap) return undefined;
  return { cost, salt: Buffer.from(salt, "base64"), key: Buffer.from(key, "base64") };
}

/** In bytes; two are checked at a time. */
const MOST_MEMORY = 64 * 1024 * 1024;

/** The PHC string format: parameters, salt and key, in base64 without padding. */
const HASH = /^\$scrypt\$ln=([1-9]\d?),r=([1-9]\d?),p=([1-9])\$([A-Za-z0-9+/]{22,86})\$([A-Za-z0-9+/]{43,86})$/;

function toOptions({ ln, r, p }: Cost): ScryptOptions {
  return { N: 2 ** ln, r, p, maxmem: 256 * 2 ** ln * r };
}

function encode(bytes: Buffer): string {
  return bytes.toString("base64").replace(/=+$/, "");
}
