import { FINGER_PORT, type RefusalReason } from "finger-protocol";
import { freebsd } from "finger-protocol/freebsd";
import type { FingerServer, FingerServerOptions } from "../../server/server.js";
import type { GivenTexts } from "../../server/texts.js";
import { forwardProvider } from "../forward-provider.js";
import { createFingerServer } from "../server.js";
import { readZoneName } from "../zone-names/read-zone-name.js";
import type { ApplicationDescription, TextsDescription } from "./description.js";
import { type Fixtures, toAudience } from "./fixtures.js";
import type { Parts } from "./parts.js";
import { createSurfaceService, type SurfaceParts, takePorts } from "./ports.js";
import type { People } from "./sources.js";

/** Makes, or keeps, the finger server and its ports. */
export async function takeFinger(
  description: ApplicationDescription,
  { printList }: People,
  parts: Parts,
  fixtures: Fixtures,
): Promise<SurfaceParts & { readonly surface: FingerServer }> {
  const { answers, onError } = fixtures;
  const options: FingerServerOptions = {
    ...toServerOptions(description),
    format: {
      layout: description.layout === "freebsd" ? freebsd : description.layout,
      zoneName: await parts.take("zone name", "", () => readZoneName()),
    },
    list: description.list === false ? false : printList,
    provider: answers.uncounted,
    onQuery: toAudience(description, fixtures).query,
    onError,
  };
  const finger = await parts.take("finger", "", () => {
    const server = createFingerServer(options);
    return { value: server, service: createSurfaceService("finger", server, fixtures.drain) };
  });
  const ports = await takePorts("finger", description.listen ?? FINGER_PORT, finger.value, parts, fixtures);
  return { surface: finger.value, services: [finger.service, ...ports], commit: () => finger.value.update(options) };
}

/** The options of the finger server of an application, without those that are not described. */
function toServerOptions(
  description: ApplicationDescription,
): Omit<FingerServerOptions, "provider" | "list" | "format" | "onError" | "onQuery"> {
  const { forward, ambiguity, limits, texts, log } = description;
  return {
    ambiguity,
    limits,
    texts: texts && toTexts(texts),
    forward: forward && forwardProvider(forward),
    redactEvents: log?.audit === "redacted",
  };
}

/** Fills in what stands between braces. */
function toTexts({ noSuchUser, badQuery, notFinger, cutOff, ...lines }: TextsDescription): GivenTexts {
  return {
    ...lines,
    ...(noSuchUser !== undefined && { noSuchUser: (name: string) => noSuchUser.replaceAll("{name}", () => name) }),
    ...(badQuery !== undefined && {
      badQuery: (reason: RefusalReason) => badQuery.replaceAll("{reason}", () => reason),
    }),
    ...(notFinger !== undefined && {
      notFinger: (protocol: string) => notFinger.replaceAll("{protocol}", () => protocol),
    }),
    ...(cutOff !== undefined && { cutOff: (bytes: number) => cutOff.replaceAll("{bytes}", () => String(bytes)) }),
  };
}
