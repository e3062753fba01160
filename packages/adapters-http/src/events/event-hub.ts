import type { Peer, UserChange } from "finger-server";
import { Problem } from "../http/problem.js";
import type { ResolvedLimits } from "../limits/limits.js";
import { toPeerKey } from "../limits/peer-key.js";
import { createEventStream, type EventStream } from "./event-stream.js";

/** Tells many streams of events (HTML, 9.2) who has changed. Nobody is watched while nobody listens. */
export interface EventHub {
  /**
   * Opens a stream, which its reader leaves by `return()`.
   *
   * @param login - Whose changes it is to tell of. @default everybody's
   * @param lastId - The last event that the reader has heard of before.
   * @throws {@link Problem} 429 or 503 when there are too many.
   */
  open(peer: Peer, login: string | undefined, lastId: string | undefined): AsyncIterable<string>;
  /** Ends all streams. It may be opened again. */
  close(): void;
}

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
  const streams = new Set<EventStream>();
  const perPeer = new Map<string, number>();
  const epoch = Math.random().toString(36).slice(2);
  let count = 0;
  let watching: AbortController | undefined;

  const toId = () => `${epoch}-${count}`;
  const tell = (login: string | undefined) => {
    count++;
    const id = toId();
    const put = (isFor: (stream: EventStream) => boolean, named: string | undefined) => {
      for (const stream of streams) if (isFor(stream)) stream.put(named, id);
    };
    if (login === undefined) return put(() => true, undefined);
    put((stream) => stream.login === login, login);
    if ([...streams].some(isOfAll)) void isPublic(login).then((isNamed) => put(isOfAll, isNamed ? login : undefined));
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
      for (const stream of streams) stream.beat();
    }, HEARTBEAT);
    if (typeof heart === "object") heart.unref();
    controller.signal.addEventListener("abort", () => clearInterval(heart));
  };

  const end = () => {
    watching?.abort();
    watching = undefined;
  };

  const enter = (key: string | undefined) => {
    if (streams.size >= most) throw new Problem(503, "Too many listen for changes; ask again later.", RETRY);
    const open = key === undefined ? 0 : (perPeer.get(key) ?? 0);
    if (open >= mostOfPeer) throw new Problem(429, "You listen for changes too often at a time.", RETRY);
    if (key !== undefined) perPeer.set(key, open + 1);
  };

  const leave = (key: string | undefined, stream: EventStream) => {
    streams.delete(stream);
    if (streams.size === 0) end();
    const left = key === undefined ? 0 : (perPeer.get(key) ?? 1) - 1;
    if (key !== undefined && left > 0) perPeer.set(key, left);
    else if (key !== undefined) perPeer.delete(key);
  };

  return {
    open(peer, login, lastId) {
      const key = toPeerKey(peer);
      enter(key);
      // So that not all come again at once when all were cut off.
      const hello = `retry: ${2000 + Math.floor(Math.random() * 5000)}\nid: ${toId()}\n\n`;
      const stream: EventStream = createEventStream(login, hello, () => leave(key, stream));
      streams.add(stream);
      begin();
      // It may have missed something.
      if (lastId !== undefined && lastId !== toId()) stream.put(undefined, toId());
      return stream;
    },
    close() {
      for (const stream of streams) stream.end();
    },
  };
}

function isOfAll({ login }: EventStream): boolean {
  return login === undefined;
}

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
