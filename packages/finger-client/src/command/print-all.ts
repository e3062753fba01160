import { eachByHost } from "./by-host.js";
import type { CommandLine } from "./command-line.js";
import { report } from "./exit-code.js";
import type { CommandIO } from "./io.js";

/**
 * Looks all targets up, those of different hosts at once and those of one host one after the other, and prints their
 * replies in the order given. Resolves to the highest exit code.
 *
 * @param print - Looks one target up and prints its reply, which is loaded already.
 */
export async function printAll(
  line: CommandLine,
  io: CommandIO,
  print: (target: string, line: CommandLine, io: CommandIO) => Promise<number>,
): Promise<number> {
  const lookups = line.targets.map((target) => ({ target, turn: awaitTurn(io) }));
  let worst = 0;
  const inOrder = async () => {
    for (const { turn } of lookups) await turn.come();
  };
  const all = eachByHost(lookups, async ({ target, turn }) => {
    // A fault of one target does not keep the others from being asked.
    const code = await print(target, line, turn.io).catch((error: unknown) => report(error, turn.io));
    worst = Math.max(worst, code);
    turn.finish();
  });
  await Promise.all([inOrder(), all]);
  return worst;
}

/** Streams that hold back what is written to them until their turn comes. */
interface Turn {
  readonly io: CommandIO;
  /** Lets everything out from now on, and resolves when that is all. */
  readonly come: () => Promise<void>;
  readonly finish: () => void;
}

function awaitTurn(io: CommandIO): Turn {
  const held: Array<() => void> = [];
  let isOpen = false;
  let finish = () => {};
  const isFinished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const hold =
    <Text>(write: (text: Text) => void) =>
    (text: Text) => {
      if (isOpen) write(text);
      else held.push(() => write(text));
    };
  const come = () => {
    isOpen = true;
    for (const write of held.splice(0)) write();
    return isFinished;
  };
  return { io: { ...io, out: hold(io.out), err: hold(io.err) }, come, finish };
}
