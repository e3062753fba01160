// The entry for Node, and for Bun and Deno, which have its modules too.

export * from "./common.js";
export { finger, fingerStream, setStatus } from "./node/finger.js";
