import type { Peer, UserChange } from "finger-server";
import { Problem } from "../http/problem.js";
import type { ResolvedLimits } from "../limits/limits.js";
import { toPeerKey } from "../limits/peer-key.js";
import { createEventStream, type EventStream } from "./event-stream.js";

/** Tells many streams of events (HTML, 9.2) who has changed. Nobody is watched while nobody listens. */
export interface EventHub {
  /** Begins to open a stream: who asks is still looked at. When the hub is closed meanwhile, the stream is over when it is opened. */
  prepare(): OpenStream;
  /** Ends all streams, those too that are about to be opened. Others may be opened then. */
  close(): void;
}

/**
 * Opens a stream, which its reader leaves by `return()`.
 *
 * @param login - Whose changes it is to tell of. @default everybody's
 * @param lastId - The last event that the reader has heard of before.
 * @throws {@link Problem} 429 or 503 when there are too many.
 */
type OpenStream = (peer: Peer, login: string | undefined, lastId: string | undefined) => AsyncIterable<string>;

/**
 * Makes a hub that nobody listens to.
 *
 * @param watch - Begins to yield who has changed, until the signal is aborted.
 * @param isPublic - Whether anybody may know that there is this user; others are named to those alone who have named them.
 */
export function createEventHub(
  watch: (signal: AbortSignal) => AsyncIterable<UserChange>,
  isPublic: (login: string) => Promise<boolean>,
  { streams: most, streamsPerPeer: mostOfPeer }: ResolvedLimits,
  onError: (error: unknown) => void,
): EventHub {
  /** Those of one user, and those of all. */
  const streams = { ofOne: new Set<EventStream>(), ofAll: new Set<EventStream>() };
  const perPeer = new Map<string, number>();
  const epoch = Math.random().toString(36).slice(2);
  let count = 0;
  let closes = 0;
  let watching: AbortController | undefined;

  const toSet = ({ login }: EventStream) => (login === undefined ? streams.ofAll : streams.ofOne);
  const toSize = () => streams.ofOne.size + streams.ofAll.size;
  const toAll = () => [...streams.ofOne, ...streams.ofAll];
  const toId = () => `${epoch}-${count}`;
  const tell = (login: string | undefined) => {
    count++;
    const id = toId();
    const tellAll = (named: string | undefined) => {
      for (const stream of streams.ofAll) stream.put(named, id);
    };
    for (const stream of streams.ofOne) if (login === undefined || stream.login === login) stream.put(login, id);
    if (login === undefined) tellAll(undefined);
    else if (streams.ofAll.size > 0) void isPublic(login).then((isNamed) => tellAll(isNamed ? login : undefined));
  };

  const follow = async ({ signal }: AbortController) => {
    for (let pause = FIRST_PAUSE; !signal.aborted; pause = Math.min(pause * 2, LONGEST_PAUSE)) {
      try {
        for await (const { login } of watch(signal)) {
          tell(login);
          pause = FIRST_PAUSE;
        }
      } catch (error) {
        if (!signal.aborted) onError(error);
      }
      await wait(pause, signal);
      // Whatever has changed meanwhile was not heard of.
      if (!signal.aborted) tell(undefined);
    }
  };

  const begin = () => {
    if (watching !== undefined) return;
    const controller = new AbortController();
    watching = controller;
    void follow(controller);
    const heart = setInterval(() => {
      for (const stream of toAll()) stream.beat();
    }, HEARTBEAT);
    if (typeof heart === "object") heart.unref();
    controller.signal.addEventListener("abort", () => clearInterval(heart));
  };

  const end = () => {
    watching?.abort();
    watching = undefined;
  };

  const enter = (key: string | undefined) => {
    if (toSize() >= most) throw new Problem(503, "Too many listen for changes; ask again later.", RETRY);
    const open = key === undefined ? 0 : (perPeer.get(key) ?? 0);
    if (open >= mostOfPeer) throw new Problem(429, "You listen for changes too often at a time.", RETRY);
    if (key !== undefined) perPeer.set(key, open + 1);
  };

  const leave = (key: string | undefined, stream: EventStream) => {
    toSet(stream).delete(stream);
    if (toSize() === 0) end();
    const left = key === undefined ? 0 : (perPeer.get(key) ?? 1) - 1;
    if (key !== undefined && left > 0) perPeer.set(key, left);
    else if (key !== undefined) perPeer.delete(key);
  };

  const open: OpenStream = (peer, login, lastId) => {
    const key = toPeerKey(peer);
    enter(key);
    // So that not all come again at once when all were cut off.
    const hello = `retry: ${2000 + Math.floor(Math.random() * 5000)}\nid: ${toId()}\n\n`;
    const stream: EventStream = createEventStream(login, hello, () => leave(key, stream));
    toSet(stream).add(stream);
    begin();
    // It may have missed something.
    if (lastId !== undefined && lastId !== toId()) stream.put(undefined, toId());
    return stream;
  };

  return {
    prepare() {
      const before = closes;
      return (...reader) => (closes === before ? open(...reader) : NOTHING);
    },
    close() {
      closes++;
      for (const stream of toAll()) stream.end();
    },
  };
}

/** A stream that is over. */
const NOTHING: AsyncIterable<string> = {
  [Symbol.asyncIterator]: () => ({ next: async () => ({ value: undefined, done: true }) }),
};

function wait(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    if (typeof timer === "object") timer.unref();
    signal.addEventListener("abort", end);
    if (signal.aborted) end();
  });
}

/** Proxies close a connection that is silent for half a minute. */
const HEARTBEAT = 15_000;
const FIRST_PAUSE = 1000;
const LONGEST_PAUSE = 30_000;
const RETRY = { "retry-after": "30" };
