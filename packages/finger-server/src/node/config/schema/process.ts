import type * as z from "zod/mini";
import type { ProcessDescription } from "../../application/description.js";
import { exactly } from "./exactly.js";
import { key, record } from "./record.js";
import { account, octal, text, timeOrNone, whole } from "./values.js";

export const PROCESS: z.ZodMiniType<ProcessDescription> = exactly(
  record("a record about the process", {
    user: key(
      "The user to become once the ports are open: a name or a number. Default: who started it.",
      account("user"),
    ),
    group: key("The group to become. Default: that of the user.", account("group")),
    directory: key('The working directory. Default: "/" for a daemon, else it stays.', text("the path of a folder")),
    umask: key(
      'The file mode mask, in octal, such as "027". Default: "022" for a daemon, else it stays.',
      octal("027"),
    ),
    pidfile: key("Where the number of the process is written.", text("the path of a file")),
    logfile: key("Where the log is written. Default: standard error.", text("the path of a file")),
    workers: key("How many processes answer. Default: 1.", whole(1, 999)),
    drain: key("How long answers may still take when it stops, in milliseconds. Default: 5000.", timeOrNone()),
  }),
);
