// The server
export { createFingerServer, type CloseOptions, type FingerServer, type FingerServerOptions } from "./server.js";
export type { Address, ListenOptions } from "./node/tcp.js";
export type { Limits } from "./limits.js";
export type { Texts } from "./texts.js";

// Providers
export type { Answer, LookupContext, LookupProvider, Peer } from "./provider.js";
export { memoryProvider, type MemoryUsers } from "./memory-provider.js";
export { parseUsersFile } from "./users-file.js";
