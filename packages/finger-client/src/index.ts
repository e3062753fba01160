export { type FingerReply, finger } from "./finger.js";
export type { RemoteAddress } from "./node/ask.js";
export type { FingerOptions } from "./options.js";
