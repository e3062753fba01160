import * as z from "zod/mini";
import type { DisclosureRule, Field } from "../../../wrappers/disclosure.js";
import { exactly } from "./exactly.js";
import { key, needed, record } from "./record.js";
import { list, networkOrLocal, text, word } from "./values.js";

const FIELDS = [
  "name",
  "status",
  "statusAt",
  "directory",
  "shell",
  "office",
  "officePhone",
  "homePhone",
  "pronouns",
  "timeZone",
  "sessions",
  "lastLogin",
  "mail",
  "mailForward",
  "pgpKey",
  "project",
  "plan",
  "planAt",
  "text",
] as const satisfies readonly Field[];

const SHOW_WHY = `it must be "all", "hidden", or a list of fields: ${FIELDS.join(", ")}`;

export const RULE: z.ZodMiniType<DisclosureRule> = exactly(
  record("a record of users, networks and show", {
    users: key("The logins that it is about. Default: all.", list("a list of logins", text("a login"))),
    networks: key(
      'The networks of peers that it is for; "local" is for those without an address. Default: all.',
      list("a list of networks", networkOrLocal()),
    ),
    show: needed(
      '"all", "hidden", or the fields that are shown beside the login.',
      z.union([word(["all", "hidden"]), list("a list of fields", word(FIELDS))], SHOW_WHY),
    ),
  }),
);
