// The entry for Node, and for Bun and Deno, which have its modules too.

export * from "./common.js";
export type { Application } from "./node/application/application.js";
export { createApplication } from "./node/application/create-application.js";
export type {
  AddressDescription,
  ApplicationDescription,
  ForwardDescription,
  HttpDescription,
  HttpLimitsDescription,
  IrcAccountDescription,
  IrcDescription,
  IrcLimitsDescription,
  LogDescription,
  PlaceDescription,
  PluginDescription,
  ProcessDescription,
  ProgramsDescription,
  RouteDescription,
  SetterDescription,
  SystemDescription,
  TextsDescription,
} from "./node/application/description.js";
export type { ApplicationOptions, Audience } from "./node/application/options.js";
export type { PassedSocket } from "./node/application/places.js";
export type { Plugin, PluginContext, PluginParts } from "./node/application/plugin.js";
export { loadApplication, type PersistenceOptions, saveApplication } from "./node/application/save-application.js";
export { commandProvider } from "./node/command-provider.js";
export {
  type FileProvider,
  type FileProviderOptions,
  fileProvider,
} from "./node/file-provider/file-provider.js";
export { type FileStoreOptions, fileStore } from "./node/file-store/file-store.js";
export type { ForwardOptions } from "./node/forward/options.js";
export { forwardProvider } from "./node/forward-provider.js";
export type { HostAddress, LookupHost } from "./node/guard.js";
export { inetdConnection } from "./node/inherited.js";
export type { ListeningPlace } from "./node/listen.js";
export type { CommandOptions } from "./node/program/options.js";
export { createFingerServer } from "./node/server.js";
export { createSetter } from "./node/setter.js";
export {
  type SystemOptions,
  type SystemPlaces,
  type SystemPrograms,
  type SystemProvider,
  systemProvider,
} from "./node/system/system-provider.js";
export { byToken, type TokenRules } from "./node/tokens/by-token.js";
export { tokenFile } from "./node/tokens/token-file.js";
export { storeTokens, type Tokens } from "./node/tokens/tokens.js";
export { type ParsePage, type WebOptions, webProvider } from "./node/web-provider.js";
export { runWorkers, type WorkersOptions } from "./node/workers/run-workers.js";
export type { Serve, WorkerPlace } from "./node/workers/serve.js";
