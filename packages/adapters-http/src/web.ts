// The entry for runtimes without Node: Workers and browsers.

export * from "./common.js";
