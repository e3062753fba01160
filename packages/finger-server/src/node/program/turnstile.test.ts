import { existsSync, mkdtempSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { FingerError } from "finger-protocol";
import type { LookupProvider } from "finger-server";
import { describe, expect, it } from "vitest";
import { ask, eventually, FOLDER, look, open, writeScript } from "../../../../../tests/support/programs.js";
import { createTurnstile } from "../../turnstile.js";
import { commandProvider } from "../command-provider.js";
import type { CommandOptions } from "./options.js";

function shell(body: string, options?: CommandOptions): LookupProvider {
  const argv = [writeScript(body), "--", "{name}"];
  return commandProvider(argv, { cwd: FOLDER, env: { PATH: "/usr/bin:/bin" }, ...options });
}

const busy = () => new FingerError("ERR_FINGER_PROVIDER", "Busy.");

describe("with all places taken", () => {
  /** Each run leaves a file when it begins, and ends when it finds another. */
  function gate(options: CommandOptions) {
    const folder = mkdtempSync(join(FOLDER, "gate-"));
    const provider = shell(
      `touch ${folder}/began-$1; until [ -e ${folder}/go-$1 ]; do sleep 0.01; done; echo $1`,
      options,
    );
    const hasBegun = (name: string) => existsSync(join(folder, `began-${name}`));
    return {
      provider,
      hasBegun,
      begins: (name: string) => eventually(() => hasBegun(name)),
      release: (name: string) => writeFileSync(join(folder, `go-${name}`), ""),
    };
  }

  it("others wait for one to be left, in order", async () => {
    const { provider, hasBegun, begins, release } = gate({ concurrency: 2 });
    const answers = ["a", "b", "c", "d"].map((name) => ask(provider, name));
    await begins("a");
    await begins("b");
    release("b");
    expect(await answers[1]).toBe("b\n");
    await begins("c");
    expect(hasBegun("d")).toBe(false);
    for (const name of ["a", "c", "d"]) release(name);
    expect(await Promise.all(answers)).toEqual(["a\n", "b\n", "c\n", "d\n"]);
  });

  it("one too many is turned away", async () => {
    const { provider, release } = gate({ concurrency: 1, queue: 1 });
    const answers = ["a", "b"].map((name) => ask(provider, name));
    await expect(look(provider, "c")).rejects.toMatchObject({
      code: "ERR_FINGER_PROVIDER",
      message: expect.stringMatching(/busy: 1 programs run, and 1 lookups wait.*concurrency and queue/),
    });
    for (const name of ["a", "b"]) release(name);
    expect(await Promise.all(answers)).toEqual(["a\n", "b\n"]);
  });

  it("who has gone waits no longer", async () => {
    const { provider, hasBegun, release } = gate({ concurrency: 1, queue: 1 });
    const first = ask(provider, "a");
    const controller = new AbortController();
    const second = look(provider, "b", controller.signal);
    const rejects = expect(second).rejects.toMatchObject({ code: "ERR_FINGER_ABORTED" });
    controller.abort();
    await rejects;
    const third = ask(provider, "c");
    for (const name of ["a", "c"]) release(name);
    expect([await first, await third]).toEqual(["a\n", "c\n"]);
    expect(hasBegun("b")).toBe(false);
  });

  it("a place is free again however a run has ended", async () => {
    const provider = shell('case $1 in fail) exit 1;; *) echo "$1";; esac', { concurrency: 1, queue: 1 });
    await expect(look(provider, "fail")).rejects.toThrow("exited with code 1");
    await expect(look(provider, "a", AbortSignal.abort())).rejects.toMatchObject({ code: "ERR_FINGER_ABORTED" });
    await (await open(provider)).return(undefined);
    expect(await ask(provider, "b")).toBe("b\n");
  });
});

it("lets nobody in who has gone already", async () => {
  await expect(createTurnstile(1, 0, busy).enter(AbortSignal.abort())).rejects.toMatchObject({
    code: "ERR_FINGER_ABORTED",
  });
});

it("lets in as many as there is room for, and all others as they came", async () => {
  const actions = fc.array(fc.constantFrom("come", "leave", "give up"));
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 3 }), fc.nat(3), actions, async (room, queue, todo) => {
      const turnstile = createTurnstile(room, queue, busy);
      const inside = new Map<number, () => void>();
      const controllers = new Map<number, AbortController>();
      const expected = { inside: [] as number[], waiting: [] as number[] };
      for (const [number, what] of todo.entries()) {
        if (what === "come") {
          const controller = new AbortController();
          controllers.set(number, controller);
          turnstile.enter(controller.signal).then(
            (leave) => inside.set(number, leave),
            (error) => expect(error).toBeInstanceOf(FingerError),
          );
          if (expected.inside.length < room) expected.inside.push(number);
          else if (expected.waiting.length < queue) expected.waiting.push(number);
        } else if (what === "leave") {
          const first = expected.inside.shift() ?? -1;
          inside.get(first)?.();
          inside.delete(first);
          if (first !== -1) expected.inside.push(...expected.waiting.splice(0, 1));
        } else {
          controllers.get(expected.waiting.pop() ?? -1)?.abort();
        }
        await settle();
        expect([...inside.keys()]).toEqual(expected.inside);
      }
    }),
  );
});

/** Lets every promise that is settled be heard of. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
