import { FingerError } from "finger-protocol";
import type { Redis } from "ioredis";

/**
 * Looks whether Redis logs what it is told, as it does not by itself: without, a status that was acknowledged is gone when
 * Redis ends before its next snapshot. Who may not ask, or is not answered, hears nothing.
 *
 * @param place - Where Redis is, for the message.
 */
export async function tellOfForgetting(client: Redis, place: string, onError: (error: unknown) => void): Promise<void> {
  const info = await client.info("persistence").catch(() => "");
  if (!/^aof_enabled:0\r?$/m.test(info)) return;
  const what = `${place} keeps no log: statuses may be lost when it restarts`;
  onError(new FingerError("ERR_FINGER_STORE", `${what}. Set its option appendonly to yes.`));
}
