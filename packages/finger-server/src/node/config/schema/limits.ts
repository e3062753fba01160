import type * as z from "zod/mini";
import type { Limits } from "../../../server/limits.js";
import { exactly } from "./exactly.js";
import { key, record } from "./record.js";
import { limit, timeLimit } from "./values.js";

export const LIMITS: z.ZodMiniType<Limits> = exactly(
  record("a record of limits", {
    queryBytes: key("Longest query, in bytes. Default: 1024.", limit()),
    queryTime: key("Time for the query to arrive as a whole, in milliseconds. Default: 10000.", timeLimit()),
    lookupTime: key("Time for the answer to be found, in milliseconds. Default: 10000.", timeLimit()),
    idle: key("Longest pause of a peer while it reads its answer, in milliseconds. Default: 30000.", timeLimit()),
    answerBytes: key("Longest answer, in bytes; the rest is cut off. Default: 1048576.", limit()),
    connections: key("Connections at a time. Default: 256.", limit()),
    perPeer: key("Connections at a time of one peer. Default: 8.", limit()),
    rate: key("Queries a minute of one peer, a third of them in one burst. Default: 30.", limit()),
  }),
);
