import type { IncomingMessage, ServerResponse } from "node:http";
import { escapeLine } from "../log/escape.js";
import { formatMetrics, METRICS_TYPE } from "./exposition.js";
import type { Snapshot } from "./snapshot.js";

/** How the application does. */
export interface Health {
  readonly ok: boolean;
  /** Why it does not do well. */
  readonly reason?: string | undefined;
}

/** What the pages tell. */
export interface PagesOptions {
  readonly snapshot: () => Snapshot | Promise<Snapshot>;
  readonly isHealthy: () => Health;
  /** Hears of what could not be told; the peer hears only that. */
  readonly onError: (error: unknown) => void;
}

/** What a peer is answered. */
interface Page {
  readonly status: number;
  readonly text: string;
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Answers a request. Never rejects. */
export type AnswerRequest = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** Makes what answers for `/metrics` and `/health`, and for nothing else. */
export function createPages(options: PagesOptions): AnswerRequest {
  return async (request, response) => {
    const page = await findPage(request, options).catch((error) => {
      options.onError(error);
      return BROKEN;
    });
    send(page, request, response);
  };
}

async function findPage({ method = "", url = "" }: IncomingMessage, options: PagesOptions): Promise<Page> {
  const [path] = url.split("?");
  if (path !== "/metrics" && path !== "/health") return NOWHERE;
  if (method !== "GET" && method !== "HEAD") return NOT_ALLOWED;
  if (path === "/health") return toHealthPage(options.isHealthy());
  return { status: 200, text: formatMetrics(await options.snapshot()), type: METRICS_TYPE };
}

function toHealthPage({ ok, reason = "not healthy" }: Health): Page {
  return ok ? { status: 200, text: "ok\n" } : { status: 503, text: `${escapeLine(reason)}\n` };
}

const NOWHERE: Page = { status: 404, text: "There are /metrics and /health here, and nothing else.\n" };
const NOT_ALLOWED: Page = {
  status: 405,
  text: "This can be asked for with GET and HEAD alone.\n",
  headers: { allow: "GET, HEAD" },
};
/** For a health that could not be told, too: who asks for it takes every failure for illness. */
const BROKEN: Page = { status: 500, text: "This could not be told; the log says why.\n" };

function send(
  { status, text, type = "text/plain; charset=utf-8", headers }: Page,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  response.writeHead(status, {
    "content-type": type,
    "content-length": Buffer.byteLength(text),
    "cache-control": "no-store",
    ...headers,
  });
  response.end(request.method === "HEAD" ? undefined : text);
}
