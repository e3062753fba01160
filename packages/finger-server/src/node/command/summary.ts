import { NOBODY } from "../../provider.js";
import { formatPlace } from "../address.js";
import type { Application } from "../application/application.js";

/** What an application does, for its log. */
export interface Summary {
  readonly text: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** @example "3 users on 127.0.0.1:79; setter on 127.0.0.1:1079" */
export async function summarize(application: Application): Promise<Summary> {
  const users = await countUsers(application);
  const addresses = application.addresses().map((at) => ({ service: at.service, address: formatPlace(at) }));
  const finger = addresses.filter(({ service }) => service === "finger").map(({ address }) => address);
  const others = addresses.filter(({ service }) => service !== "finger");
  const who = users === undefined ? "finger" : `${users} ${users === 1 ? "user" : "users"}`;
  return {
    text: [`${who} on ${finger.join(", ")}`, ...others.map(({ service, address }) => `${service} on ${address}`)].join(
      "; ",
    ),
    fields: { users, addresses },
  };
}

/** `undefined` where there is no list. */
async function countUsers({ provider }: Application): Promise<number | undefined> {
  const context = { verbose: false, peer: NOBODY, signal: new AbortController().signal };
  return provider.list(context).then(
    (users) => users.length,
    () => undefined,
  );
}
