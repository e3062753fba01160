import { createApplication } from "finger-server";
import { expect, it } from "vitest";

it("a service that was added by hand goes on when the application is read anew, and ends with it", async () => {
  const diary: string[] = [];
  const say = (what: string) => async () => void diary.push(what);
  const application = await createApplication({ store: "memory:", listen: 0 });
  await application.start();
  await application.add({ name: "news", start: say("start"), stop: say("stop") });
  await application.reload();
  await application.reload({ store: "memory:", listen: 0, aliases: { me: "alice" } });
  expect([...application].at(-1)?.name).toBe("news");
  expect(diary).toEqual(["start"]);
  await application.stop();
  expect(diary).toEqual(["start", "stop"]);
});
