import type { ProgramOutput } from "./output.js";
import { createUtf8Decoder, type OutputDecoder } from "./output-decoder.js";

/**
 * The output as text. When there is more of it than `maxBytes` bytes the program is stopped, and a line of
 * its own says that the rest is cut off.
 */
export async function* readTexts(
  output: Pick<ProgramOutput, "next" | "stop">,
  maxBytes: number,
  decoder: OutputDecoder = createUtf8Decoder(),
): AsyncGenerator<string, void, undefined> {
  let left = maxBytes;
  let last = "\n";
  for (let bytes = await output.next(); bytes !== undefined; bytes = await output.next()) {
    // What the cut leaves of a character is not given out.
    const text = decoder.push(bytes.subarray(0, left));
    last = text || last;
    if (bytes.length > left) {
      output.stop();
      yield `${text}${last.endsWith("\n") ? "" : "\n"}[The rest is cut off: it is longer than ${maxBytes} bytes.]\n`;
      return;
    }
    left -= bytes.length;
    if (text !== "") yield text;
  }
  const rest = decoder.end();
  if (rest !== "") yield rest;
}
