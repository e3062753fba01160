import type { FingerUser } from "../user.js";

/** A record that is being filled in. */
export type Draft = { -readonly [Field in keyof FingerUser]: FingerUser[Field] };

/** Keeps what has no field of its own. */
export function addText(user: Draft, text: string): void {
  if (text.trim() !== "") user.text = user.text === undefined ? text : `${user.text}\n${text}`;
}

/** Tells whether a word could be a login, as words of prose with their commas and quotes could not. */
export function isLogin(word: string | undefined): word is string {
  return word !== undefined && /^[\p{L}\p{N}_][\p{L}\p{M}\p{N}_.-]{0,31}$/u.test(word) && /[\p{L}\p{N}]/u.test(word);
}
