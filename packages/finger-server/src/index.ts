// The server

export type { Limits } from "./limits.js";
export { type MemoryUsers, memoryProvider } from "./memory-provider.js";
export type { Address, ListenOptions } from "./node/tcp.js";
// Providers
export type { Answer, LookupContext, LookupProvider, Peer } from "./provider.js";
export { type CloseOptions, createFingerServer, type FingerServer, type FingerServerOptions } from "./server.js";
export type { Texts } from "./texts.js";
export { parseUsersFile } from "./users-file.js";
