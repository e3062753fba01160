import type { Redis, RedisOptions } from "ioredis";

/** Where Redis is. */
export interface Address {
  readonly host: string;
  readonly port: number;
  readonly db: number;
  readonly username?: string;
  readonly password?: string;
  /** Present when the connection is encrypted. */
  readonly tls?: Record<string, never>;
}

/**
 * Reads `redis://LOGIN:PASSWORD@HOST:PORT/DB`, or `rediss:` for TLS; all but the host may be left out.
 *
 * ioredis would take a query for options, and what it does not understand for a path. Here both are mistakes.
 *
 * @throws `TypeError` when it is no such URL.
 */
export function parseRedisUrl(text: string): Address {
  if (!URL.canParse(text)) throw refused("it is no URL with a host, and a number as its port");
  const url = new URL(text);
  const [, db = 0] = DATABASE.exec(url.pathname) ?? [];
  const mistake = findMistake(url);
  if (mistake !== undefined) throw refused(mistake);
  return {
    host: url.hostname.replace(/^\[(.*)\]$/, "$1"),
    port: Number(url.port || 6379),
    db: Number(db),
    ...(url.password !== "" && readLogin(url)),
    ...(url.protocol === "rediss:" && { tls: {} }),
  };
}

/** What a connection leads to, for messages; the password is not in it. */
export function nameOf({ options }: Pick<Redis, "options">): string {
  const { path, sentinels, name, host, port, db, tls } = options as RedisOptions;
  if (path) return `redis at ${path}`;
  if (sentinels) return `redis ${name ?? ""} of Sentinel`;
  const place = host?.includes(":") ? `[${host}]` : host;
  return `${tls ? "rediss" : "redis"}://${place}:${port}/${db ?? 0}`;
}

function readLogin({ username, password }: URL): Pick<Address, "username" | "password"> {
  try {
    const login = username === "" ? {} : { username: decodeURIComponent(username) };
    return { ...login, password: decodeURIComponent(password) };
  } catch {
    throw refused("a percent sign in the login or the password escapes nothing: write %25");
  }
}

function findMistake({ protocol, hostname, pathname, search, hash }: URL): string | undefined {
  if (protocol !== "redis:" && protocol !== "rediss:") return "it begins with something else";
  if (hostname === "") return "it has no host";
  if (!DATABASE.test(pathname)) return "what comes after the host is no number of a database";
  return search === "" && hash === "" ? undefined : "it has a query or a fragment";
}

/** What the URL is, is not told: in one that cannot be read a password may be anywhere. */
function refused(mistake: string): TypeError {
  return new TypeError(`The URL of Redis must be like redis://localhost:6379/0 or rediss:…, but ${mistake}.`);
}

const DATABASE: RegExp = /^\/?$|^\/(\d{1,5})\/?$/;
