import { pause, type Step } from "./steps.js";

/**
 * A text in segments of one byte, which cuts every line end and every character beyond ASCII. A client in another process
 * may still read several at once; {@link slowly} gives it the time not to.
 *
 * @example
 * ```ts
 * import { byteByByte, createScriptedServer } from "finger-client/testing";
 *
 * const server = await createScriptedServer({ alice: byteByByte("In a café\r\n") });
 * const { text } = await finger(server.target("alice"));
 * text; // "In a café\n"
 * await server.close();
 * ```
 */
export function byteByByte(text: string): Iterable<Step> {
  const bytes = new TextEncoder().encode(text);
  return iterable(function* () {
    for (let at = 0; at < bytes.length; at++) yield bytes.subarray(at, at + 1);
  });
}

/**
 * A text whose bytes come one at a time, each `ms` milliseconds behind the one before.
 *
 * @throws `RangeError` as `pause` does.
 *
 * @example
 * ```ts
 * import { createScriptedServer, slowly } from "finger-client/testing";
 *
 * const server = await createScriptedServer({ alice: slowly("Zzz\r\n", 5) });
 * const { text } = await finger(server.target("alice"), { timeout: 2_000 });
 * text; // "Zzz\n"
 * await server.close();
 * ```
 */
export function slowly(text: string, ms: number): Iterable<Step> {
  const bytes = byteByByte(text);
  const wait = pause(ms);
  return iterable(function* () {
    let isFirst = true;
    for (const byte of bytes) {
      if (!isFirst) yield wait;
      yield byte;
      isFirst = false;
    }
  });
}

/**
 * So many bytes, in lines that end in CRLF.
 *
 * @throws `RangeError` when `bytes` is no whole number from 0.
 *
 * @example
 * ```ts
 * import { createScriptedServer, huge } from "finger-client/testing";
 *
 * const server = await createScriptedServer({ alice: huge(5_000_000) });
 * const { truncated } = await finger(server.target("alice"), { maxBytes: 10_000 });
 * truncated; // true
 * await server.close();
 * ```
 */
export function huge(bytes: number): Iterable<Step> {
  if (!Number.isSafeInteger(bytes) || bytes < 0) {
    throw new RangeError(`A huge reply must have a whole number of bytes from 0, but has ${String(bytes)}.`);
  }
  return iterable(function* () {
    for (let left = bytes; left > 0; left -= LINES.length) yield left < LINES.length ? LINES.slice(-left) : LINES;
  });
}

/**
 * A line that is sent over and over, until the client is gone: as fast as it reads, or every `ms` milliseconds. A list has
 * no room for that; with other steps before it, it is the `yield*` of a generator.
 *
 * @param line - With its line end, if it is to have one.
 * @throws `TypeError` for an empty line; `RangeError` as `pause` does.
 *
 * @example
 * ```ts
 * import { createScriptedServer, endless } from "finger-client/testing";
 *
 * const server = await createScriptedServer({ build: endless("Still compiling.\r\n", 5) });
 * for await (const text of fingerStream(server.target("build"))) {
 *   if (text.startsWith("Still")) break;
 * }
 * await server.close();
 * ```
 */
export function endless(line: string, ms = 0): Iterable<Step> {
  if (line === "") throw new TypeError("The line of an endless reply must not be empty.");
  const wait = pause(ms);
  return iterable(function* () {
    for (;;) {
      yield line;
      if (ms > 0) yield wait;
    }
  });
}

/** 64 KiB of lines of 64 bytes. */
const LINES = `${"x".repeat(62)}\r\n`.repeat(1024);

/** Steps that every query gets from the beginning; a generator would give them to the first one only. */
function iterable(steps: () => Iterator<Step>): Iterable<Step> {
  return { [Symbol.iterator]: steps };
}
