import { expect, it } from "vitest";
import { type ContentType, decodeBody, parseContentType } from "./decode-body.js";

const TYPES: ReadonlyArray<readonly [value: string | undefined, type: ContentType, why: string]> = [
  [undefined, { type: "", charset: undefined }, "there is none"],
  ["text/plain", { type: "text/plain", charset: undefined }, "no parameters"],
  ["Text/HTML; Charset=UTF-8", { type: "text/html", charset: "UTF-8" }, "in any case"],
  ['text/plain; format=flowed;charset="utf-8"', { type: "text/plain", charset: "utf-8" }, "in quotes, behind another"],
  ["text/plain;", { type: "text/plain", charset: undefined }, "an empty parameter"],
];

it.each(TYPES)("reads %j as %o: %s", (value, type) => {
  expect(parseContentType(value)).toEqual(type);
});

const BODIES: ReadonlyArray<readonly [bytes: number[], charset: string | undefined, text: string, why: string]> = [
  [[0xef, 0xbb, 0xbf, 0xc3, 0xa9], undefined, "é", "UTF-8, without its byte order mark"],
  [[0xff], undefined, "\ufffd", "what is not UTF-8"],
  [[0xe9, 0x80, 0x93], "iso-8859-1", "é€“", "the web's Latin-1 is windows-1252"],
  [[0x81], "windows-1252", "\x81", "what has no character"],
  [[0x82, 0xa0], "Shift_JIS", "あ", "what else the runtime knows"],
];

it.each(BODIES)("decodes %j of %s to %j: %s", (bytes, charset, text) => {
  expect(decodeBody(Uint8Array.from(bytes), charset)).toBe(text);
});

it("fails for a character set that there is not", () => {
  expect(() => decodeBody(new Uint8Array(0), "klingon")).toThrow(
    expect.objectContaining({ code: "ERR_FINGER_PROVIDER" }),
  );
});
