import cluster from "node:cluster";
import { type LookupContext, type LookupProvider, NOBODY } from "../../provider.js";
import { storeProvider } from "../../store/store-provider.js";
import { fileProvider } from "../file-provider/file-provider.js";
import { createFingerServer } from "../server.js";
import { createSetter } from "../setter.js";
import { byToken } from "../tokens/by-token.js";
import { tokenFile } from "../tokens/token-file.js";
import { storeTokens } from "../tokens/tokens.js";
import { runWorkers } from "../workers/run-workers.js";
import { formatPlace } from "./address-option.js";
import { toUsage, UsageError } from "./exit-code.js";
import { type CommandIO, createOnError } from "./io.js";
import type { CommandLine } from "./options.js";
import { parseStore, type StorePlace } from "./store-option.js";

/** Answers, and sets statuses, until it is told to stop. */
export async function serve(options: CommandLine, io: CommandIO): Promise<void> {
  const onError = createOnError(io);
  const place = toUsage(() => (options.store === undefined ? undefined : parseStore(options.store, onError)));
  assertSense(options, place);
  if (options.workers === 1) {
    await using _ = await start(options, place, onError, io.out);
    return await untilAborted(io.signal);
  }
  const signal = cluster.isWorker ? undefined : io.signal;
  // One of them tells where they all are.
  const tell = (number: number) => (number === 1 ? io.out : () => {});
  await runWorkers(options.workers, ({ number }) => start(options, place, onError, tell(number)), { signal, onError });
}

/** @throws `UsageError` when the options do not go together. */
function assertSense({ users, setter, store, tokens, workers }: CommandLine, place: StorePlace | undefined): void {
  if (users === undefined && store === undefined) {
    throw new UsageError("say who can be asked for with --users FILE, or with --store URL; see --help");
  }
  if (tokens !== undefined && setter === undefined) throw new UsageError("--tokens is for --setter; give its address");
  if (setter !== undefined && store === undefined) {
    throw new UsageError("say where --setter is to keep statuses with --store URL, such as file:statuses");
  }
  if (workers > 1 && place?.isShared === false) {
    throw new UsageError(
      "each of the --workers would have a memory of its own; give them a --store file:FOLDER or redis://HOST",
    );
  }
}

/** Starts everything, in order; what is given is disposed of in reverse. */
async function start(
  { users, tokens, listen, setter, limits }: CommandLine,
  place: StorePlace | undefined,
  onError: (error: unknown) => void,
  out: (text: string) => void,
): Promise<AsyncDisposable> {
  const started = createStack();
  try {
    const accounts = users === undefined ? undefined : started.use(fileProvider(users, { onError }));
    await accounts?.start();
    const store = place === undefined ? undefined : started.use(await place.openStatuses());
    const statuses = store === undefined ? undefined : started.use(storeProvider(store, { accounts, onError }));
    await statuses?.start();
    const provider = (statuses ?? accounts) as LookupProvider;
    const server = started.use(createFingerServer({ provider, limits, onError }));
    const at = await server.listen(listen);
    const count = (await (statuses ?? accounts)?.list?.(UNASKED))?.length ?? 0;
    out(`finger-server: ${count} ${count === 1 ? "user" : "users"} on ${formatPlace(at)}\n`);
    if (setter === undefined || store === undefined || place === undefined) return started;
    const known = tokens === undefined ? storeTokens(started.use(await place.openTokens())) : tokenFile(tokens);
    const writer = started.use(createSetter({ store, accounts, authenticate: byToken(known), onError }));
    out(`finger-server: statuses are set on ${formatPlace(await writer.listen(setter))}\n`);
    return started;
  } catch (error) {
    await started[Symbol.asyncDispose]();
    throw error;
  }
}

/** Nobody asks who there is. */
const UNASKED: LookupContext = { verbose: false, peer: NOBODY, signal: new AbortController().signal };

/** Disposes of what was used, the last first. Node has such a thing from version 24 on. */
function createStack(): AsyncDisposable & { use<T extends AsyncDisposable>(resource: T): T } {
  const resources: AsyncDisposable[] = [];
  return {
    use(resource) {
      resources.push(resource);
      return resource;
    },
    async [Symbol.asyncDispose]() {
      const faults: unknown[] = [];
      for (const resource of resources.splice(0).reverse()) {
        await resource[Symbol.asyncDispose]().then(undefined, (error) => faults.push(error));
      }
      if (faults.length > 0) throw faults[0];
    },
  };
}

async function untilAborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
}
