import type { Account } from "../accounts/account.js";
import { DISK_TURNS, type DiskTurns } from "../disk-turns.js";
import { lookIntoHome } from "./look-into-home.js";

/**
 * Takes as long as it takes to find a `.nofinger` in a home, for one who has neither. It waits for its turn as homes do: while many
 * are looked at, that is most of it.
 */
export async function pretendHome(): Promise<void> {
  const place = `nobody's home ${++homes}`;
  const turns: DiskTurns = { take: (_, ms, work) => DISK_TURNS.take(place, ms, work) };
  // Of disks that hang who asks for their homes is told.
  await lookIntoHome(NOBODY, (home) => home.has(".nofinger"), { turns }).catch(() => false);
}

/** A folder that is always there. */
const NOBODY: Account = { login: "", uid: 0, gid: 0, gecos: "", directory: "/usr", shell: "" };
let homes = 0;
