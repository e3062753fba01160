import { FingerError } from "finger-protocol";
import { assertWhole, LONGEST_TIME } from "../assert-whole.js";
import { matchHosts } from "../host-names.js";
import type { Answer, LookupProvider } from "../provider.js";
import { decodeBody, parseContentType } from "../web-page/decode-body.js";
import { parseUrlTemplate } from "../web-page/url-template.js";
import { within } from "../within.js";
import { type LookupHost, parseAllowList } from "./guard.js";
import { checkHeaders } from "./web/check-headers.js";
import { type FetchRules, fetchPage, type Page } from "./web/fetch-page.js";
import { createPageMemory } from "./web/page-memory.js";

/** How pages are fetched and read. */
export interface WebOptions {
  /**
   * Which hosts need not be on the public internet: names, `*.example.org` for all below one, addresses, networks such as
   * `10.0.0.0/8`, or `true` for all of them. @default none
   */
  readonly allowPrivate?: true | readonly string[] | undefined;
  /** Other hosts that a redirect may lead to, by name, or as `*.example.org`. @default the host of the template alone */
  readonly redirectHosts?: readonly string[] | undefined;
  /** Time for the page to come, with all redirects, in milliseconds. @default 10_000 */
  readonly timeout?: number | undefined;
  /** Longest page read, in bytes. @default 1_048_576 */
  readonly maxBytes?: number | undefined;
  /**
   * Header fields to send, such as `authorization`; only the host of the template gets them.
   * @default the `user-agent` finger-server, which every host gets
   */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Makes the answer of a page; `undefined` when it says that there is no such user. @default its text */
  readonly parse?: ParsePage | undefined;
  /** Finds the addresses of a host. @default what the system does */
  readonly lookup?: LookupHost | undefined;
}

/** Makes the answer of a page that was found, out of its decoded text and its header fields by name in lower case. */
export type ParsePage = (
  body: string,
  headers: Readonly<Record<string, string | undefined>>,
) => Answer | undefined | Promise<Answer | undefined>;

/**
 * Answers with pages of the web: for each name that of a URL. An HTML page is its text, other text is what it is, and a
 * page that is not there (404, 410) is nobody. Pages are asked for again only if they have changed, where the web server
 * can tell.
 *
 * A name stays within its place in the template, percent-encoded. Scheme, host and port are the template's; redirects are
 * followed five times, on the same host, and never from https to http. Each host is connected to at addresses that are
 * public, or allowed, and that are not looked up twice.
 *
 * @param template - A URL with one `{name}` in its path or its query.
 * @throws `TypeError` or `RangeError` for a template or an option that is wrong. A lookup rejects with `FingerError`
 * `ERR_FINGER_PROVIDER` for another status, a type that is no text, a page that is too long, an address that is not public,
 * or a redirect that is not followed, its `cause` then `ERR_FINGER_DENIED`; `ERR_FINGER_RESOLVE`, `ERR_FINGER_CONNECT`,
 * `ERR_FINGER_IO` and `ERR_FINGER_TIMEOUT` when the page does not come.
 *
 * @example
 * ```ts
 * webProvider("https://plan.example/~{name}/status.txt");
 *
 * webProvider("https://ci.example/api/builds/{name}", {
 *   headers: { accept: "application/json" },
 *   parse: (body) => `Build ${JSON.parse(body).state}`,
 * });
 * ```
 */
export function webProvider(template: string, options: WebOptions = {}): LookupProvider {
  const toUrl = parseUrlTemplate(template);
  const { timeout = 10_000, parse = toText } = options;
  assertWhole("timeout", timeout, LONGEST_TIME);
  const rules = resolveRules(options);
  return {
    lookup: async (name, context) => {
      const url = toUrl(name);
      if (url === undefined) return undefined;
      const fetch = (signal: AbortSignal) => fetchPage(url, { ...rules, signal });
      const page = await within(timeout, context.signal, fetch).catch(tellOperator);
      return page && parsePage(page, parse);
    },
  };
}

/** What the policy forbids here no peer has chosen: the template leads there, or a name service or a redirect that lies. */
function tellOperator(error: unknown): never {
  if (!FingerError.is(error) || error.code !== "ERR_FINGER_DENIED") throw error;
  throw new FingerError("ERR_FINGER_PROVIDER", error.message, { cause: error });
}

function resolveRules(options: WebOptions): Omit<FetchRules, "signal"> {
  const { allowPrivate = [], redirectHosts = [], maxBytes = 1024 * 1024, headers = {}, lookup } = options;
  assertWhole("maxBytes", maxBytes);
  return {
    allow: parseAllowList(allowPrivate),
    isRedirectHost: matchHosts(redirectHosts),
    headers: {
      "user-agent": "finger-server",
      accept: "text/plain, text/html;q=0.9, */*;q=0.5",
      "accept-encoding": "identity",
    },
    privateHeaders: checkHeaders(headers),
    memory: createPageMemory(),
    ...{ maxBytes, lookup },
  };
}

async function parsePage({ headers, body }: Page, parse: ParsePage): Promise<Answer | undefined> {
  const { charset } = parseContentType(headers["content-type"]);
  const text = decodeBody(body, charset);
  try {
    return await parse(text, headers);
  } catch (cause) {
    if (FingerError.is(cause)) throw cause;
    throw new FingerError("ERR_FINGER_PROVIDER", "The option parse could not read the page.", { cause });
  }
}

/** The text of a page; one of no type is taken for text. */
async function toText(body: string, headers: Readonly<Record<string, string | undefined>>): Promise<string> {
  const { type } = parseContentType(headers["content-type"]);
  if (type === "text/html" || type === "application/xhtml+xml") return readHtml(body);
  if (type === "" || type.startsWith("text/")) return body;
  throw new FingerError("ERR_FINGER_PROVIDER", `The page is no text but ${type}; give the option parse to read it.`);
}

/** The parser of HTML is loaded when there is some. */
async function readHtml(html: string): Promise<string> {
  const { htmlToText } = await import("../web-page/html-to-text.js");
  return htmlToText(html);
}
