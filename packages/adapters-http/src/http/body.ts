import { BodyError, type HttpRequest } from "./http-request.js";
import { Problem } from "./problem.js";

/** The media type of a body, without parameters; empty when it is not said. */
export function toMediaType(request: HttpRequest): string {
  const [type = ""] = (request.header("content-type") ?? "").split(";", 1);
  return type.trim().toLowerCase();
}

/** @throws {@link Problem} 400, 413 or 415 */
export async function readBody(request: HttpRequest, most: number): Promise<string> {
  if ((request.header("content-encoding") ?? "identity").toLowerCase() !== "identity") {
    throw new Problem(415, "The body must not be encoded: leave out Content-Encoding.");
  }
  // RFC 9110 14.5
  if (request.header("content-range") !== undefined) throw new Problem(400, "A part of a status cannot be set.");
  try {
    return await request.body(most);
  } catch (error) {
    if (!(error instanceof BodyError) || error.reason === "consumed") throw error;
    if (error.reason === "too-long") throw new Problem(413, `The body is longer than ${most} bytes.`);
    throw new Problem(400, MISTAKES[error.reason]);
  }
}

const MISTAKES = {
  "not-utf-8": "The body is not UTF-8.",
  "cut-off": "The body is cut off.",
  "too-deep": "The body is nested too deep.",
} as const;
