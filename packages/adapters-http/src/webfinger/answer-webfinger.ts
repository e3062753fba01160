import type { FingerUser } from "finger-protocol";
import type { PersonLinks } from "../options.js";
import { type AccountRules, toAccount } from "./account.js";
import { formatJrd } from "./jrd.js";
import { parseResource, type WebFingerQuery } from "./resource.js";

/** Whom WebFinger tells of. */
export interface WebFingerRules extends AccountRules {
  find(login: string): Promise<FingerUser | undefined>;
  links(user: FingerUser): PersonLinks | undefined;
}

/** What is answered: a document, which is `application/jrd+json`, or a sentence for people. */
export type WebFingerAnswer =
  | { readonly status: 200; readonly body: string }
  | { readonly status: 400 | 404; readonly detail: string };

/**
 * Answers what is asked at `/.well-known/webfinger` (RFC 7033 4). Another host, another kind of URI and a name that nobody has
 * are all the same 404.
 *
 * @param search - The query, from the `?` on.
 */
export async function answerWebFinger(search: string, rules: WebFingerRules): Promise<WebFingerAnswer> {
  const query = readQuery(search);
  if (typeof query === "string") return { status: 400, detail: query };
  const login = toAccount(query.resource, rules);
  const user = login === undefined ? undefined : await rules.find(login);
  if (user === undefined) return { status: 404, detail: "Nothing is known here of this resource." };
  return { status: 200, body: formatJrd(user, rules.links(user), rules, query.rels) };
}

/** The query, or what is wrong with it. */
function readQuery(search: string): WebFingerQuery | string {
  try {
    return parseResource(search);
  } catch (error) {
    return (error as SyntaxError).message;
  }
}
