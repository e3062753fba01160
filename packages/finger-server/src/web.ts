// The entry for runtimes without Node: Workers and browsers.

export * from "./common.js";
export { createFingerServer } from "./server/server-web.js";
export { createSetter } from "./setter/setter-web.js";
