// Queries: bytes and text
export { encodeQuery, QueryDecoder, type QueryDecoderOptions } from "./query-decoder.js";
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

// Targets: whom to ask
export { FINGER_PORT, type FingerTarget, formatFingerUrl, parseTarget } from "./target.js";

// Records: what is known of a user
export {
  type FingerLogin,
  type FingerMail,
  type FingerSession,
  type FingerUser,
} from "./user.js";
export { type FormatOptions, formatUser, formatUserList } from "./format-user.js";

// Replies: text and bytes
export { decodeReply, ReplyDecoder } from "./decode-reply.js";
export { encodeReply, ReplyEncoder } from "./encode-reply.js";
export { type ParseReplyOptions, parseReply } from "./parse-reply.js";
export { sanitize, type SanitizeOptions } from "./sanitize.js";

// Errors
export { FingerError, type FingerErrorCode } from "./error.js";
