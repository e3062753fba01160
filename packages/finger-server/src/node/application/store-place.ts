import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { FingerError } from "finger-protocol";
import type { RedisStoreOptions } from "../../redis/options.js";
import { memoryStore } from "../../store/memory-store.js";
import type { StatusStore } from "../../store/status-store.js";
import { quote } from "../../users/mistakes.js";
import { hideLogin } from "../config/hide-passwords.js";
import { fileStore } from "../file-store/file-store.js";
import { isMissingModule } from "../missing-module.js";

/** Opens the parts of one place: of a folder a folder in it, of Redis a prefix. */
export interface StorePlace {
  openStatuses(): Promise<StatusStore>;
  openTokens(): Promise<StatusStore>;
  /** Whether other processes have the same. */
  readonly isShared: boolean;
}

/**
 * Reads the URL of a store: `file:FOLDER`, `redis://…`, `rediss://…` or `memory:`.
 *
 * @throws `RangeError` when it is none of them.
 */
export function parseStore(url: string, onError: (error: unknown) => void): StorePlace {
  if (url === "memory:") {
    const open = async () => memoryStore();
    return { openStatuses: open, openTokens: open, isShared: false };
  }
  const folder = url.startsWith("file:") ? toFolder(url) : undefined;
  if (folder !== undefined) {
    return {
      openStatuses: async () => fileStore(folder, { onError }),
      openTokens: async () => fileStore(join(folder, ".tokens"), { history: 1, onError }),
      isShared: true,
    };
  }
  if (/^rediss?:\/\//.test(url)) {
    return {
      openStatuses: () => openRedis(url, { onError }),
      openTokens: () => openRedis(url, { prefix: "finger:tokens:", history: 1, onError }),
      isShared: true,
    };
  }
  throw new RangeError(`${quote(hideLogin(url))} is no store; write file:FOLDER, redis://HOST, or memory:`);
}

/** `file:FOLDER`, from the working directory, or a URL such as `file:///var/lib/finger`. */
function toFolder(url: string): string | undefined {
  if (url.startsWith("file:///")) return fileURLToPath(url);
  return url.startsWith("file://") || url === "file:" ? undefined : url.slice("file:".length);
}

/** @throws `RangeError` when it is no URL of Redis. */
async function openRedis(url: string, options: RedisStoreOptions): Promise<StatusStore> {
  const { redisStore } = await loadRedis();
  try {
    return redisStore(url, options);
  } catch (error) {
    throw error instanceof TypeError ? new RangeError(error.message) : error;
  }
}

/** ioredis is installed by who needs it. */
async function loadRedis(): Promise<typeof import("./redis.js")> {
  try {
    return await import("./redis.js");
  } catch (cause) {
    if (!isMissingModule(cause)) throw cause;
    const remedy = "install it beside finger-server: npm install ioredis";
    throw new FingerError(
      "ERR_FINGER_STORE",
      `Redis is spoken to by the package ioredis, which is not there; ${remedy}.`,
      {
        cause,
      },
    );
  }
}
