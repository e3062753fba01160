// What every entry of the package offers.

export { FingerError, type FingerErrorCode, type FingerTarget, type FingerUser } from "finger-protocol";
export type { RemoteAddress, TlsOptions } from "./connection/dial.js";
export type { Connect, StreamConnection } from "./connection/dial-streams.js";
export type { Timing } from "./connection/lookup.js";
export type { FingerReply } from "./finger.js";
export type { ConnectionOptions, FingerOptions, FingerStreamOptions } from "./options.js";
export type { SetStatusOptions } from "./set-status.js";
