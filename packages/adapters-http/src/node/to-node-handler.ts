import type { IncomingMessage, ServerResponse } from "node:http";
import type { Responder } from "../http/responder.js";
import { toHttpRequest } from "./node-request.js";
import { sendReply } from "./send-reply.js";

/** Middleware of Express and Connect; and, without `next`, a listener of `node:http` and `node:https`. */
export type NodeHandler = (
  request: IncomingMessage,
  response: ServerResponse,
  next?: ((error?: unknown) => void) | undefined,
) => void;

/**
 * Has requests of `node:http` answered. What is somebody else's, and what fails, goes to `next`; where there is none, it is
 * answered with 404, and with 500 and the error to `onError`.
 */
export function toNodeHandler({ respond, onError }: Pick<Responder, "respond" | "onError">): NodeHandler {
  const answer = async (request: IncomingMessage, response: ServerResponse, next?: (error?: unknown) => void) => {
    const reply = await respond(toHttpRequest(request, response));
    if (reply !== undefined) return sendReply(response, reply);
    if (next === undefined) return refuse(response, 404, "There is nothing here.\n");
    next();
  };
  return (request, response, next) => {
    answer(request, response, next).catch((error) => {
      if (next !== undefined) return next(error);
      onError(error);
      refuse(response, 500, "This could not be answered; the log says why.\n");
    });
  };
}

/** Says so in a line; what has begun as something else is cut. */
function refuse(response: ServerResponse, status: number, line: string): void {
  if (response.headersSent) return void response.destroy();
  const headers = { "content-type": "text/plain; charset=utf-8", "content-length": String(line.length) };
  void sendReply(response, { status, headers, body: Buffer.from(line) });
}
