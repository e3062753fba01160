/**
 * Whether an account can be called so. A hyphen in front would be an option of a program, a plus is a line of NIS, a
 * colon ends the field of passwd(5), and a slash leads to another home.
 */
export function isLogin(text: string): boolean {
  return text !== "" && !NO_LOGIN.test(text) && Buffer.byteLength(text) <= MOST_BYTES;
}

/** Half of a surrogate pair is no text, and would become another name when it is written. */
const NO_LOGIN = /^[-+]|[:/\p{Cc}\p{Surrogate}]/u;
/** As many as systems have for the name of anybody. */
const MOST_BYTES = 256;
