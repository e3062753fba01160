/**
 * Makes 32 hexadecimal digits of a text, the same ones of the same text always: for names, such as those of entries in a
 * feed. See {@link hashBytes}.
 */
export function hashText(text: string): string {
  return hashBytes(UTF_8.encode(text));
}

/**
 * Makes 32 hexadecimal digits of bytes: MurmurHash3, of 128 bits in lanes of 32. Others can be made with the same digits by
 * who wants to, so it is for telling apart what comes from one hand, and for no secrets. Unlike a digest of Web Crypto, it is
 * there at once.
 */
export function hashBytes(bytes: Uint8Array): string {
  const lanes = new Int32Array(4);
  const whole = bytes.length - (bytes.length % BLOCK);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at < whole; at += BLOCK) mixBlock(lanes, view, at);
  mixRest(lanes, bytes.subarray(whole));
  return finish(lanes, bytes.length);
}

/** Bytes of a block: a word of 32 bits for each lane. */
const BLOCK = 16;
const FACTORS = [0x239b961b, 0xab0e9789, 0x38b34ae5, 0xa1e38b93] as const;

function mixBlock(lanes: Int32Array, view: DataView, at: number): void {
  let a = lanes[0] ?? 0;
  let b = lanes[1] ?? 0;
  let c = lanes[2] ?? 0;
  let d = lanes[3] ?? 0;
  a = (Math.imul(turn(a ^ scramble(view.getInt32(at, true), 0), 19) + b, 5) + 0x561ccd1b) | 0;
  b = (Math.imul(turn(b ^ scramble(view.getInt32(at + 4, true), 1), 17) + c, 5) + 0x0bcaa747) | 0;
  c = (Math.imul(turn(c ^ scramble(view.getInt32(at + 8, true), 2), 15) + d, 5) + 0x96cd1c35) | 0;
  d = (Math.imul(turn(d ^ scramble(view.getInt32(at + 12, true), 3), 13) + a, 5) + 0x32ac3b17) | 0;
  lanes[0] = a;
  lanes[1] = b;
  lanes[2] = c;
  lanes[3] = d;
}

/** What is left of less than a block; the zeros behind it change nothing. */
function mixRest(lanes: Int32Array, rest: Uint8Array): void {
  const block = new DataView(new ArrayBuffer(BLOCK));
  for (const [index, byte] of rest.entries()) block.setUint8(index, byte);
  for (const lane of LANES) lanes[lane] = (lanes[lane] ?? 0) ^ scramble(block.getInt32(lane * 4, true), lane);
}

function finish(lanes: Int32Array, length: number): string {
  for (const lane of LANES) lanes[lane] = (lanes[lane] ?? 0) ^ length;
  spread(lanes);
  for (const lane of LANES) lanes[lane] = avalanche(lanes[lane] ?? 0);
  spread(lanes);
  return Array.from(lanes, (lane) => (lane >>> 0).toString(16).padStart(8, "0")).join("");
}

/** Puts something of each lane into all. */
function spread(lanes: Int32Array): void {
  const [a = 0, b = 0, c = 0, d = 0] = lanes;
  lanes[0] = a + b + c + d;
  for (const lane of [1, 2, 3] as const) lanes[lane] = (lanes[lane] ?? 0) + (lanes[0] ?? 0);
}

/** Makes each bit of a lane depend on all of its bits. */
function avalanche(lane: number): number {
  let mixed = Math.imul(lane ^ (lane >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}

function scramble(word: number, lane: Lane): number {
  return Math.imul(turn(Math.imul(word, FACTORS[lane]), 15 + lane), FACTORS[((lane + 1) % 4) as Lane]);
}

/** Turns 32 bits to the left. */
function turn(bits: number, by: number): number {
  return (bits << by) | (bits >>> (32 - by));
}

type Lane = 0 | 1 | 2 | 3;
const LANES: readonly Lane[] = [0, 1, 2, 3];
const UTF_8 = new TextEncoder();
