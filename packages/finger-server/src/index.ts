// The entry for Node, and for Bun and Deno, which have its modules too.

export * from "./common.js";
export { commandProvider } from "./node/command-provider.js";
export {
  type FileProvider,
  type FileProviderOptions,
  fileProvider,
} from "./node/file-provider/file-provider.js";
export type { ForwardOptions } from "./node/forward/options.js";
export { forwardProvider } from "./node/forward-provider.js";
export type { HostAddress, LookupHost } from "./node/guard.js";
export { inetdConnection } from "./node/inherited.js";
export type { CommandOptions } from "./node/program/options.js";
export { createFingerServer } from "./node/server.js";
export { type ParsePage, type WebOptions, webProvider } from "./node/web-provider.js";
