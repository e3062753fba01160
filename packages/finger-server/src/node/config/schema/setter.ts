import type * as z from "zod/mini";
import { MOST_STATUS_BYTES } from "../../../setter/setter-limits.js";
import type { SetterDescription } from "../../application/description.js";
import { addresses } from "./address.js";
import { exactly } from "./exactly.js";
import { key, needed, record } from "./record.js";
import { limit, limitUpTo, list, network, text, timeLimit } from "./values.js";

const SETTER_LIMITS = record("a record of limits", {
  statusBytes: key("Longest status, in bytes, 65536 at most. Default: 4096.", limitUpTo(MOST_STATUS_BYTES)),
  time: key("Time for the status to arrive as a whole, in milliseconds. Default: 60000.", timeLimit()),
  storeTime: key("Time for the store to keep the status, in milliseconds. Default: 15000.", timeLimit()),
  idle: key("Longest pause of a peer while it reads its answer, in milliseconds. Default: 30000.", timeLimit()),
  connections: key("Connections at a time. Default: 64.", limit()),
  perPeer: key("Connections at a time of one peer. Default: 8.", limit()),
  rate: key("Statuses a minute of one peer, a third of them in one burst. Default: 60.", limit()),
  failures: key("Wrong tokens for one login, a minute, of one peer. Default: 15.", limit()),
});

export const SETTER: z.ZodMiniType<SetterDescription> = exactly(
  record("a record with listen", {
    listen: needed("Where statuses are set: one address, or several; none is on the web alone, by http.", addresses()),
    tokens: key("The path of the file of tokens. Default: they are kept in the store.", text("the path of a file")),
    networks: key("The networks that peers may come from. Default: all.", list("a list of networks", network())),
    limits: key("Bounds for those who set statuses; false takes one away.", SETTER_LIMITS),
  }),
);
