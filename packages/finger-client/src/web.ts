// The entry for runtimes without Node: Workers and browsers. Their connections come by the option `connect`.

export * from "./common.js";
export { finger, fingerStream, setStatus } from "./web/finger.js";
