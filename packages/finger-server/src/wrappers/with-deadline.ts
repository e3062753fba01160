import { type LookupContext, type LookupFunction, type LookupProvider, toProvider } from "../provider.js";
import { within } from "../within.js";
import { closeAnswer } from "./answer-kinds.js";
import { canList, canWatch } from "./offers.js";

/**
 * Gives a provider `ms` milliseconds for an answer or a list, and aborts its signal when they are over. A stream has to
 * begin by then, and may last as long as it likes. The signal of the one who asks is passed on, to streams as well.
 * Changes are passed on.
 *
 * @throws `RangeError` when `ms` is no positive number. The lookups reject with `FingerError` `ERR_FINGER_TIMEOUT` when
 * the time is over, and `ERR_FINGER_ABORTED` when the one who asked has gone.
 *
 * @example
 * ```ts
 * const slow = withDeadline(() => new Promise<string>(() => {}), 5);
 * const context = { verbose: false, peer: { address: undefined, port: undefined }, signal: new AbortController().signal };
 * await slow.lookup("alice", context).catch((error) => error.code); // "ERR_FINGER_TIMEOUT"
 * ```
 */
export function withDeadline(source: LookupProvider | LookupFunction, ms: number): LookupProvider {
  if (!(ms > 0)) throw new RangeError(`The deadline must be a positive number of milliseconds, but is ${String(ms)}.`);
  const provider = toProvider(source);
  return {
    lookup: (name, context) =>
      within(ms, context.signal, async (deadline) => {
        const answer = await provider.lookup(name, toInner(context, deadline));
        if (deadline.aborted) await closeAnswer(answer);
        return answer;
      }),
    ...(canList(provider) && {
      list: (context: LookupContext) =>
        within(ms, context.signal, (deadline) => provider.list(toInner(context, deadline))),
    }),
    ...(canWatch(provider) && { watch: (signal: AbortSignal) => provider.watch(signal) }),
  };
}

/** The deadline is over once there is an answer; a stream is still to hear that its reader has gone. */
function toInner({ verbose, peer, signal }: LookupContext, deadline: AbortSignal): LookupContext {
  return { verbose, peer, signal: AbortSignal.any([deadline, signal]) };
}
