import { NOBODY } from "../../provider.js";
import { within } from "../../within.js";
import { formatPlace } from "../address.js";
import type { Application } from "../application/application.js";

/** What an application does, for its log. */
export interface Summary {
  readonly text: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** @example "3 users on 127.0.0.1:79; setter on 127.0.0.1:1079" */
export async function summarize(application: Application, signal: AbortSignal): Promise<Summary> {
  const users = await countUsers(application, signal);
  const addresses = application.addresses().map((at) => ({ service: at.service, address: formatPlace(at) }));
  const finger = addresses.filter(({ service }) => service === "finger").map(({ address }) => address);
  const others = addresses.filter(({ service }) => service !== "finger");
  const who = users === undefined ? "finger" : `${users} ${users === 1 ? "user" : "users"}`;
  return {
    text: [`${who} on ${finger.join(", ")}`, ...others.map(({ service, address }) => `${service} on ${address}`)].join(
      "; ",
    ),
    fields: { addresses },
  };
}

/** `undefined` where there is no list, or none soon. */
async function countUsers({ provider }: Application, outer: AbortSignal): Promise<number | undefined> {
  const list = (signal: AbortSignal) => provider.list({ verbose: false, peer: NOBODY, signal });
  return within(PATIENCE, outer, list).then(
    (users) => users.length,
    () => undefined,
  );
}

/** How long the list may take, in milliseconds: nobody is answered late for it, but who waits for readiness waits. */
const PATIENCE = 5_000;
