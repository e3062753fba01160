import type { FingerUser } from "../user.js";

/** A record that is being filled in. */
export type Draft = { -readonly [Field in keyof FingerUser]: FingerUser[Field] };

/** Keeps what has no field of its own. */
export function addText(user: Draft, text: string): void {
  if (text.trim() !== "") user.text = user.text === undefined ? text : `${user.text}\n${text}`;
}

/** Tells whether a word could be a login, as most words of prose with their commas and accents could not. */
export function isLogin(word: string | undefined): word is string {
  return word !== undefined && /^\w[\w.-]{0,31}$/.test(word) && /[^\W_]/.test(word);
}
