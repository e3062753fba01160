import type { FingerUser } from "finger-protocol";
import type { Home } from "./home.js";

/** What the files of a home say of its owner. */
export type HomeFields = Pick<
  FingerUser,
  "mailForward" | "pgpKey" | "project" | "plan" | "planAt" | "pronouns" | "timeZone"
>;

/**
 * Reads the files of a home; `null` when it has a `.nofinger`.
 *
 * @throws What the home throws.
 */
export async function readHome(home: Home): Promise<HomeFields | null> {
  if (await home.has(".nofinger")) return null;
  const plan = await home.read(".plan");
  const pgpKey = (await home.read(".pgpkey")) ?? (await home.read(".pubkey"));
  return {
    mailForward: (await home.read(".forward"))?.text,
    pgpKey: pgpKey?.text,
    project: (await home.read(".project"))?.text,
    plan: plan?.text,
    planAt: plan?.changedAt,
    pronouns: toLine((await home.read(".pronouns"))?.text),
    timeZone: toLine((await home.read(".tz"))?.text),
  };
}

/** The first line of a text that is one; a file with nothing in it says nothing. */
function toLine(text = ""): string | undefined {
  const [line = ""] = text.trim().split(/[\r\n]/, 1);
  return line.slice(0, LONGEST_LINE) || undefined;
}

/** Nobody's pronouns, and no time zone, are longer. */
const LONGEST_LINE = 80;
