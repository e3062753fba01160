import type { ListenOptions } from "../server/runtime.js";

/**
 * Reads where to listen: `PORT`, `HOST:PORT`, `[IPV6]:PORT`, or the path of a Unix socket, which has a slash.
 *
 * @param option - Its name, for the message.
 * @throws `RangeError` when it is none of them.
 *
 * @example parsePlace("--setter", "[::1]:1079") // { host: "::1", port: 1079 }
 */
export function parsePlace(option: string, text: string): ListenOptions {
  if (text.includes("/")) return { path: text };
  const colon = text.lastIndexOf(":");
  const [host, port] = [text.slice(0, Math.max(0, colon)), text.slice(colon + 1)];
  const isBracketed = host.startsWith("[") && host.endsWith("]");
  if (!isPort(port) || (colon >= 0 && host === "") || (host.includes(":") && !isBracketed)) {
    const forms = "PORT, HOST:PORT, [IPV6]:PORT, or the path of a Unix socket, such as ./setter.sock";
    throw new RangeError(`${option} ${JSON.stringify(text)} is no address; write ${forms}`);
  }
  return colon < 0 ? { port: Number(port) } : { host: isBracketed ? host.slice(1, -1) : host, port: Number(port) };
}

/** @throws `RangeError` when the text is no port. */
export function parsePort(option: string, text: string): number {
  if (isPort(text)) return Number(text);
  throw new RangeError(`${option} ${JSON.stringify(text)} is no port; give a number from 0 to 65535`);
}

function isPort(text: string): boolean {
  return /^\d{1,5}$/.test(text) && Number(text) <= 65535;
}

/** A place as it is shown: `host:port`, or the path. */
export function formatPlace({ host, port, path }: { host: string; port: number; path: string | undefined }): string {
  if (path !== undefined) return path;
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}
