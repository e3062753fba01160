import { type FingerUser, sanitize } from "finger-protocol";
import type { StoredStatus } from "finger-server";
import { hashText } from "../text/hash.js";
import type { Feed, FeedEntry } from "./feed.js";

/** What a feed is made of. */
export interface FeedSource {
  readonly title: string;
  /** Where the page is that the feed is of, and where the feed is: absolute URLs, or paths. */
  readonly page: string;
  readonly self: string;
  /** Whose the feed is; `undefined` for that of all users. */
  readonly login: string | undefined;
  readonly people: readonly FeedPerson[];
  /** What tells names here from the same ones elsewhere, such as the configured origin: it is in all ids. @default nothing */
  readonly scope?: string | undefined;
  readonly now: Date;
}

/** One user of a feed. */
export interface FeedPerson {
  /** As it is told to the one who asks. */
  readonly user: FingerUser;
  /** The statuses that are kept, the present one included; `undefined` when nobody keeps them. */
  readonly statuses: readonly StoredStatus[] | undefined;
  /** When a text that has no time of its own was seen for the first time. */
  readonly seenAt: (text: string) => Date;
  /** Where the page of the user is. */
  readonly page: string;
}

/**
 * Makes a feed of what users say and plan: the latest first, fifty entries at most. Of who is told to have no status, none of the
 * past is told either: it may be that it is not for the one who asks (RFC 1288 3.2.3).
 */
export function toFeed({ title, page, self, login, people, scope = "", now }: FeedSource): Feed {
  const found = people.flatMap((person) => [...toStatuses(person, now), ...toPlan(person, now)]);
  const entries = latestOf(found.map((event) => toEntry(event, scope)));
  return {
    title: sanitize(title),
    id: toId(scope, "feed", login ?? "", login === undefined ? "all" : "one"),
    page,
    self,
    entries,
    updatedAt: entries[0]?.at ?? new Date(0),
  };
}

/** Something that a user wrote. */
interface Event {
  readonly kind: "status" | "plan";
  readonly person: FeedPerson;
  readonly text: string;
  readonly at: Date;
  /** The time is the text's own, so that the same text at another time is another event. */
  readonly isDated: boolean;
}

function toStatuses(person: FeedPerson, now: Date): readonly Event[] {
  const { status, statusAt } = person.user;
  if (status === undefined) return [];
  const kept = person.statuses ?? [];
  const told = kept.length > 0 ? kept.filter(({ expires }) => !isOver(expires, now)) : [{ text: status, at: statusAt }];
  return told.flatMap(({ text, at }) => toEvent("status", person, text, at, now));
}

function toPlan(person: FeedPerson, now: Date): readonly Event[] {
  return toEvent("plan", person, person.user.plan ?? "", person.user.planAt, now);
}

function toEvent(
  kind: Event["kind"],
  person: FeedPerson,
  written: string,
  at: Date | undefined,
  now: Date,
): readonly Event[] {
  const text = sanitize(written).trim();
  if (text === "") return [];
  // A file can be dated to the next century, and its plan would then stay on top until then.
  const isDated = at !== undefined && at.getTime() <= now.getTime() && at.getTime() >= 0;
  return [{ kind, person, text, at: isDated ? at : person.seenAt(text), isDated }];
}

function isOver(expires: Date | undefined, now: Date): boolean {
  return expires !== undefined && expires.getTime() <= now.getTime();
}

function toEntry({ kind, person, text, at, isDated }: Event, scope: string): FeedEntry {
  const { user, page } = person;
  const name = sanitize(user.name ?? "").trim();
  const author = name === "" ? undefined : name;
  // A plan that was touched is the same plan; a status that was said again is another.
  const time = kind === "status" && isDated ? at.toISOString() : "";
  return {
    id: toId(scope, kind, user.login, time, text),
    login: sanitize(user.login),
    author,
    title: kind === "plan" ? `Plan of ${author ?? sanitize(user.login)}` : toTitle(text),
    text,
    at,
    page,
  };
}

/** The first line, in a length that readers show. */
function toTitle(text: string): string {
  const [line = ""] = text.split("\n", 1);
  const chars = Array.from(line.slice(0, 2 * LONGEST_TITLE + 2));
  if (chars.length <= LONGEST_TITLE) return line.trimEnd();
  const start = chars.slice(0, LONGEST_TITLE - 1).join("");
  return `${start.trimEnd()}…`;
}

/** The latest, each once. */
function latestOf(entries: readonly FeedEntry[]): readonly FeedEntry[] {
  const sorted = entries.toSorted((one, other) => other.at.getTime() - one.at.getTime());
  const byId = new Map<string, FeedEntry>();
  for (const entry of sorted) {
    if (!byId.has(entry.id)) byId.set(entry.id, entry);
    if (byId.size === MOST_ENTRIES) break;
  }
  return [...byId.values()];
}

/** A UUID of our own making (RFC 9562 5.8), the same for the same parts. */
function toId(...parts: readonly string[]): string {
  const hash = hashText(JSON.stringify(parts));
  return `urn:uuid:${[
    hash.slice(0, 8),
    hash.slice(8, 12),
    `8${hash.slice(13, 16)}`, // The version: made as one likes.
    `a${hash.slice(17, 20)}`, // The variant: that of the RFC.
    hash.slice(20),
  ].join("-")}`;
}

const MOST_ENTRIES = 50;
const LONGEST_TITLE = 100;
