// The parts of the web platform that this package uses, and no others: with `"types": []` in tsconfig.json
// whatever stands neither here nor in ECMAScript fails to compile, `node:` and `Buffer` first of all.

declare class TextEncoder {
  encode(text: string): Uint8Array<ArrayBuffer>;
  encodeInto(text: string, bytes: Uint8Array): { read: number };
}

declare class TextDecoder {
  constructor(label?: string, options?: { fatal?: boolean; ignoreBOM?: boolean });
  decode(bytes?: Uint8Array): string;
}

declare class URL {
  constructor(url: string);
  readonly hostname: string;
}
