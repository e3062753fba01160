import type { Identity } from "./identity.js";
import { toCode, toProcessError } from "./process-error.js";
import { doubtGroups, doubtIds, findDoubts, findWitness } from "./proof.js";

/**
 * Makes this process somebody else for good, and proves it. When this rejects it may be anybody, and has to end.
 *
 * @throws `FingerError` `ERR_FINGER_PROCESS` when the process is not root, or when anything is not as it should be afterwards.
 */
export async function dropPrivileges(identity: Identity): Promise<void> {
  const { uid, gid } = identity;
  if (isOurs(identity)) return;
  if (process.getuid?.() !== 0) {
    const wish = `This process cannot become ${describe(identity)}`;
    throw toProcessError(
      `${wish}: only root can. Start it as root, or as that user and without the options user and group.`,
      Object.assign(new Error("not permitted"), { code: "EPERM" }),
    );
  }
  if (uid === 0) throw toProcessError(`Root with the group ${gid} is root. Choose another user.`);
  const witness = await findWitness();
  become(identity);
  const doubts = await findDoubts(identity, witness);
  if (doubts.length > 0) throw toProcessError(`The process is not wholly ${describe(identity)}: ${doubts.join("; ")}.`);
}

/** Whether the process is that already, and in no group that makes it more. */
function isOurs(identity: Identity): boolean {
  return doubtIds(identity).length === 0 && doubtGroups(identity).length === 0;
}

/** The groups come first, for only root can change them. */
function become(identity: Identity): void {
  const { uid, gid, name } = identity;
  try {
    if (name === undefined) process.setgroups?.([gid]);
    else initGroups(name, gid);
    process.setgid?.(gid);
    process.setuid?.(uid);
  } catch (cause) {
    const remedy = REMEDIES[toCode(cause) ?? ""] ?? "";
    throw toProcessError(
      `This process cannot become ${describe(identity)}: ${(cause as Error).message}.${remedy}`,
      cause,
    );
  }
}

/** The types of Node leave it out. */
function initGroups(name: string, gid: number): void {
  (process as { initgroups?: (user: string, group: number) => void }).initgroups?.(name, gid);
}

function describe({ uid, gid, name = "without a name" }: Identity): string {
  return `user ${uid} (${name}) of group ${gid}`;
}

const REMEDIES: Readonly<Record<string, string>> = {
  EPERM: " It is root, but lacks the capabilities CAP_SETUID and CAP_SETGID.",
  ERR_INVALID_STATE: " Start it with UV_USE_IO_URING=0 in its environment.",
};
