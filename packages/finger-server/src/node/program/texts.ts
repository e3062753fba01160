import type { ProgramOutput } from "./output.js";

/**
 * The output as text, read as UTF-8. When there is more of it than `maxBytes` bytes the program is stopped, and a line of
 * its own says that the rest is cut off.
 */
export async function* readTexts(
  output: Pick<ProgramOutput, "next" | "stop">,
  maxBytes: number,
): AsyncGenerator<string, void, undefined> {
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  let left = maxBytes;
  let last = "\n";
  for (let bytes = await output.next(); bytes !== undefined; bytes = await output.next()) {
    // What the cut leaves of a character is not given out.
    const text = decoder.decode(bytes.subarray(0, left), { stream: true });
    last = text || last;
    if (bytes.length > left) {
      output.stop();
      yield `${text}${last.endsWith("\n") ? "" : "\n"}[The rest is cut off: it is longer than ${maxBytes} bytes.]\n`;
      return;
    }
    left -= bytes.length;
    if (text !== "") yield text;
  }
  const rest = decoder.decode();
  if (rest !== "") yield rest;
}
