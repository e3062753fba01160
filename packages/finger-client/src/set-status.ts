import { FingerError, parseTarget, ReplyDecoder, sanitize } from "finger-protocol";
import { show } from "./connection/connection-error.js";
import type { Dial, Place } from "./connection/dial.js";
import { dialBy } from "./connection/dial-streams.js";
import { Lookup } from "./connection/lookup.js";
import { type ConnectionOptions, resolveOptions } from "./options.js";
import { toPlace } from "./request.js";

/** How to set a status. */
export interface SetStatusOptions extends Omit<ConnectionOptions, "fromLink" | "port"> {
  /** The port of the setter when the target names none. @default 1079 */
  readonly port?: number | undefined;
  /** What the setter gave to who may set this status. @default none; a setter on this machine may need none */
  readonly token?: string | undefined;
  /** Lets the token cross a network without TLS, where others can read it. @default false */
  readonly tokenInClear?: boolean | undefined;
}

/** The port of a setter, as in the tutorial. */
const SETTER_PORT = 1079;

/** Writes a status through the setter at the other end of `dial`: whose it is, what it is, and EOF. */
export async function putStatus(
  target: string,
  status: string,
  settings: SetStatusOptions | undefined,
  dial: Dial,
): Promise<void> {
  const { token, tokenInClear = false, port = SETTER_PORT, ...given } = settings ?? {};
  const options = { ...resolveOptions({ ...given, port }), maxBytes: LONGEST_ANSWER };
  const { login, place } = toSetter(target, port);
  if (token !== undefined) {
    if (!/^[!-~]+$/.test(token)) throw new TypeError("The option token must be visible ASCII without blanks.");
    const staysHere = isLoopback(place.host) && options.proxy === undefined;
    if (!(options.tls || tokenInClear || staysHere)) throw inClear(place);
  }
  const lines = toLines(token === undefined ? login : `${login} ${token}`, status);
  const way = ending(dialBy(options.connect, dial));
  const answer = await readAnswer(new Lookup(lines, place, options, way));
  if (answer === "") throw unanswered(login, place);
  if (answer !== "OK") throw new FingerError("ERR_FINGER_REFUSED", `The status of ${login} is not set: ${answer}`);
}

/** The first line of what the setter says; it need not close behind it. @throws `FingerError` when there is none */
async function readAnswer(setter: Lookup): Promise<string> {
  const decoder = new ReplyDecoder();
  let text = "";
  try {
    await setter.follow((bytes) => {
      text += decoder.push(bytes);
      if (text.includes("\n")) setter.close();
    });
  } catch (error) {
    if (text === "") throw error;
  }
  const [line = ""] = (text + decoder.end()).split("\n", 1);
  return sanitize(line).trim();
}

/** @throws `FingerError` `ERR_FINGER_TARGET` */
function toSetter(target: string, port: number): { login: string; place: Place } {
  const { query, ...named } = parseTarget(target);
  if (query.kind === "user" && !query.verbose && !/\s/.test(query.user))
    return { login: query.user, place: toPlace(named, port) };
  const what = `The target ${JSON.stringify(target)} is nobody whose status could be set; write alice or alice@host.`;
  throw new FingerError("ERR_FINGER_TARGET", what);
}

function toLines(...texts: readonly string[]): string {
  return texts.map((text) => `${text.replace(/\r?\n$|\r$/, "").replace(/\r\n?|\n/g, "\r\n")}\r\n`).join("");
}

/** What a setter waits for is the end of the input. */
function ending(dial: Dial): Dial {
  return (text, place, rules, caller) => {
    const connection = dial(text, place, rules, caller);
    connection.end();
    return connection;
  };
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127\.[\d.]+$/.test(host);
}

function inClear({ host }: Place): FingerError {
  const what = `The token would go to ${host} for others on the way to read: use TLS, or allow it with tokenInClear (--token-in-clear).`;
  return new FingerError("ERR_FINGER_DENIED", what);
}

function unanswered(login: string, place: Place): FingerError {
  const what = `${show(place)} did not say whether the status of ${login} is set; ask for it to see.`;
  return new FingerError("ERR_FINGER_IO", what);
}

/** The answer is a line. */
const LONGEST_ANSWER = 1024;
