import { fstatSync } from "node:fs";

/** Whether standard error leads to the peer, as inetd(8) has it: nothing of the log is for them. */
export function isPeerOnStderr(): boolean {
  const [input, error] = [fstatSync(0), fstatSync(2)];
  return input.isSocket() && input.ino === error.ino;
}
