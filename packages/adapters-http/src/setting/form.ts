import { findRecord } from "../answers/find-user.js";
import { readBody, toMediaType } from "../http/body.js";
import { isSameOrigin } from "../http/cross-origin.js";
import type { HttpReply } from "../http/http-reply.js";
import { Problem } from "../http/problem.js";
import { toTextReply } from "../http/text-reply.js";
import { renderPerson } from "../resources/person.js";
import { toPersonPath } from "../route.js";
import type { Visit } from "../site/visit.js";
import { trimEnd } from "./set-request.js";
import { setStatus } from "./setting.js";

/**
 * `POST /:login`, from the form on the page. The token is in the form, so that nobody else's page can send it; one that a browser
 * has filled in by itself is of no use to another page, either, for that is asked for first.
 */
export async function postForm(visit: Visit, login: string): Promise<HttpReply> {
  const { request, site, base } = visit;
  if (!isSameOrigin(request, site.origin)) throw new Problem(403, "A form is taken from the pages here alone.");
  if (toMediaType(request) !== "application/x-www-form-urlencoded") {
    throw new Problem(415, "With POST a form is sent; PUT takes text/plain and application/json.");
  }
  const form = new URLSearchParams(await readBody(request, site.limits.bodyBytes));
  const written = form.get("status");
  if (written === null) throw new Problem(400, "The form has no field status.");
  const status = trimEnd(written);
  const path = base + toPersonPath(login);
  try {
    await setStatus(visit, login, (form.get("token") ?? "").trim(), { text: status, ttl: undefined });
    return {
      status: 303,
      headers: { location: path, "cache-control": "no-store", "content-length": "0" },
      body: undefined,
    };
  } catch (error) {
    if (!(error instanceof Problem) || error.status === 404) throw error;
    return showAgain(visit, login, error, { action: path, status, problem: error.message });
  }
}

/** The page again, with what was written: nothing is lost. */
async function showAgain(
  visit: Visit,
  login: string,
  { status, headers: why }: Problem,
  form: Parameters<typeof renderPerson>[3],
): Promise<HttpReply> {
  const user = (await findRecord(visit, login).catch(() => undefined)) ?? { login };
  const [text, headers] = await renderPerson(visit, login, user, form);
  return toTextReply(status, text, { ...headers, ...why, "cache-control": "no-store" });
}
