import { FingerError } from "finger-protocol";
import type { Service } from "../../service/service.js";
import type { Setter, SetterOptions } from "../../setter/setter.js";
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
  { store, accounts }: People,
  parts: Parts,
  fixtures: Fixtures,
): Promise<SurfaceParts & { readonly surface: Setter | undefined }> {
  const { onError, sockets, setting, drain } = fixtures;
  const isPassed = socketsOf("setter", sockets).length > 0;
  const setter = toSetterDescription(description) ?? (isPassed ? { listen: [] } : undefined);
  if (setter === undefined) return NO_SETTER;
  if (store === undefined || description.store === undefined) throw hasNoStore();
  const { tokens, services } = await takeTokens(setter, description.store, parts, onError);
  const options: SetterOptions = {
    store: {
      ...store,
      put: (...status) => (setting.store ?? store).put(...status),
      delete: (...login) => (setting.store ?? store).delete(...login),
    },
    accounts,
    authenticate: (...request) => setting.isAllowed(...request),
    networks: setter.networks,
    limits: setter.limits,
    redactEvents: description.log?.audit === "redacted",
    onSet: toAudience(description, fixtures).set,
    onError,
  };
  // One for all descriptions: workers know the n-th of each other's servers.
  fixtures.setter ??= createSetter(options);
  const { setter: surface } = fixtures;
  const service = await parts.take("setter", "", () => createSurfaceService("setter", surface, drain));
  const ports = await takePorts("setter", setter.listen, surface, parts, fixtures);
  const commit = () => {
    // Where others have accounts, who is on this machine may be any of them.
    const isAllowed = byToken(tokens, { everywhere: Boolean(description.system) });
    // What comes before that has started waits: its privileges may not be dropped yet.
    setting.isAllowed = async (...request) => {
      await fixtures.answers.begun;
      return isAllowed(...request);
    };
    surface.update(options);
  };
  return { surface, services: [...services, service, ...ports], commit };
}

const NO_SETTER: SurfaceParts & { readonly surface: undefined } = {
  surface: undefined,
  services: [],
  commit: () => {},
};

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
