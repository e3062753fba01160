import type { IncomingMessage } from "node:http";
import { BlockList, isIP } from "node:net";
import type { TLSSocket } from "node:tls";
import type { KnownRequest } from "./node-request.js";

/** Tells of a request what a proxy in front says of it. */
export type ReadForwarded = (request: IncomingMessage) => Pick<KnownRequest, "ip" | "protocol">;

/**
 * Makes what reads the headers of proxies, `X-Forwarded-For` and `X-Forwarded-Proto`: who asks is the last one on the way who is
 * no proxy of ours. Of who comes from elsewhere they are not believed. On a Unix socket everybody is a proxy.
 *
 * @param networks - Those of the proxies, such as `["10.0.0.0/8", "::1"]`.
 * @throws `RangeError` when one is no network.
 */
export function createReadForwarded(networks: readonly string[]): ReadForwarded {
  const proxies = toBlockList(networks);
  const isProxy = (address: string | undefined) => address === undefined || isIn(proxies, address);
  return (request) => {
    const { remoteAddress, encrypted } = request.socket as TLSSocket;
    if (!isProxy(remoteAddress)) return {};
    const path = readList(request, "x-forwarded-for");
    const ip = path.map(toAddress).findLast((address) => !isProxy(address)) ?? toAddress(path[0] ?? "");
    const [protocol] = readList(request, "x-forwarded-proto").slice(-1);
    return { ip, protocol: protocol === "https" || encrypted ? "https" : "http" };
  };
}

/** The address without its port; empty, which is nobody's, for what is none: a proxy must not lend its own. */
function toAddress(written: string): string {
  const bare = /^\[(.*)\](?::\d+)?$/.exec(written)?.[1] ?? /^([\d.]+):\d+$/.exec(written)?.[1] ?? written;
  return isIP(bare) === 0 ? "" : bare;
}

function readList({ headers }: IncomingMessage, name: string): readonly string[] {
  const items = String(headers[name] ?? "").split(",");
  return items.map((item) => item.trim()).filter((item) => item !== "");
}

function toBlockList(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = "", bits, ...rest] = network.split("/");
    const family = isIP(address);
    const most = family === 4 ? 32 : 128;
    const length = bits === undefined ? most : /^\d{1,3}$/.test(bits) ? Number(bits) : Number.NaN;
    if (family === 0 || rest.length > 0 || !(length <= most)) {
      throw new RangeError(`proxies must be networks such as 10.0.0.0/8, but there is ${JSON.stringify(network)}.`);
    }
    list.addSubnet(address, length, family === 4 ? "ipv4" : "ipv6");
  }
  return list;
}

function isIn(list: BlockList, address: string): boolean {
  const plain = address.startsWith("::ffff:") && address.includes(".") ? address.slice("::ffff:".length) : address;
  const family = isIP(plain);
  return family !== 0 && list.check(plain, family === 4 ? "ipv4" : "ipv6");
}
