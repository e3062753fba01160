import * as z from "zod/mini";
import type { AddressDescription } from "../../application/description.js";
import { exactly } from "./exactly.js";
import { NOTES } from "./notes.js";
import { key, needed, record } from "./record.js";
import { address, list, network, octal, text } from "./values.js";

const TLS = record("a record of key and cert", {
  key: needed("The path of the private key, in PEM.", text("the path of a private key in PEM")),
  cert: needed("The path of the certificate with those above it, in PEM.", text("the path of a certificate in PEM")),
});

const ADDRESS_TEXT = "A port, HOST:PORT, [IPV6]:PORT, or the path of a Unix socket, which has a slash.";

const PLACE = record("a record with an address", {
  address: needed(ADDRESS_TEXT, address()),
  tls: key("Speaks TLS, and TLS only, with these files; they are read again on SIGHUP.", TLS),
  proxyProtocol: key(
    "The networks of the proxies in front, which speak the PROXY protocol. Default: no proxy is in front.",
    list("a list of networks", network()),
  ),
  mode: key('The permissions of a Unix socket, in octal, such as "660". Default: what the umask leaves.', octal("660")),
}).check(
  z.check(({ value, issues }) => {
    const isSocket = String(value.address).includes("/");
    const complain = (name: "mode" | "proxyProtocol", message: string) =>
      issues.push({ code: "custom", path: [name], message, input: value[name], continue: true });
    if (value.mode !== undefined && !isSocket) complain("mode", "only a Unix socket has permissions");
    if (value.proxyProtocol?.length === 0 && !isSocket) {
      complain("proxyProtocol", "it must name the networks of the proxies; without them nobody could connect");
    }
  }),
);

// It stands in many places, and is to be told once.
NOTES.add(PLACE, { id: "place" });

const ADDRESS_WHY = "it must be PORT, HOST:PORT, [IPV6]:PORT, the path of a Unix socket, or a record with an address";

export const ADDRESS: z.ZodMiniType<AddressDescription> = exactly(z.union([address(), PLACE], ADDRESS_WHY));

/** One, or several, or none. */
export function addresses(): z.ZodMiniType<AddressDescription | readonly AddressDescription[]> {
  return exactly(z.union([ADDRESS, list("a list of addresses", ADDRESS)], `${ADDRESS_WHY}, or a list of those`));
}

/** One, or several. */
export function someAddresses(): z.ZodMiniType<AddressDescription | readonly AddressDescription[]> {
  const some = list("a list of addresses", ADDRESS).check(
    z.minLength(1, "it must have an address in it, or be left out"),
  );
  return exactly(z.union([ADDRESS, some], `${ADDRESS_WHY}, or a list of those`));
}
