import { FingerError } from "finger-protocol";
import type { Listening, ListenOptions } from "../../server/runtime.js";
import type { Surface } from "../../server/surface.js";
import type { Service } from "../../service/service.js";
import type { AddressDescription } from "./description.js";
import type { Fixtures } from "./fixtures.js";
import type { Parts } from "./parts.js";
import { socketsOf, toPlaces } from "./places.js";

/** A surface with its ports. */
export interface SurfaceParts {
  readonly services: readonly Service[];
  commit(): void;
}

/** A port of a surface: it is open from its preparation on. */
export interface Port extends Service {
  /** What it is a port of. */
  readonly surface: string;
  /** Where it listens; `undefined` while it does not. */
  readonly address: Listening | undefined;
  /** Reads the certificate again, if there is one. */
  reloadTls(): Promise<void>;
}

/** Makes a service of a port. */
function createPort(name: string, of: string, surface: Surface, where: ListenOptions): Port {
  let address: Listening | undefined;
  const open = async () => {
    address ??= await surface.listen(where);
  };
  return {
    name,
    surface: of,
    get address() {
      return address;
    },
    prepare: open,
    start: open,
    async stop() {
      await address?.close();
      address = undefined;
    },
    reloadTls: async () => address?.reloadTls(),
  };
}

/** The surface itself, as a service before its ports: it ends when what was asked is answered. */
export function createSurfaceService(name: string, surface: Surface, drain: number): Service {
  return {
    name,
    start: async () => {},
    async stop(signal) {
      const cut = () => void surface.close({ drain: 0 });
      signal?.addEventListener("abort", cut);
      try {
        await surface.close({ drain: signal?.aborted ? 0 : drain });
      } finally {
        signal?.removeEventListener("abort", cut);
      }
    },
  };
}

/** Makes, or keeps, the ports of a surface: one is the same when it is opened at the same place in the same way. */
export async function takePorts(
  service: string,
  given: AddressDescription | readonly AddressDescription[],
  surface: Surface,
  parts: Parts,
  { sockets, hasPorts }: Fixtures,
): Promise<readonly Service[]> {
  const ports: Service[] = [];
  if (!hasPorts) return ports;
  for (const { name, where, described } of toPlaces(given, socketsOf(service, sockets))) {
    const full = `${service} on ${name}`;
    // One cannot be opened before the other is closed, and it might not come back.
    if (parts.isOther(full, described)) {
      throw new FingerError("ERR_FINGER_CONFIG", `How ${full} is listened on can only be changed by a restart.`);
    }
    ports.push(await parts.take(full, described, () => createPort(full, service, surface, where)));
  }
  return ports;
}
