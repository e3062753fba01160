import { FingerError } from "finger-protocol";
import type { Service } from "../../service/service.js";
import type { Authenticate } from "../../setter/policy.js";
import type { SetterOptions } from "../../setter/setter.js";
import type { StatusStore } from "../../store/status-store.js";
import { createSetter } from "../setter.js";
import { byToken } from "../tokens/by-token.js";
import { tokenFile } from "../tokens/token-file.js";
import { storeTokens, type Tokens } from "../tokens/tokens.js";
import type { ApplicationDescription, SetterDescription } from "./description.js";
import { type Fixtures, toAudience } from "./fixtures.js";
import type { Parts } from "./parts.js";
import { socketsOf } from "./places.js";
import { createSurfaceService, type SurfaceParts, takePorts } from "./ports.js";
import { openStore, type People } from "./sources.js";
import { parseStore } from "./store-place.js";

/** A setter of which only the address is said has nothing else. */
export function toSetterDescription({ setter }: ApplicationDescription): SetterDescription | undefined {
  if (setter === undefined) return undefined;
  return typeof setter === "object" && "listen" in setter ? setter : { listen: setter };
}

/**
 * Makes, or keeps, the setter and its ports. One whose socket was passed is one, too: who connects there would wait for ever.
 *
 * @throws `FingerError` `ERR_FINGER_CONFIG` when there is nowhere to keep a status.
 */
export async function takeSetter(
  description: ApplicationDescription,
  people: People,
  parts: Parts,
  fixtures: Fixtures,
): Promise<SurfaceParts> {
  const { onError, answers, sockets } = fixtures;
  const isPassed = socketsOf("setter", sockets).length > 0;
  const setter = toSetterDescription(description) ?? (isPassed ? { listen: [] } : undefined);
  if (setter === undefined) return NO_SETTER;
  const { store } = people;
  if (store === undefined || description.store === undefined) throw hasNoStore();
  const { tokens, services } = await takeTokens(setter, description.store, parts, onError);
  const options: SetterOptions = {
    ...toSetterOptions(setter, people, store, tokens, answers.begun),
    redactEvents: description.log?.audit === "redacted",
    onSet: toAudience(description, fixtures).set,
    onError,
  };
  const part = await parts.take("setter", "", () => {
    const surface = createSetter(options);
    return { value: surface, service: createSurfaceService("setter", surface, fixtures.drain) };
  });
  const ports = await takePorts("setter", setter.listen, part.value, parts, fixtures);
  return { services: [...services, part.service, ...ports], commit: () => part.value.update(options) };
}

const NO_SETTER: SurfaceParts = { services: [], commit: () => {} };

function hasNoStore(): FingerError {
  const what = "A socket was passed for the setter, and there is no store for what is set";
  return new FingerError(
    "ERR_FINGER_CONFIG",
    `${what}. Give it a store, such as file:/var/lib/finger, or leave it out.`,
  );
}

/** Makes, or keeps, the tokens of a setter. */
async function takeTokens(
  { tokens: file }: SetterDescription,
  url: string,
  parts: Parts,
  onError: (error: unknown) => void,
): Promise<{ readonly tokens: Tokens; readonly services: readonly Service[] }> {
  if (file !== undefined) return { tokens: tokenFile(file), services: [] };
  const store = await parts.take("tokens", url, () => openStore("tokens", parseStore(url, onError).openTokens()));
  return { tokens: storeTokens(store.value), services: [store.service] };
}

/** The options of the setter of an application. What comes before that has started waits: it may not have its privileges dropped. */
function toSetterOptions(
  { networks, limits }: SetterDescription,
  { accounts }: People,
  store: StatusStore,
  tokens: Tokens,
  begun: Promise<unknown>,
): SetterOptions {
  const isAllowed = byToken(tokens);
  const authenticate: Authenticate = async (...request) => {
    await begun;
    return isAllowed(...request);
  };
  return { store, accounts, authenticate, networks, limits };
}
