import * as z from "zod/mini";
import { isAskable } from "../../../users/login.js";
import type { RouteDescription } from "../../application/description.js";
import { exactly } from "./exactly.js";
import { needed, record } from "./record.js";
import { argv, pageUrl } from "./values.js";

const ROUTE = z.union(
  [
    record("a record with a program, or a page", {
      program: needed(
        'The absolute path of a program, and its arguments, of which one is "{name}", behind a "--".',
        argv(),
      ),
    }),
    record("a record with a program, or a page", {
      page: needed("The URL of a page, with {name} where the name belongs.", pageUrl()),
    }),
  ],
  "it must be a record with a program, or a page",
);

export const ROUTES: z.ZodMiniType<Readonly<Record<string, RouteDescription>>> = exactly(
  z.record(z.string(), ROUTE, "it must be a record with a program, or a page, for each name").check(
    z.check(({ value, issues }) => {
      for (const name of Object.keys(value)) {
        if (isAskable(name) && !name.includes(":")) continue;
        const message = "nobody could ask for this name; choose another, without a colon";
        issues.push({ code: "custom", path: [name], message, input: value[name], continue: true });
      }
    }),
  ),
);
