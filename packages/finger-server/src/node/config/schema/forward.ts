import type * as z from "zod/mini";
import type { ForwardDescription } from "../../application/description.js";
import { exactly } from "./exactly.js";
import { key, record } from "./record.js";
import { host, list, ownHost, whole } from "./values.js";

export const FORWARD: z.ZodMiniType<ForwardDescription> = exactly(
  record("a record of hosts, self and maxHops", {
    hosts: key(
      "The hosts that may be asked, and no others; *.example.org is all below one. Default: every host whose addresses are all public.",
      list("a list of hosts", host()),
    ),
    self: key("Names and addresses of this server, which are never asked.", list("a list of hosts", ownHost())),
    maxHops: key("How many hosts a query may have behind its name. Default: 1.", whole(1, 100)),
  }),
);
