/** Makes text of bytes that come in pieces. */
export interface OutputDecoder {
  push(bytes: Uint8Array): string;
  /** What the last piece broke off in. */
  end(): string;
}

/** Reads UTF-8, and says of what is none that it is not. */
export function createUtf8Decoder(): OutputDecoder {
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  return { push: (bytes) => decoder.decode(bytes, { stream: true }), end: () => decoder.decode() };
}
