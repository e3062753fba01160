import type { FingerHandlerOptions } from "../options.js";
import { DEFAULT_PAGES } from "../pages/default-pages.js";

/**
 * Looks at what a compiler would have looked at, and at what belongs together.
 *
 * @throws `TypeError` when an option is no such thing.
 */
export function assertOptions(options: FingerHandlerOptions): void {
  const { provider, gateway, store, setter, list, ambiguity, links, pages, onError } = options;
  if (typeof provider !== "function") assertMethods("provider", provider, ["lookup"]);
  if (gateway !== undefined && typeof gateway !== "function") assertMethods("gateway", gateway, ["lookup"]);
  if (store !== undefined) assertMethods("store", store, ["get", "history"]);
  if (setter !== undefined) assertMethods("setter", setter, ["set", "delete"]);
  if (setter !== undefined && store === undefined) {
    throw new TypeError("The option setter needs the option store: the store that the setter puts statuses into.");
  }
  if (list !== undefined && typeof list !== "boolean")
    throw new TypeError(`list must be true or false, but is ${show(list)}.`);
  if (ambiguity !== undefined && ambiguity !== "refuse" && ambiguity !== "list") {
    throw new TypeError(`ambiguity must be "refuse" or "list", but is ${show(ambiguity)}.`);
  }
  for (const [name, value] of Object.entries({ links, onError })) {
    if (value !== undefined) assertKind(name, value, "function");
  }
  for (const [name, value] of Object.entries(pages ?? {})) {
    if (!Object.hasOwn(DEFAULT_PAGES, name)) {
      throw new TypeError(`There is no pages.${name}; there are ${Object.keys(DEFAULT_PAGES).join(", ")}.`);
    }
    if (value !== undefined)
      assertKind(`pages.${name}`, value, typeof DEFAULT_PAGES[name as keyof typeof DEFAULT_PAGES]);
  }
}

function assertMethods(option: string, value: unknown, methods: readonly string[]): void {
  const missing = methods.find((method) => typeof Object(value)[method] !== "function");
  if (missing === undefined) return;
  throw new TypeError(`${option} must have a function ${missing}, but is ${show(value)}.`);
}

function assertKind(option: string, value: unknown, kind: string): void {
  if (typeof value !== kind) throw new TypeError(`${option} must be a ${kind}, but is ${show(value)}.`);
}

function show(value: unknown): string {
  return typeof value === "string" ? JSON.stringify(value) : Array.isArray(value) ? "a list" : String(value);
}
