import { createBodyText } from "../http/body-text.js";
import { BodyError } from "../http/http-request.js";

/**
 * The text again of a body that a parser in front has read, such as `express.json()`.
 *
 * @param type - Its media type, which says how to write what was read.
 * @throws {@link BodyError} `consumed` when nothing is left of it.
 */
export function writeParsedBody(body: unknown, type: string, most: number): string {
  const text = createBodyText(most, undefined);
  text.push(body instanceof Uint8Array ? body : Buffer.from(toSafeText(body, type)));
  return text.end();
}

/** A parser reads deeper than can be written. */
function toSafeText(body: unknown, type: string): string {
  try {
    return toText(body, type);
  } catch (error) {
    throw error instanceof RangeError ? new BodyError("too-deep") : error;
  }
}

function toText(body: unknown, type: string): string {
  if (typeof body === "string") return body;
  if (body === undefined) throw new BodyError("consumed");
  if (/[/+]json\b/i.test(type)) return JSON.stringify(body);
  if (!/\/x-www-form-urlencoded\b/i.test(type)) throw new BodyError("consumed");
  return new URLSearchParams([...toFields("", body)]).toString();
}

/** The fields of a form; those of nested objects and lists are named as `qs` reads them: `a[b]`. */
function* toFields(name: string, value: unknown): Generator<[name: string, value: string]> {
  if (typeof value !== "object" || value === null) return void (yield [name, String(value ?? "")]);
  for (const [key, inner] of Object.entries(value)) {
    const isListed = Array.isArray(value) && typeof inner !== "object";
    yield* toFields(name === "" ? key : isListed ? name : `${name}[${key}]`, inner);
  }
}
