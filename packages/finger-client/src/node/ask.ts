import { connect, type Socket } from "node:net";
import { encodeQuery, FingerError, type ValidQuery } from "finger-protocol";
import type { ResolvedOptions } from "../options.js";

/** An address that answered. */
export interface RemoteAddress {
  readonly address: string;
  readonly port: number;
  readonly family: 4 | 6;
}

/** The bytes of a reply. */
export interface RawReply {
  readonly bytes: Uint8Array;
  readonly truncated: boolean;
  readonly address: RemoteAddress;
}

/** Sends the query in one segment, and reads until the server closes (RFC 1288 2.1). */
export function ask(
  query: ValidQuery,
  place: { host: string; port: number },
  { timeout, maxBytes, signal }: ResolvedOptions,
): Promise<RawReply> {
  const chunks: Buffer[] = [];
  let length = 0;
  let address: RemoteAddress | undefined;

  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(aborted(signal));
    // Both families are tried, each a moment after the other (RFC 8305); nothing waits for the connection to write.
    const socket = connect({ ...place, noDelay: true, autoSelectFamily: true });
    const fail = (error: FingerError) => {
      reject(error);
      socket.destroy();
    };
    const succeed = (truncated: boolean) => {
      resolve({ bytes: Buffer.concat(chunks, Math.min(length, maxBytes)), truncated, address: address ?? NOWHERE });
      socket.destroy();
    };
    const onAbort = () => fail(aborted(signal));

    socket.setTimeout(timeout, () => fail(late(place, timeout, address !== undefined)));
    socket.once("connect", () => {
      address = toAddress(socket);
    });
    socket.on("data", (chunk: Buffer) => {
      chunks.push(chunk);
      length += chunk.length;
      if (length > maxBytes) succeed(true);
    });
    socket.once("end", () => succeed(false));
    // What has come is the reply, even if the server then resets the connection, as some do behind the last byte.
    socket.on("error", (error: NodeJS.ErrnoException) => {
      if (length > 0) succeed(chunks.at(-1)?.at(-1) !== LF);
      else fail(toFingerError(error, place));
    });
    socket.once("close", () => signal?.removeEventListener("abort", onAbort));
    signal?.addEventListener("abort", onAbort, { once: true });
    socket.write(encodeQuery(query));
  });
}

function toAddress(socket: Socket): RemoteAddress {
  const { remoteAddress = "", remotePort = 0, remoteFamily } = socket;
  return { address: remoteAddress, port: remotePort, family: remoteFamily === "IPv6" ? 6 : 4 };
}

const NOWHERE: RemoteAddress = { address: "", port: 0, family: 4 };
const LF = 0x0a;

function toFingerError(cause: NodeJS.ErrnoException, { host, port }: { host: string; port: number }): FingerError {
  const code =
    cause.code ?? (cause instanceof AggregateError ? (cause.errors[0] as NodeJS.ErrnoException).code : undefined);
  const place = `${host}, port ${port}`;
  switch (code) {
    case "ENOTFOUND":
      return new FingerError("ERR_FINGER_RESOLVE", `There is no host ${host}; check its spelling.`, { cause });
    case "EAI_AGAIN":
      return new FingerError("ERR_FINGER_RESOLVE", `${host} cannot be looked up now; check the network.`, { cause });
    case "ECONNREFUSED":
      return new FingerError("ERR_FINGER_CONNECT", `No finger server listens on ${place}; try another port.`, {
        cause,
      });
    case "ECONNRESET":
    case "EPIPE":
      return new FingerError("ERR_FINGER_IO", `${place} broke the connection before it answered.`, { cause });
    case "ETIMEDOUT":
      return new FingerError("ERR_FINGER_TIMEOUT", `${place} cannot be reached in time.`, { cause });
    default:
      return new FingerError("ERR_FINGER_CONNECT", `${place} cannot be reached: ${cause.message}.`, { cause });
  }
}

function late({ host, port }: { host: string; port: number }, timeout: number, isConnected: boolean): FingerError {
  const what = isConnected ? "sent nothing" : "could not be reached";
  return new FingerError(
    "ERR_FINGER_TIMEOUT",
    `${host}, port ${port} ${what} for ${timeout / 1000} s; give it more time.`,
  );
}

function aborted(signal: AbortSignal | undefined): FingerError {
  return new FingerError("ERR_FINGER_ABORTED", "The lookup was aborted.", { cause: signal?.reason });
}
