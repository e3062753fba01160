import { expect, it } from "vitest";
import { encodeLine, isShort } from "./encode-line.js";

const LINES: ReadonlyArray<readonly [line: string, bytes: number, why: string]> = [
  ["PONG é", 9, "it is as long as its bytes, with its end"],
  [`PONG ${"a".repeat(505)}`, 512, "this is the longest"],
  [`PONG ${"a".repeat(506)}`, 512, "one more is cut"],
  [`PONG ${"a".repeat(504)}é`, 511, "no character is cut in two"],
  [`PONG ${"a".repeat(503)}é`, 512, "one that fits is not cut"],
  [`PONG ${"😀".repeat(9000)}`, 511, "nor is one of four bytes"],
];

it.each(LINES)("makes of %j a line of %i bytes: %s", (line, length) => {
  const bytes = encodeLine(line);
  const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  expect(bytes).toHaveLength(length);
  expect(text.endsWith("\r\n") && line.startsWith(text.slice(0, -2))).toBe(true);
  expect(isShort(line)).toBe(text.slice(0, -2) === line);
});
