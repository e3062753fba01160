import { networkInterfaces } from "node:os";
import { isIn, parseNetwork } from "../../network.js";

/** Tells whether an address leads to this machine: to one of its interfaces as they are now, or back by loopback. */
export function isOwnAddress(address: string): boolean {
  return LOOPBACK.some((network) => isIn(address, network)) || isOnInterface(address);
}

function isOnInterface(address: string): boolean {
  const own = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  return own.some((one) => isIn(address, parseNetwork(one.address)));
}

/** To connect to the unspecified address connects to this machine. */
const LOOPBACK = ["127.0.0.0/8", "0.0.0.0/8", "::1", "::"].map(parseNetwork);
