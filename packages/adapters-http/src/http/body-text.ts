import { BodyError } from "./http-request.js";

/** A body that arrives in pieces. */
export interface BodyText {
  /** @throws {@link BodyError} when it becomes too long, or is not UTF-8. */
  push(chunk: Uint8Array): void;
  /** The whole. @throws {@link BodyError} when it stops within a character. */
  end(): string;
}

/**
 * Makes one of nothing.
 *
 * @param length - How long it is going to be, as its sender says.
 * @throws {@link BodyError} when that is too long.
 */
export function createBodyText(most: number, length: string | null | undefined): BodyText {
  if (Number(length ?? 0) > most) throw new BodyError("too-long");
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let text = "";
  let size = 0;
  const decode = (chunk?: Uint8Array) => {
    try {
      text += chunk === undefined ? decoder.decode() : decoder.decode(chunk, { stream: true });
    } catch {
      throw new BodyError("not-utf-8");
    }
  };
  return {
    push(chunk) {
      size += chunk.length;
      if (size > most) throw new BodyError("too-long");
      decode(chunk);
    },
    end() {
      decode();
      return text;
    },
  };
}
