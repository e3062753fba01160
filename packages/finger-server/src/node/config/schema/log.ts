import * as z from "zod/mini";
import type { LogDescription } from "../../application/description.js";
import { exactly } from "./exactly.js";
import { key, record } from "./record.js";
import { flag, word } from "./values.js";

export const LOG: z.ZodMiniType<LogDescription> = exactly(
  record("a record of level, format and audit", {
    level: key(
      'What is less important is left out: "debug", "info", "warn" or "error". Default: "info".',
      word(["debug", "info", "warn", "error"]),
    ),
    format: key(
      'Lines for people, "human", or objects of JSON, "json". Default: "human" on a terminal, "json" elsewhere.',
      word(["human", "json"]),
    ),
    audit: key(
      'Logs each query and each setting; "redacted" leaves out names, and all of an address but its network. Default: false.',
      z.union([flag(), z.literal("redacted")], 'it must be true, false or "redacted"'),
    ),
  }),
);
