// Queries: bytes and text

// Replies: text and bytes
export { decodeReply, ReplyDecoder } from "./decode-reply.js";
export { encodeReply, ReplyEncoder } from "./encode-reply.js";
// Errors
export { FingerError, type FingerErrorCode } from "./error.js";
export { type FormatOptions, formatUser, formatUserList } from "./format-user.js";
export type { Layout, LayoutSettings } from "./layout/layout.js";
export { type ParseReplyOptions, parseReply } from "./parse-reply.js";
export {
  type FingerQuery,
  type ForwardQuery,
  formatQuery,
  type InvalidQuery,
  type ListQuery,
  parseQuery,
  type QueryOptions,
  type RefusalReason,
  type UserQuery,
  type ValidQuery,
} from "./query.js";
export { encodeQuery, QueryDecoder, type QueryDecoderOptions } from "./query-decoder.js";
export { type SanitizeOptions, sanitize } from "./sanitize.js";
// Targets: whom to ask
export { FINGER_PORT, type FingerTarget, formatFingerUrl, parseTarget } from "./target.js";
// Records: what is known of a user
export type {
  FingerLogin,
  FingerMail,
  FingerSession,
  FingerUser,
} from "./user.js";
