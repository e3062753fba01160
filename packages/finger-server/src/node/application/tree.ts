import { type LookupProvider, toProvider } from "../../provider.js";
import type { FingerServer } from "../../server/server.js";
import { collectFaults } from "../../service/faults.js";
import type { Service } from "../../service/service.js";
import type { ApplicationDescription } from "./description.js";
import { takeFinger } from "./finger-part.js";
import type { Fixtures } from "./fixtures.js";
import { takeHttp } from "./http-part.js";
import { takeBot } from "./irc-part.js";
import { takeMetrics } from "./metrics-part.js";
import { createParts, type Parts } from "./parts.js";
import { takePlugins } from "./plugin-parts.js";
import type { Port, SurfaceParts } from "./ports.js";
import { takeSetter } from "./setter-part.js";
import { type People, takePeople, takeProvider } from "./sources.js";

/** What came of one description. */
export interface Tree {
  readonly description: ApplicationDescription;
  readonly parts: Parts;
  readonly services: readonly Service[];
  readonly server: FingerServer;
  /** Gives what answers, once its files are read. */
  open(): Promise<LookupProvider>;
  /** Has the surfaces go by it: they are kept. */
  commit(): void;
  /** Reads again what may have changed without the description. What cannot be read stays, and is told when all else is read. */
  refresh(): Promise<void>;
}

/** Makes what a description says, and keeps what is described as before. */
export async function buildTree(description: ApplicationDescription, fixtures: Fixtures, before?: Tree): Promise<Tree> {
  const parts = createParts(before?.parts);
  try {
    return await buildOf(description, fixtures, parts);
  } catch (error) {
    await parts.discard(fixtures.onError);
    throw error;
  }
}

async function buildOf(description: ApplicationDescription, fixtures: Fixtures, parts: Parts): Promise<Tree> {
  const { answers, logger, onError } = fixtures;
  const people = await takePeople(description, parts, onError);
  const context = { provider: answers.provider, store: people.store, logger };
  const plugins = await takePlugins(description, parts, context, fixtures.folder);
  const plugged = plugins.map(({ value }) => value.provider).filter((provider) => provider !== undefined);
  const finger = await takeFinger(description, people, parts, fixtures);
  const others = fixtures.hasPorts ? await takeOthers(description, people, parts, fixtures) : NO_OTHERS;
  const services = [
    ...people.services,
    fixtures.beginning,
    ...finger.services,
    ...others.services,
    ...plugins.map(({ service }) => service),
  ];
  return {
    description,
    parts,
    services,
    server: finger.surface,
    open: () => takeProvider(description, parts, people.provider, plugged.map(toProvider)),
    commit() {
      fixtures.setting.store = people.store;
      finger.commit();
      others.commit();
    },
    async refresh() {
      const ports = services as readonly Partial<Port>[];
      const faults = collectFaults("Not all could be read again");
      for (const again of [people.refresh, ...ports.map(({ reloadTls }) => reloadTls)])
        await again?.().catch(faults.add);
      faults.refuse();
    },
  };
}

/** Makes, or keeps, what answers at other ports than those of finger. */
async function takeOthers(
  description: ApplicationDescription,
  people: People,
  parts: Parts,
  fixtures: Fixtures,
): Promise<SurfaceParts> {
  const setter = await takeSetter(description, people, parts, fixtures);
  const metrics = await takeMetrics(description, parts, fixtures);
  const http = await takeHttp(description, setter.surface, parts, fixtures);
  const bot = await takeBot(description, setter.surface, parts, fixtures);
  return {
    services: [...setter.services, ...metrics, ...http.services, ...bot],
    commit() {
      setter.commit();
      http.commit();
    },
  };
}

const NO_OTHERS: SurfaceParts = { services: [], commit: () => {} };
