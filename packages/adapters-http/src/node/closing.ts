import type { ServerResponse } from "node:http";

/** Calls back once an answer is closed: it was sent, or its peer has gone. Gives what takes that back. */
export function whenClosed(response: ServerResponse, onClosed: () => void): () => void {
  // One that waits for others of its connection to be sent has no socket yet, and is not closed when that is.
  const queued = response.socket === null ? response.req.socket : undefined;
  const takeBack = () => {
    response.off("close", onClose);
    queued?.off("close", onClose);
  };
  const onClose = () => {
    takeBack();
    onClosed();
  };
  response.on("close", onClose);
  queued?.on("close", onClose);
  return takeBack;
}

/** Whether nothing more can be sent: the peer has gone, or somebody else has ended the answer. */
export function isClosed(response: ServerResponse): boolean {
  return response.writableEnded || response.destroyed || response.req.socket.destroyed;
}
