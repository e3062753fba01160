/**
 * Splits a text into pieces of at most `room` bytes of UTF-8: at a blank, where there is one in the last third, or
 * else between characters as people see them. Only one that is longer than `room` is itself split, between code
 * points. Blanks at a seam and at the end are left out. Takes linear time.
 *
 * @throws `RangeError` for less room than one code point can need.
 * @example splitText("On the train", 8) // ["On the", "train"]
 */
export function splitText(text: string, room: number): string[] {
  if (!Number.isSafeInteger(room) || room < 4)
    throw new RangeError(`room must be a whole number from 4, and is ${room}.`);
  const pieces: string[] = [];
  for (let start = 0; start < text.length; ) {
    const end = findEnd(text, start, room);
    pieces.push(trimBlanks(text.slice(start, end)));
    start = skipBlanks(text, end);
  }
  return pieces.filter((piece) => piece !== "");
}

/** How many bytes a text has in UTF-8. */
export function countBytes(text: string): number {
  let bytes = 0;
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return bytes;
}

/** Without the blanks at its end. It is a loop, for `/ +$/` takes quadratic time. */
export function trimBlanks(text: string): string {
  let end = text.length;
  while (text[end - 1] === " ") end--;
  return text.slice(0, end);
}

/** Where the next piece begins. An accent may stand on the last of the blanks, which is none then. */
function skipBlanks(text: string, index: number): number {
  let next = index;
  while (text[next] === " ") next++;
  if (next === index) return index;
  const [last] = toGraphemes(text.slice(next - 1, next + 2));
  return last?.segment === " " ? next : next - 1;
}

/** Where the piece ends that begins at `start`. */
function findEnd(text: string, start: number, room: number): number {
  // No piece has more, and the code point behind it tells whether a character goes on.
  const near = text.slice(start, start + room + 2);
  if (countBytes(near) <= room) return start + near.length;
  return start + (findSeam(near, room) || countFitting(near, room));
}

/** Where the last blank or else the last whole character ends that fits; 0 when the first one does not. */
function findSeam(text: string, room: number): number {
  let [bytes, seam, blank] = [0, 0, 0];
  for (const { segment, index } of toGraphemes(text)) {
    if (segment === " " && bytes >= (room * 2) / 3) blank = index;
    bytes += countBytes(segment);
    if (bytes > room) break;
    seam = index + segment.length;
  }
  return blank || seam;
}

/** How much of a text fits when only code points stay whole. */
function countFitting(text: string, room: number): number {
  let [bytes, length] = [0, 0];
  for (const char of text) {
    bytes += countBytes(char);
    if (bytes > room) break;
    length += char.length;
  }
  return length;
}

/** Characters as people see them. */
function toGraphemes(text: string): Intl.Segments {
  segmenter ??= new Intl.Segmenter("en", { granularity: "grapheme" });
  return segmenter.segment(text);
}

/** Made when it is first needed: the rules of Unicode take a while to load. */
let segmenter: Intl.Segmenter | undefined;
