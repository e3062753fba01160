import type * as z from "zod/mini";
import { LONGEST_TIME } from "../../../assert-whole.js";
import type { SystemDescription } from "../../application/description.js";
import { MOST_ID } from "../../system/accounts/account.js";
import { exactly } from "./exactly.js";
import { key, record } from "./record.js";
import { account, flag, list, text, whole, word } from "./values.js";

/** In milliseconds: it is not meant in seconds. */
const LEAST_RUN = 100;

export const SYSTEM: z.ZodMiniType<SystemDescription> = exactly(
  record("a record of keys", {
    minUid: key(
      "Accounts with a lower number are those of programs, and not told of. Default: 1000.",
      whole(0, MOST_ID),
    ),
    maxUid: key(
      "Nor are those with a higher one. Default: none is too high, but 60514 to 65535 are those of services and nobody.",
      whole(0, MOST_ID),
    ),
    hidden: key(
      "Logins that are answered as if they were nobody's. Default: none.",
      list("a list of logins", text("a login")),
    ),
    names: key(
      "Whether people are found by the words of their real names, too; see ambiguity. Default: false.",
      flag(),
    ),
    list: key('Whom a list has: those who are on, "online", or "all". Default: "online".', word(["online", "all"])),
    programs: key(
      "Programs that answer in place of the records, in efingerd's manner. Default: none is run.",
      record("a record of folder and home", {
        folder: key(
          "The path of a folder with list, luser and nouser, those of them that there are. Default: none.",
          text("the path of a folder"),
        ),
        user: key(
          "The user whom those of the folder run as; another than the server's own takes one that stays root. Default: the user of the server.",
          account("user"),
        ),
        group: key("The group that they run as. Default: that of the user.", account("group")),
        home: key(
          "Whether ~/.efingerd is run, as its user, which takes a server that stays root: without process.user. Default: false.",
          flag(),
        ),
        timeout: key("Longest run, in milliseconds. Default: 10000.", whole(LEAST_RUN, LONGEST_TIME)),
        maxBytes: key("Longest answer, in bytes. Default: 65536.", whole(1, Number.MAX_SAFE_INTEGER)),
        concurrency: key("How many of the folder run at a time, and how many of users. Default: 4.", whole(1, 1000)),
      }),
    ),
  }),
);
