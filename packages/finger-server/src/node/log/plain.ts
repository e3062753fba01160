/** How much of a value is kept. */
export interface PlainOptions {
  /** Keeps the stacks of errors. @default false */
  readonly stacks?: boolean | undefined;
}

/**
 * Plain data that says of any value what JSON can say. Never throws: what cannot be read is named instead, what is deep is
 * left out, and what is long is cut.
 *
 * @example toPlain(new Error("It broke.")) // { name: "Error", message: "It broke." }
 */
export function toPlain(value: unknown, { stacks = false }: PlainOptions = {}): unknown {
  return read(value, { stacks, inside: [], room: { left: MOST_VALUES } });
}

/** Where the value stands. */
interface Place {
  readonly stacks: boolean;
  /** The objects that it is inside of. */
  readonly inside: readonly object[];
  /** How many more values there may be. */
  readonly room: { left: number };
}

function read(value: unknown, place: Place): unknown {
  if (place.room.left-- <= 0) return "[more]";
  if (typeof value === "string") return cut(value);
  if (typeof value === "bigint") return String(value);
  if (typeof value === "number") return Number.isFinite(value) ? value : String(value);
  if (typeof value !== "object" || value === null) return value;
  if (place.inside.includes(value)) return "[circular]";
  if (place.inside.length >= DEEPEST) return "[deeper]";
  try {
    return readObject(value, { ...place, inside: [...place.inside, value] });
  } catch {
    return UNREADABLE;
  }
}

function readObject(value: object, place: Place): unknown {
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (value instanceof Error) return readError(value, place);
  if (Array.isArray(value)) return readItems(value, place);
  if (value instanceof Set) return readItems([...value], place);
  if (value instanceof Map)
    return Object.fromEntries([...value].map(([key, item]) => [String(key), read(item, place)]));
  const { toJSON } = value as { readonly toJSON?: unknown };
  // A date gives null when there is no such date.
  if (typeof toJSON === "function") return read(toJSON.call(value), place);
  return readProperties(value, Object.keys(value), place);
}

function readItems(items: readonly unknown[], place: Place): readonly unknown[] {
  const shown = items.slice(0, MOST_ITEMS).map((item) => read(item, place));
  return items.length > MOST_ITEMS ? [...shown, `[${items.length - MOST_ITEMS} more]`] : shown;
}

/** What programs match on, what people read, and why. A code tells more than the name of a class. */
function readError(error: Error, place: Place): object {
  const keys = ["code", "message", "cause", "errors", ...(place.stacks ? ["stack"] : [])];
  const known = readProperties(
    error,
    keys.filter((key) => key in error),
    place,
  );
  return typeof (known as { readonly code?: unknown }).code === "string"
    ? known
    : { ...readProperties(error, ["name"], place), ...known };
}

function readProperties(value: object, keys: readonly string[], place: Place): object {
  const entries = keys.slice(0, MOST_ITEMS).map((key) => [cut(key), readProperty(value, key, place)]);
  return Object.fromEntries(entries);
}

function readProperty(value: object, key: string, place: Place): unknown {
  try {
    return read((value as Record<string, unknown>)[key], place);
  } catch {
    return UNREADABLE;
  }
}

function cut(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

const UNREADABLE = "[unreadable]";
const DEEPEST = 8;
const MOST_ITEMS = 100;
const MOST_VALUES = 1000;
/** Characters of a text. */
const LONGEST = 8192;
