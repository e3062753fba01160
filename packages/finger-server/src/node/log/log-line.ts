import { escapeJson, escapeLine } from "./escape.js";

/** How important something is, from the least to the most. */
export type LogLevel = "debug" | "info" | "warn" | "error";

/** How lines look. */
export interface LineStyle {
  /** Objects of JSON, or lines for people. */
  readonly format: "human" | "json";
  /** Whether somebody looks on: the time is then short, and that of the place. @default false */
  readonly isTerminal?: boolean | undefined;
}

/** What a line tells. The fields are plain data; an error is in `err`. */
export interface LogEntry {
  readonly time: Date;
  readonly level: LogLevel;
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** Makes what lays out entries: each as one line, with its end, or more that are indented. */
export function createFormat(style: LineStyle): (entry: LogEntry) => string {
  return style.format === "json" ? formatJson : (entry) => formatForPeople(entry, style);
}

/** One object on one line. A field that is called as one of ours has an underscore behind its name. */
function formatJson({ time, level, message, fields }: LogEntry): string {
  const entries = Object.entries(fields).map(([key, value]) => [OURS.has(key) ? `${key}_` : key, value]);
  const own = { time, level, msg: message };
  return `${escapeJson(JSON.stringify(Object.fromEntries([...Object.entries(own), ...entries])))}\n`;
}

const OURS: ReadonlySet<string> = new Set(["time", "level", "msg"]);

function formatForPeople({ time, level, message, fields }: LogEntry, style: LineStyle): string {
  const { err, ...rest } = fields;
  const head = formatHead(time, level, style);
  if (!isError(err)) return `${head} ${[indent(message), ...toPairs(fields)].join("  ")}\n`;
  const text = [indent(explain(message, err)), ...toPairs({ code: err.code, ...rest })].join("  ");
  return `${head} ${[text, ...toFrames(err)].join("\n")}\n`;
}

/**
 * What a line for people begins with.
 *
 * @example formatHead(new Date(0), "warn", { format: "human" }) // "1970-01-01T00:00:00Z warn "
 */
export function formatHead(time: Date, level: LogLevel, { isTerminal = false }: LineStyle): string {
  const clock = isTerminal ? time.toTimeString().slice(0, 8) : `${time.toISOString().slice(0, 19)}Z`;
  return `${clock} ${level.padEnd(5)}`;
}

/** An error as plain data. */
interface PlainError {
  readonly message: string;
  readonly code?: unknown;
  readonly cause?: unknown;
  readonly errors?: unknown;
  readonly stack?: unknown;
}

function isError(value: unknown): value is PlainError {
  return typeof (value as { readonly message?: unknown } | null | undefined)?.message === "string";
}

/** Says why, where that is not said already; what came together stands below each other. */
function explain(message: string, error: PlainError): string {
  let text = message.includes(error.message) ? message : `${message}: ${error.message}`;
  for (let { cause } = error; isError(cause); cause = cause.cause) {
    if (!text.includes(cause.message)) text = `${text.replace(/\.$/, "")}: ${cause.message}`;
  }
  const parts: readonly unknown[] = Array.isArray(error.errors) ? error.errors : [];
  for (const part of parts)
    if (isError(part) && !text.includes(part.message)) text += `\n- ${explain(part.message, part)}`;
  return text;
}

/** More lines than one: what follows cannot be taken for a line of its own. */
function indent(text: string): string {
  return text
    .split("\n")
    .map((line) => escapeLine(line))
    .join("\n  ");
}

/** Where it was thrown, where that is known. */
function toFrames({ stack }: PlainError): readonly string[] {
  const lines = typeof stack === "string" ? stack.split("\n") : [];
  return lines.filter((line) => line.startsWith("    at ")).map((line) => escapeLine(line));
}

/** Fields, as short as can be. */
/** What has parts is for programs. */
function toPairs(fields: Readonly<Record<string, unknown>>): readonly string[] {
  const known = Object.entries(fields).filter(([, value]) => value !== undefined && typeof value !== "object");
  return known.map(([key, value]) => {
    const text = typeof value === "string" && SIMPLE.test(value) ? value : (JSON.stringify(value) ?? "");
    return `${escapeLine(key)}=${escapeJson(text)}`;
  });
}

/** What needs no quotes. */
const SIMPLE = /^[\w.:/@%+-]+$/;
