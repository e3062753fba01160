import { FingerError } from "finger-protocol";
import { type GetRules, get, type HttpAnswer } from "./get.js";
import type { PageMemory } from "./page-memory.js";
import { followRedirect } from "./redirect.js";

/** A page as it came. */
export type Page = Pick<HttpAnswer, "headers" | "body">;

/** How a page is fetched, over redirects too. */
export interface FetchRules extends Omit<GetRules, "headers"> {
  /** What is said to every host. */
  readonly headers: Readonly<Record<string, string>>;
  /** What is said to the host of the template alone: it may be a password. */
  readonly privateHeaders: Readonly<Record<string, string>>;
  /** Whether a redirect may lead to another host. */
  readonly isRedirectHost: (host: string) => boolean;
  readonly memory: PageMemory;
}

/**
 * Fetches a page, over {@link MOST_REDIRECTS} redirects at most, each of them looked at like the first URL. A page that is
 * remembered is asked for only if it has changed (RFC 9110 13.1).
 *
 * @returns `undefined` when there is no such page.
 * @throws `FingerError` `ERR_FINGER_PROVIDER` for any other answer, `ERR_FINGER_DENIED` for a redirect that must not be
 * followed, and what {@link get} throws.
 */
export async function fetchPage(start: URL, rules: FetchRules): Promise<Page | undefined> {
  let url = start;
  for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
    const answer = await getOrRecall(url, url.hostname === start.hostname, rules);
    const { location } = answer.headers;
    if (!REDIRECTS.has(answer.status) || location === undefined) return toPage(url, answer);
    url = followRedirect(location, { from: url, start, isRedirectHost: rules.isRedirectHost });
  }
  throw new FingerError("ERR_FINGER_PROVIDER", `${start.href} leads over more than ${MOST_REDIRECTS} redirects.`);
}

async function getOrRecall(url: URL, isStartHost: boolean, rules: FetchRules): Promise<HttpAnswer> {
  const { memory, headers, privateHeaders } = rules;
  const remembered = memory.recall(url);
  const all = { ...headers, ...(isStartHost ? privateHeaders : {}), ...remembered?.conditions };
  const answer = await get(url, { ...rules, headers: all });
  if (answer.status === NOT_MODIFIED && remembered !== undefined) return remembered.answer;
  memory.note(url, answer);
  return answer;
}

function toPage(url: URL, { status, headers, body }: HttpAnswer): Page | undefined {
  if (status >= 200 && status <= 299) return { headers, body };
  if (status === NOT_FOUND || status === GONE) return undefined;
  throw new FingerError(
    "ERR_FINGER_PROVIDER",
    `${url.href} was answered with the status ${status}, and not with a page.`,
  );
}

/** How many redirects are followed. */
const MOST_REDIRECTS = 5;
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
const NOT_MODIFIED = 304;
const NOT_FOUND = 404;
const GONE = 410;
