import type { LookupProvider } from "../../provider.js";
import type { FingerServer } from "../../server/server.js";
import type { Service } from "../../service/service.js";
import { type Change, createServiceGroup, type ServiceGroup } from "../../service/service-group.js";
import { checkDescription } from "../config/check.js";
import type { ListeningPlace } from "../listen.js";
import type { Tally } from "../metrics/tally.js";
import { createAnswers } from "./answers.js";
import { BEYOND_DRAIN } from "./beyond-drain.js";
import type { ApplicationDescription } from "./description.js";
import type { Fixtures } from "./fixtures.js";
import { type HostOptions, resolveOptions } from "./options.js";
import type { Port } from "./ports.js";
import { buildTree, type Tree } from "./tree.js";

/** An application: services, which are one, and the plain data that they were made of. */
export interface Application extends ServiceGroup {
  /** What it is made of now: as it was given, and as it can be saved. */
  describe(): ApplicationDescription;
  /**
   * Becomes what another description says, while it answers: what is described as before goes on, what is new is started, and
   * what is gone is stopped when it has answered who asked before. What was added by hand goes on. When that cannot be done, all
   * is as before. Then the users and the certificates are read again; where that fails the last good ones stay, and it rejects with
   * the reason.
   *
   * @param description - @default the one it has
   * @throws `FingerError`: `ERR_FINGER_CONFIG` for a wrong description, or what a service rejects with.
   */
  reload(description?: ApplicationDescription): Promise<void>;
  /** All its answers, for another surface to give. Questions wait until it has started. */
  readonly provider: Required<LookupProvider>;
  /** Serves one connection that somebody else opened, as {@link FingerServer.handle} does. */
  readonly handle: FingerServer["handle"];
  /** Where it listens, and for which service. */
  addresses(): ReadonlyArray<ListeningPlace & { readonly service: string }>;
}

/** An application, as the daemon sees it. */
export interface HostedApplication extends Application {
  readonly tally: Tally;
}

/** Makes an application; see {@link createApplication}. */
export async function buildApplication(
  given: ApplicationDescription,
  options: HostOptions,
): Promise<HostedApplication> {
  const passed = options.sockets?.map(({ name }) => name) ?? [];
  const check = (description: ApplicationDescription) => checkDescription(description, "the description", { passed });
  const first = check(given);
  const answers = createAnswers();
  const drain = first.process?.drain ?? 5_000;
  const fixtures: Fixtures = {
    ...resolveOptions(options, () => tree.server.connections()),
    answers,
    beginning: { name: "answers", start: async () => answers.become(await tree.open()), stop: async () => {} },
    setting: { store: undefined, isAllowed: () => false },
    setter: undefined,
    isRunning: () => group.isRunning,
    drain,
  };
  let tree: Tree = await buildTree(first, fixtures);
  tree.commit();
  const group = createServiceGroup("finger-server", tree.services, {
    startTime: START_TIME,
    stopTime: drain + BEYOND_DRAIN,
  });
  let last: Promise<unknown> = Promise.resolve();

  const become = async (description: ApplicationDescription) => {
    const next = await buildTree(description, fixtures, tree);
    try {
      await changeTo(next);
    } catch (error) {
      if (tree !== next) await next.parts.discard(fixtures.onError);
      throw error;
    }
    await tree.refresh();
  };

  const changeTo = async (next: Tree) => {
    const provider = await next.open();
    const { services: before, server } = tree;
    const isDescribed = (service: Service) => before.includes(service);
    const change: Change = (now) => [...next.services, ...now.filter((service) => !isDescribed(service))];
    await group.change(change, async () => {
      tree = next;
      next.commit();
      answers.become(provider);
      // Who was asked for before is answered from what is about to be stopped.
      const isAnyGone = before.some((service) => !next.services.includes(service));
      if (isAnyGone) await Promise.all([server.settle(drain), answers.settle(drain)]);
    });
  };

  return {
    ...group,
    get isRunning() {
      return group.isRunning;
    },
    describe: () => structuredClone(tree.description),
    async reload(description) {
      // One after the other: each begins with what the one before has left.
      const wanted = description && check(description);
      const done = last.then(() => become(wanted ?? tree.description));
      last = done.catch(() => {});
      return done;
    },
    tally: fixtures.tally,
    provider: answers.provider,
    handle: (...connection) => tree.server.handle(...connection),
    addresses: () => [...group].flatMap(toAddresses),
  };
}

/** How long a service may take to start, in milliseconds: a reload that hangs would keep off all others. */
const START_TIME = 30_000;

function toAddresses(service: Service): ReadonlyArray<ListeningPlace & { readonly service: string }> {
  const { address, surface = service.name } = service as Partial<Port>;
  if (address === undefined) return [];
  const { host, port, path } = address;
  return [{ service: surface, host, port, path }];
}
