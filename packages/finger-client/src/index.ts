export { type FingerReply, finger } from "./finger.js";
export { fingerStream } from "./finger-stream.js";
export type { RemoteAddress } from "./node/open-reply.js";
export type { FingerOptions, FingerStreamOptions } from "./options.js";
