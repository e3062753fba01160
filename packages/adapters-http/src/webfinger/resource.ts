import { decodePercent } from "../text/percent.js";

/** What is asked of WebFinger: of which resource, and for which kinds of links; all when none are named. */
export interface WebFingerQuery {
  readonly resource: string;
  readonly rels: readonly string[];
}

/**
 * Reads the query of a request (RFC 7033 4.1). It is percent-encoded and no form: a `+` is a plus. Parameters that WebFinger does
 * not have are passed over.
 *
 * @param search - From the `?` on, or empty.
 * @throws `SyntaxError` that says what is wrong; the answer is then 400 (RFC 7033 4.2).
 *
 * @example parseResource("?resource=acct:alice%40plan.example&rel=self"); // { resource: "acct:alice@plan.example", rels: ["self"] }
 */
export function parseResource(search: string): WebFingerQuery {
  const parameters = search.replace(/^\?/, "").split("&").map(toParameter);
  const [resource = "", ...others] = readAll("resource", parameters);
  if (resource === "") throw new SyntaxError(`The parameter "resource" is missing; write ${EXAMPLE}.`);
  if (others.length > 0) throw new SyntaxError('The parameter "resource" is there more than once.');
  if (!URI.test(resource)) throw new SyntaxError(`The resource is no URI; write ${EXAMPLE}.`);
  if (/^acct:/i.test(resource) && !ACCOUNT.test(resource)) {
    throw new SyntaxError(`An account is a name and a host (RFC 7565); write ${EXAMPLE}.`);
  }
  return { resource, rels: readAll("rel", parameters) };
}

/** The name, decoded, and the value, not yet. */
type Parameter = readonly [name: string | undefined, value: string];

function toParameter(text: string): Parameter {
  const at = text.indexOf("=");
  return at < 0 ? [decodePercent(text), ""] : [decodePercent(text.slice(0, at)), text.slice(at + 1)];
}

function readAll(wanted: string, parameters: readonly Parameter[]): readonly string[] {
  return parameters.flatMap(([name, encoded]) => {
    if (name !== wanted) return [];
    const value = decodePercent(encoded);
    if (value !== undefined) return [value];
    throw new SyntaxError(`The parameter "${wanted}" is not percent-encoded UTF-8; write "%" as %25.`);
  });
}

const EXAMPLE = "resource=acct:alice@host";

/** A scheme and more (RFC 3986 3). Letters of all scripts are let through, as people paste them. */
const URI = /^[a-z][a-z\d+.-]*:(?:[^\s\0-\x20\x7f-\x9f"<>\\^`{|}%]|%[\da-f]{2})+$/i;
/** What stands before the host may have an `@` before it, as the fediverse writes names. */
const ACCOUNT = /^acct:@?[^@/?#]+@[^@/?#]+$/i;
