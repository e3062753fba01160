// What every entry of the package offers, on any runtime with web standards.

export { memoryPair, type StreamPair } from "./exchange/streams.js";
// Services
export type { Logger, Tell } from "./logger.js";
// Providers
export { type MemoryUsers, memoryProvider } from "./memory-provider.js";
export type { Answer, LookupContext, LookupFunction, LookupProvider, Peer, UserChange } from "./provider.js";
export type { ListFunction } from "./server/answer.js";
// The server
export { type Outcome, QUERY_CHANNEL, type QueryEvent } from "./server/audit.js";
export type { Limits } from "./server/limits.js";
export type { Respond, RespondOptions } from "./server/respond.js";
export type { Listening, ListenOptions, NodeDuplex } from "./server/runtime.js";
export type { FingerServer, FingerServerOptions } from "./server/server.js";
export type { CloseOptions } from "./server/surface.js";
export type { GivenTexts, OtherProtocol, Texts } from "./server/texts.js";
export type { Service } from "./service/service.js";
export {
  type Change,
  createServiceGroup,
  type ServiceGroup,
  type ServiceGroupOptions,
} from "./service/service-group.js";
// The setter, and where statuses are kept
export type { Authenticate } from "./setter/policy.js";
export { SET_CHANNEL, type SetEvent, type SetOutcome } from "./setter/set.js";
export type { DeleteRequest, SetRequest } from "./setter/set-request.js";
export type { Setter, SetterOptions } from "./setter/setter.js";
export type { SetterLimits } from "./setter/setter-limits.js";
export { memoryStore } from "./store/memory-store.js";
export type {
  DeleteOptions,
  HistoryOptions,
  PutOptions,
  StatusNotice,
  StatusStore,
  StoredStatus,
} from "./store/status-store.js";
export { type StoreProvider, type StoreProviderOptions, storeProvider } from "./store/store-provider.js";
export { parseUsersFile } from "./users/users-file.js";
// Wrappers: providers made of providers
export { type AliasTable, alias } from "./wrappers/alias.js";
export { type CachedProvider, type CacheOptions, cached } from "./wrappers/cached.js";
export type { DiscloseFunction, Disclosure, DisclosureRule, Field } from "./wrappers/disclosure.js";
export { firstOf } from "./wrappers/first-of.js";
export { merge } from "./wrappers/merge.js";
export { parseAliases } from "./wrappers/parse-aliases.js";
export { redact } from "./wrappers/redact.js";
export { type RouteOptions, route } from "./wrappers/route.js";
export { withDeadline } from "./wrappers/with-deadline.js";
